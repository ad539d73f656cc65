"""A cadence as a sentence reads it: “Every second Tuesday at 09:00, Paris”. Pure."""

from __future__ import annotations

import datetime

from alignment.models import Team
from alignment.models.teams import Weekday
from meetings.cadence import LAST_OF_MONTH, Cadence, Kind

NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST_OF_MONTH: "last"}


def cadence_words(kind: str, *, weekday: int, time: datetime.time, nth: int = 1, zone: str = "") -> str:
    """`weekday` counts from Monday 0, `nth` is for months alone; without `zone` no place is named."""
    day, hour = Weekday(weekday).label, f"{time:%H:%M}"
    match Kind(kind):
        case Kind.WEEKLY:
            said = f"Every {day} at {hour}"
        case Kind.FORTNIGHTLY:
            said = f"Every second {day} at {hour}"
        case Kind.MONTHLY:
            said = f"The {NTH[nth]} {day} of the month at {hour}"
    return f"{said}, {place(zone)}" if zone else said


def place(zone: str) -> str:
    """The town a zone is named after: Europe/Paris is Paris."""
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")


def words_of(team: Team) -> str:
    """The team's cadence as it is now."""
    return cadence_words(
        team.rhythm, weekday=team.weekday, time=team.local_time, nth=team.nth, zone=team.timezone
    )


def in_words(cadence: Cadence) -> str:
    return cadence_words(
        cadence.kind, weekday=cadence.weekday, time=cadence.time, nth=cadence.nth, zone=cadence.zone.key
    )
