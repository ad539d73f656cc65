"""When a start is early or late, and when a meeting that was left open is closed. Pure; results are in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EARLY = timedelta(hours=12)
"""Starting a meeting longer than this before its time counts as moving it, and is confirmed first."""
TOLERANCE = timedelta(minutes=5)
"""A meeting that starts no later than this after its time started on time."""


def minutes_late(starts_at: datetime, started_at: datetime | None) -> int:
    """Whole minutes it started late; 0 within the tolerance, and for a meeting that was never started."""
    late = started_at - starts_at if started_at else timedelta()
    return int(late.total_seconds() // 60) if late > TOLERANCE else 0


def is_early(starts_at: datetime, now: datetime) -> bool:
    return starts_at - now > EARLY


def closes_itself_at(starts_at: datetime, *, minutes: int, hours: int = 12) -> datetime:
    """`hours` after the planned end of a meeting of `minutes`."""
    return starts_at.astimezone(UTC) + timedelta(minutes=minutes, hours=hours)
