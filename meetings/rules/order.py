"""The order of a team's meetings is that in which they take place, and a move keeps it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime


def find_passed(start: datetime, to: datetime, others: Iterable[datetime]) -> datetime | None:
    """The nearest of the other starts that a move from `start` to `to` would reach or pass."""
    first, last = min(start, to), max(start, to)
    passed = (other for other in others if first <= other <= last)
    return min(passed, key=lambda other: abs(other - start), default=None)
