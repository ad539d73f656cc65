"""Time zones by their names."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

EARLIEST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a day can begin."""


def zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of the zone database
        return ZoneInfo("UTC")
