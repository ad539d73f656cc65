"""The meetings ahead: a row for every slot of every team's cadence, eight weeks on."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef

from alignment.models import Team
from meetings.cadence import Cadence, Kind, slots
from meetings.models import Meeting

log = logging.getLogger(__name__)

AHEAD = timedelta(weeks=8)


def cadence_of(team: Team) -> Cadence:
    return Cadence(
        kind=Kind.WEEKLY, weekday=team.weekday, time=team.local_time, zone=team.zone, starts_on=team.starts_on,
        ends_on=team.ends_on, minutes=team.minutes,
    )  # fmt: skip


def plan(team: Team, now: datetime) -> int:
    """Plan one team's missing meetings; returns how many were."""
    return plan_all(now, only=team)


def plan_all(now: datetime, *, only: Team | None = None) -> int:
    """Plan what is missing up to eight weeks from `now`, in a fixed number of queries.

    Slots that passed while nothing ran are planned too, after the last known one: they were missed, and that
    is stated. Doing it twice, or on two machines at once, plans nothing twice.
    """
    until = now + AHEAD
    teams = Team.objects.filter(pk=only.pk) if only else Team.objects.all()
    far = Meeting.objects.filter(team=OuterRef("pk"), planned_start__gte=until - timedelta(weeks=1))
    short = teams.exclude(Exists(far)).annotate(last=Max("meetings__planned_start"))
    rows = [
        Meeting(team=team, planned_start=start, starts_at=start)
        for team in short
        if _has_zone(team)
        for start in slots(cadence_of(team), after=team.last or now, until=until)  # type: ignore[attr-defined]
    ]
    Meeting.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _has_zone(team: Team) -> bool:
    """A zone name broken by hand must not stop the clock of the other teams; it is logged at each sweep."""
    try:
        return bool(team.zone)
    except (KeyError, ValueError, OSError):
        log.error("team %s has no usable time zone: its meetings are not planned", team.pk)
        return False
