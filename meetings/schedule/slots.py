"""The upcoming meetings: a row for every slot of every team's cadence, eight weeks ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from alignment.models import Team
from meetings.models import Meeting
from meetings.models.team_cadence import cadence_of
from meetings.rules.cadence import Kind, slots

AHEAD = timedelta(weeks=8)
LONGEST_STEP = {
    Kind.WEEKLY: timedelta(weeks=1),
    Kind.FORTNIGHTLY: timedelta(weeks=2),
    Kind.MONTHLY: timedelta(weeks=5),
}
LATELY_ENDED = timedelta(weeks=2)


def plan_meetings(team: Team, now: datetime, *, until: datetime | None = None) -> int:
    """Plan one team's missing meetings; returns how many. A team with an invalid time zone gets none."""
    until = until or now + AHEAD
    teams = list(_missing_meetings(Team.objects.filter(pk=team.pk), until)) if _has_zone(team) else []
    return plan_teams(teams, now, until=until) if teams else 0


def find_teams_to_plan(now: datetime) -> Iterable[int]:
    """The teams of which a meeting up to eight weeks from `now` may be missing."""
    lasting = Q(ends_on=None) | Q(ends_on__gte=(now - LATELY_ENDED).date())
    return _missing_meetings(Team.objects.filter(lasting), now + AHEAD)


@transaction.atomic
def plan_teams(teams: Iterable[int], now: datetime, *, until: datetime | None = None) -> int:
    """Plan the meetings missing up to eight weeks from `now`, in a fixed number of queries; returns how many.

    Slots that passed while the sweep was not running are planned too, after the last known one: those
    meetings were missed. Running twice, or on two machines at once, plans nothing twice: the teams are
    locked, so a cadence changed meanwhile is seen, and its old slots are not planned again. Raises what
    `zoneinfo` raises for an invalid zone.
    """
    last = Meeting.objects.filter(team=OuterRef("pk")).order_by("-planned_start").values("planned_start")[:1]
    locked = Team.objects.select_for_update().filter(pk__in=teams).annotate(last=last)
    rows = [
        Meeting(team=team, planned_start=start, starts_at=start)
        for team in locked
        for start in slots(
            cadence_of(team),
            after=team.last or now,  # type: ignore[attr-defined]
            until=until or now + AHEAD,
        )
    ]
    Meeting.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _missing_meetings(teams: QuerySet[Team], until: datetime) -> QuerySet[Team, int]:
    return teams.exclude(_is_planned(until)).values_list("pk", flat=True)


def _is_planned(until: datetime) -> Q:
    """No slot is missing before `until` when a meeting is planned within the longest step before it."""
    planned = Q()
    for kind, step in LONGEST_STEP.items():
        far = Meeting.objects.filter(team=OuterRef("pk"), planned_start__gte=until - step)
        planned |= Q(Exists(far), rhythm=kind.value)
    return planned


def _has_zone(team: Team) -> bool:
    try:
        return bool(team.zone)
    except (KeyError, ValueError, OSError):  # what zoneinfo raises for an invalid name
        return False
