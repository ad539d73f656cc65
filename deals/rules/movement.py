"""What happened to a deal since a day: new, won, lost, moved, resized. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from deals.rules.changes import CLOSED, Change, parse_day, sort_changes


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


def movement(changes: Iterable[Change], *, since: date, created_on: date | None) -> Movement:
    """The net effect of everything learned after `since` (what was learned on that day is known already)."""
    recent = [change for change in sort_changes(changes) if change.day > since]
    status = _net_value(recent, "status")
    days = 0 if status in CLOSED else _days_moved(recent)
    amount = _amount_moved(recent)
    applies = {
        Kind.NEW: created_on is not None and created_on > since,
        Kind.WON: status == "won",
        Kind.LOST: status == "lost",
        Kind.PULLED_IN: days < 0,
        Kind.PUSHED_OUT: days > 0,
        Kind.AMOUNT_UP: amount > 0,
        Kind.AMOUNT_DOWN: amount < 0,
    }
    return Movement(kinds=tuple(kind for kind in Kind if applies[kind]), days=days, amount=amount)


def _first_and_last(changes: list[Change], field: str) -> tuple[str, str]:
    """The first old and the last new value."""
    of_field = [change for change in changes if change.field == field]
    return (of_field[0].old, of_field[-1].new) if of_field else ("", "")


def _net_value(changes: list[Change], field: str) -> str:
    """The last new value, or "" when it ended where it began."""
    old, new = _first_and_last(changes, field)
    return new if new != old else ""


def _days_moved(changes: list[Change]) -> int:
    old, new = map(parse_day, _first_and_last(changes, "close_date"))
    return (new - old).days if old and new else 0


def _amount_moved(changes: list[Change]) -> Decimal:
    old, new = _first_and_last(changes, "amount")
    return Decimal(new) - Decimal(old) if old and new else Decimal(0)
