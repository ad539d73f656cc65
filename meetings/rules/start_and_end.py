"""When a start is early or late, when little time is left, when a meeting ends. Pure; results are in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EARLY = timedelta(hours=12)
"""Starting a meeting longer than this before its time counts as moving it, and is confirmed first."""
TOLERANCE = timedelta(minutes=5)
"""A meeting that starts no later than this after its time started on time."""
UNDO_LASTS = timedelta(minutes=1)
"""How long after its end a meeting can be taken up again as if it had not ended. Only then is the recap due."""
SHORT_FROM = timedelta(minutes=15)
"""With this much of its planned time left, a meeting that is behind its plan may go on in a short version."""


def minutes_late(starts_at: datetime, started_at: datetime | None) -> int:
    """Whole minutes it started late; 0 within the tolerance, and for a meeting that was never started."""
    late = started_at - starts_at if started_at else timedelta()
    return int(late.total_seconds() // 60) if late > TOLERANCE else 0


def is_early(starts_at: datetime, now: datetime) -> bool:
    return starts_at - now > EARLY


def closes_itself_at(starts_at: datetime, *, minutes: int, hours: int = 12) -> datetime:
    """`hours` after the planned end of a meeting of `minutes`."""
    return starts_at.astimezone(UTC) + timedelta(minutes=minutes, hours=hours)


def recap_due_at(closed_at: datetime) -> datetime:
    """When the recap goes out, and ending the meeting can be undone no more."""
    return closed_at + UNDO_LASTS


def needs_short_version(starts_at: datetime, now: datetime, *, minutes: int, planned_ahead: int) -> bool:
    """Whether fifteen minutes or less of its planned time are left, and fewer than its plan still asks for.

    `minutes` is its planned length, `planned_ahead` the seconds that are planned for what has not been discussed
    yet. Time runs by the clock on the wall, so a meeting that began late has less of it.
    """
    left = starts_at + timedelta(minutes=minutes) - now
    return left <= SHORT_FROM and timedelta(seconds=planned_ahead) > max(left, timedelta())
