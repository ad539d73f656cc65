"""What happened to a deal since the last meeting, in words for the margin."""

from __future__ import annotations

from collections.abc import Iterator

from alignment.rules.money import compact
from deals.models import Deal
from deals.rules.movement import Movement
from meetings.agenda.values import Mark

TIMES = {2: ", second time", 3: ", third time", 4: ", fourth time", 5: ", fifth time"}
ENDED = {
    Deal.Status.WON.value: Mark("won", "good"),
    Deal.Status.LOST.value: Mark("lost", "bad"),
    Deal.Status.WITHDRAWN.value: Mark("withdrawn", "warn"),
}


def marks_of(deal: Deal, movement: Movement, pushes: int, currency: str, *, fiction: bool) -> Iterator[Mark]:
    """`pushes` are those that count; `fiction`: its date is not to be relied on."""
    kinds = movement.kinds
    if ended := ENDED.get(deal.status):
        yield ended
    elif "new" in kinds:
        yield Mark("new")
    if "pushed_out" in kinds:
        yield Mark(f"pushed {span(movement.days)}{_times(pushes)}", "bad")
    if "pulled_in" in kinds:
        yield Mark(f"pulled in {span(-movement.days)}", "good")
    if "amount_up" in kinds or "amount_down" in kinds:
        amount = compact(movement.amount, currency=currency, locale="en", signed=True)
        yield Mark(amount, "good" if movement.amount > 0 else "warn")
    if fiction and "pushed_out" not in kinds:
        yield Mark(f"pushed {pushes} times", "bad")


def span(days: int) -> str:
    """A number of days in words; from two weeks on in weeks."""
    if days < 14:
        return "1 day" if days == 1 else f"{days} days"
    return f"{round(days / 7)} weeks"


def _times(count: int) -> str:
    return TIMES.get(count, f", {count} times" if count > max(TIMES) else "")
