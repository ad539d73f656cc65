"""What became of a deal's promises: changes, pushes, slips. Pure.

Inside a Change dates are ISO text and amounts plain decimal text, as the change log keeps them; "" is
unknown. Changes of one day count in the order given. Once a deal is won or lost its close date is a fact
and no promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from alignment.periods import quarter_of

SMALL_PUSH_DAYS = 3
PUSHES_TO_FICTION = 3
CLOSED = frozenset({"won", "lost"})


@dataclass(frozen=True, slots=True)
class Change:
    """`field` is "stage", "status", "amount", "close_date" or "owner"; `day` is when it was learned."""

    field: str
    old: str
    new: str
    day: date
    reason: str = ""


class Kind(StrEnum):
    NEW = "new"
    WON = "won"
    LOST = "lost"
    PULLED_IN = "pulled_in"
    PUSHED_OUT = "pushed_out"
    AMOUNT_UP = "amount_up"
    AMOUNT_DOWN = "amount_down"


@dataclass(frozen=True, slots=True)
class Movement:
    """What happened to one deal since a day; false when nothing did."""

    kinds: tuple[Kind, ...] = ()
    days: int = 0
    """Net days the close date moved: later is positive."""
    amount: Decimal = Decimal(0)
    """Net change of the amount."""

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def __contains__(self, kind: object) -> bool:
        return kind in self.kinds


@dataclass(frozen=True, slots=True)
class Push:
    """A close date moved later. Only one that `counts` makes the date less believable."""

    day: date
    old: date
    new: date
    days: int
    reason: str
    counts: bool


def movement(changes: Iterable[Change], *, since: date, created_on: date | None) -> Movement:
    """The net effect of everything learned after `since` (that day itself is already known)."""
    fresh = [change for change in _in_order(changes) if change.day > since]
    status = _net(fresh, "status")
    days = 0 if status in CLOSED else _days_moved(fresh)
    amount = _amount_moved(fresh)
    said = {
        Kind.NEW: created_on is not None and created_on > since,
        Kind.WON: status == "won",
        Kind.LOST: status == "lost",
        Kind.PULLED_IN: days < 0,
        Kind.PUSHED_OUT: days > 0,
        Kind.AMOUNT_UP: amount > 0,
        Kind.AMOUNT_DOWN: amount < 0,
    }
    return Movement(kinds=tuple(kind for kind, so in said.items() if so), days=days, amount=amount)


def promised_dates(changes: Iterable[Change], *, current: date | None) -> tuple[date, ...]:
    """Every close date the deal ever had, oldest first, ending with the `current` one if there is one."""
    trail: list[date | None] = []
    for change in _of(changes, "close_date"):
        trail += (_day(change.old), _day(change.new))
    trail.append(current)
    known = [day for day in trail if day is not None]
    return tuple(day for place, day in enumerate(known) if place == 0 or day != known[place - 1])


def pushes(changes: Iterable[Change], *, first_month: int) -> tuple[Push, ...]:
    """Every move of an open deal to a later date, oldest first.

    One of up to 3 days inside the fiscal quarter does not count.
    """
    found = []
    for change in _while_open(changes, "close_date"):
        old, new = _day(change.old), _day(change.new)
        if old is not None and new is not None and new > old:
            days = (new - old).days
            counts = days > SMALL_PUSH_DAYS or slipped(old, new, first_month=first_month)
            found.append(Push(change.day, old, new, days, change.reason, counts))
    return tuple(found)


def date_is_fiction(found: Iterable[Push]) -> bool:
    """From the third counted push on, nobody should believe the date."""
    return sum(push.counts for push in found) >= PUSHES_TO_FICTION


def slipped(old: date, new: date, *, first_month: int) -> bool:
    """Moved past the end of the fiscal quarter it was promised in."""
    return new > quarter_of(old, first_month=first_month).end


def _in_order(changes: Iterable[Change]) -> list[Change]:
    return sorted(changes, key=lambda change: change.day)


def _while_open(changes: Iterable[Change], field: str) -> Iterator[Change]:
    status = ""
    for change in _in_order(changes):
        if change.field == "status":
            status = change.new
        elif change.field == field and status not in CLOSED:
            yield change


def _of(changes: Iterable[Change], field: str) -> list[Change]:
    return [change for change in _in_order(changes) if change.field == field]


def _ends(changes: list[Change], field: str) -> tuple[str, str]:
    """The first old and the last new value."""
    of_field = [change for change in changes if change.field == field]
    return (of_field[0].old, of_field[-1].new) if of_field else ("", "")


def _net(changes: list[Change], field: str) -> str:
    """The last new value, or "" when it ended where it began."""
    old, new = _ends(changes, field)
    return new if new != old else ""


def _days_moved(changes: list[Change]) -> int:
    old, new = map(_day, _ends(changes, "close_date"))
    return (new - old).days if old and new else 0


def _amount_moved(changes: list[Change]) -> Decimal:
    old, new = _ends(changes, "amount")
    return Decimal(new) - Decimal(old) if old and new else Decimal(0)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
