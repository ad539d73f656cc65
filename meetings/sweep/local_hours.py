"""A wall-clock hour in the zone of each reader."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time

from alignment.models import User
from alignment.rules.zones import zone_named


def days_with_zones(now: datetime, *, since: time) -> dict[date, list[str]]:
    """The zones in which it is this hour or later, by the calendar day there: three days at most."""
    days: dict[date, list[str]] = defaultdict(list)
    for name in User.objects.order_by().values_list("timezone", flat=True).distinct():
        local = now.astimezone(zone_named(name))
        if local.time() >= since:
            days[local.date()].append(name)
    return days


def moment_of(day: date, at: time, zone: str) -> datetime:
    """That hour of that day in the zone, as UTC."""
    return datetime.combine(day, at, zone_named(zone)).astimezone(UTC)
