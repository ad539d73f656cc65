"""When a person does not want to be reached. Pure; hours are wall hours in
their own zone, days count from Monday 0."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WORKING_DAYS = (0, 1, 2, 3, 4)
MORNING, EVENING = time(7, 30), time(18)
"""Between these a message that can wait for working hours is sent."""


def out_of_working_hours_until(now: datetime, *, zone: ZoneInfo) -> datetime | None:
    """The moment working hours begin in the reader's zone, in UTC; None when `now` is within them."""
    return quiet_until(now, zone=zone, days=WORKING_DAYS, start=EVENING, end=MORNING)


def quiet_until(
    now: datetime, *, zone: ZoneInfo, days: Collection[int], start: time | None, end: time | None
) -> datetime | None:
    """The moment the quiet ends, in UTC; None when `now` is not quiet.

    A day that is not among `days` is quiet from midnight to midnight. The hours may run over midnight (22:00
    to 07:00); without both of them only days count. No day at all would be for ever, and counts as every day.
    """
    wall, days = now.astimezone(zone).replace(tzinfo=None), days or EVERY_DAY
    began = wall
    for _ in range(2 * len(EVERY_DAY) + 2):
        if wall.weekday() not in days:
            wall = datetime.combine(wall.date() + timedelta(days=1), time())
        elif (until := _end_of_hours(wall, start, end)) is not None:
            wall = until
        else:
            break
    return None if wall == began else wall.replace(tzinfo=zone).astimezone(UTC)


def _end_of_hours(wall: datetime, start: time | None, end: time | None) -> datetime | None:
    if start is None or end is None or start == end:
        return None
    at = wall.time()
    if start < end:
        return datetime.combine(wall.date(), end) if start <= at < end else None
    if at >= start:
        return datetime.combine(wall.date() + timedelta(days=1), end)
    return datetime.combine(wall.date(), end) if at < end else None
