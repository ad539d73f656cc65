"""A cadence in words: “Every second Tuesday at 09:00, Paris”. Pure."""

from __future__ import annotations

import datetime

from alignment.models import Team
from alignment.models.teams import Weekday
from alignment.rules.formatting import number_of
from meetings.rules.cadence import LAST_OF_MONTH, Cadence, Kind
from meetings.rules.preparation import DueRule

NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST_OF_MONTH: "last"}


def spell_times(kind: str, *, weekday: int, time: datetime.time, nth: int = 1, zone: str = "") -> str:
    """`weekday` counts from Monday 0; `nth` is for monthly meetings only; without `zone` no city is named."""
    day, hour = Weekday(weekday).label, f"{time:%H:%M}"
    match Kind(kind):
        case Kind.WEEKLY:
            times = f"Every {day} at {hour}"
        case Kind.FORTNIGHTLY:
            times = f"Every second {day} at {hour}"
        case Kind.MONTHLY:
            times = f"The {NTH[nth]} {day} of the month at {hour}"
    return f"{times}, {city_of(zone)}" if zone else times


def city_of(zone: str) -> str:
    """The city a zone is named after: Europe/Paris is Paris."""
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")


def spell_team_cadence(team: Team) -> str:
    """The team's cadence as it is now."""
    return spell_times(
        team.rhythm, weekday=team.weekday, time=team.local_time, nth=team.nth, zone=team.timezone
    )


def spell_cadence(cadence: Cadence) -> str:
    return spell_times(
        cadence.kind, weekday=cadence.weekday, time=cadence.time, nth=cadence.nth, zone=cadence.zone.key
    )


def spell_due(rule: DueRule) -> str:
    """ "24 hours before" or "at 17:00 on the last working day before": what follows is the meeting."""
    if rule.hours is None:
        return f"at {rule.time:%H:%M} on the last working day before"
    return f"{number_of(rule.hours, 'hour')} before"
