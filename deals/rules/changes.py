"""The changes of a deal in the order they were learned. Pure.

Inside a Change, dates are ISO text and amounts plain decimal text, as the change log stores them; "" is
unknown. Changes of one day count in the order given. Once a deal is won, lost or
withdrawn, its close date is no longer a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

CLOSED = frozenset({"won", "lost", "withdrawn"})
"""What a deal's status is once nothing is planned for it any more."""
FIRST_SIGHT = "seen"
"""The change that says when a deal came to be known: it has no values."""


class Change(NamedTuple):
    """`field` is one that a deal tracks, or FIRST_SIGHT; `day` is when it was learned."""

    field: str
    old: str
    new: str
    day: date
    reason: str = ""
    reason_kind: str = ""


def sort_changes(changes: Iterable[Change]) -> list[Change]:
    """The oldest first."""
    return sorted(changes, key=lambda change: change.day)


def select_while_open(changes: Iterable[Change], field: str) -> Iterator[Change]:
    """The changes of `field` made while the deal was open, oldest first."""
    status = ""
    for change in sort_changes(changes):
        if change.field == "status":
            status = change.new
        elif change.field == field and status not in CLOSED:
            yield change


def parse_day(text: str) -> date | None:
    """The day that a change writes as ISO text; None for an unknown one."""
    return date.fromisoformat(text) if text else None
