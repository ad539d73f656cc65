"""The meetings ahead: a row for every slot of every team's cadence, eight weeks on."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from alignment.models import Team
from meetings.cadence import Cadence, Kind, slots
from meetings.models import Meeting

log = logging.getLogger(__name__)

AHEAD = timedelta(weeks=8)
LONGEST_STEP = {
    Kind.WEEKLY: timedelta(weeks=1),
    Kind.FORTNIGHTLY: timedelta(weeks=2),
    Kind.MONTHLY: timedelta(weeks=5),
}
LATELY_ENDED = timedelta(weeks=2)


def cadence_of(team: Team) -> Cadence:
    return Cadence(
        kind=Kind(team.rhythm), weekday=team.weekday, time=team.local_time, zone=team.zone, starts_on=team.starts_on,
        ends_on=team.ends_on, minutes=team.minutes, nth=team.nth,
    )  # fmt: skip


def plan(team: Team, now: datetime, *, until: datetime | None = None) -> int:
    """Plan one team's missing meetings; returns how many were."""
    return _fill(Team.objects.filter(pk=team.pk), now, until or now + AHEAD)


def plan_all(now: datetime) -> int:
    """Plan what is missing up to eight weeks from `now`, in a fixed number of queries.

    Slots that passed while nothing ran are planned too, after the last known one: they were missed, and that
    is stated. Doing it twice, or on two machines at once, plans nothing twice.
    """
    lasting = Q(ends_on=None) | Q(ends_on__gte=(now - LATELY_ENDED).date())
    return _fill(Team.objects.filter(lasting), now, now + AHEAD)


def _is_planned(until: datetime) -> Q:
    """Whether no slot can be missing before `until`: one is planned no longer before it than the longest step."""
    planned = Q()
    for kind, step in LONGEST_STEP.items():
        far = Meeting.objects.filter(team=OuterRef("pk"), planned_start__gte=until - step)
        planned |= Q(Exists(far), rhythm=kind.value)
    return planned


def _fill(teams: QuerySet[Team], now: datetime, until: datetime) -> int:
    short = list(teams.exclude(_is_planned(until)).values_list("pk", flat=True))
    return _plan(short, now, until) if short else 0


@transaction.atomic
def _plan(short: Iterable[int], now: datetime, until: datetime) -> int:
    """The teams are locked: a cadence changed meanwhile is seen, and its old slots are not planned once more."""
    last = Meeting.objects.filter(team=OuterRef("pk")).order_by("-planned_start").values("planned_start")[:1]
    teams = Team.objects.select_for_update().filter(pk__in=short).annotate(last=last)
    rows = [
        Meeting(team=team, planned_start=start, starts_at=start)
        for team in teams
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
