"""Close dates that move later: pushes, which of them count, and slips out of the quarter. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from alignment.rules.periods import quarter_of
from deals.rules.changes import Change, parse_day, select_while_open, sort_changes

SMALL_PUSH_DAYS = 3
PUSHES_UNTIL_UNRELIABLE = 3


@dataclass(frozen=True, slots=True)
class Push:
    """A close date moved later. Only one that `counts` makes the date less reliable."""

    day: date
    old: date
    new: date
    days: int
    reason: str
    counts: bool


def pushes(changes: Iterable[Change], *, first_month: int) -> tuple[Push, ...]:
    """Every move of an open deal to a later date, oldest first. `first_month` starts the fiscal year."""
    result = []
    for change in select_while_open(changes, "close_date"):
        old, new = parse_day(change.old), parse_day(change.new)
        if old is not None and new is not None and new > old:
            counts = push_counts(old, new, first_month=first_month)
            result.append(Push(change.day, old, new, (new - old).days, change.reason, counts))
    return tuple(result)


def push_counts(old: date, new: date, *, first_month: int) -> bool:
    """Moved later by more than 3 days, or past the end of the fiscal quarter: this needs a reason."""
    return (new - old).days > SMALL_PUSH_DAYS or slipped(old, new, first_month=first_month)


def slipped(old: date, new: date, *, first_month: int) -> bool:
    """Moved past the end of the fiscal quarter it was promised in."""
    return new > quarter_of(old, first_month=first_month).end


def is_date_unreliable(pushes: Iterable[Push]) -> bool:
    """From the third push that counts, the close date should not be relied on."""
    return sum(push.counts for push in pushes) >= PUSHES_UNTIL_UNRELIABLE


def stated_dates(changes: Iterable[Change], *, current: date | None) -> tuple[date, ...]:
    """Every close date the deal ever had, oldest first, ending with the `current` one if there is one."""
    trail: list[date | None] = []
    for change in sort_changes(changes):
        if change.field == "close_date":
            trail += (parse_day(change.old), parse_day(change.new))
    trail.append(current)
    known = [day for day in trail if day is not None]
    return tuple(day for index, day in enumerate(known) if index == 0 or day != known[index - 1])


def unexplained_push(changes: Iterable[Change], *, first_month: int) -> Push | None:
    """The net move of a date over these changes of an open deal, if it counts and the last one has no reason.

    A date that went out and came back was not pushed; several pushes in between are one.
    """
    moves = [change for change in sort_changes(changes) if change.field == "close_date"]
    if not moves or moves[-1].reason or moves[-1].reason_kind:
        return None
    old, new = parse_day(moves[0].old), parse_day(moves[-1].new)
    if old is None or new is None or new <= old or not push_counts(old, new, first_month=first_month):
        return None
    return Push(moves[-1].day, old, new, (new - old).days, "", counts=True)
