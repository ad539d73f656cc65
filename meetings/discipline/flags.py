"""The flags that missed meetings raise: each step of the escalation once, cleared by a held meeting or a
correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from alignment.models import Team, User
from alignment.outbox.notice_kinds import enqueue
from alignment.rules.roles import PRINCIPAL_ROLES
from meetings.models import Flag, Meeting
from meetings.models.team_policy import policy_of
from meetings.rules.escalation import STEPS
from meetings.rules.outcomes import Outcome, PastMeeting
from meetings.rules.track_record import find_misses_in_a_row

NEW = timedelta(days=7)
"""How long a miss may raise a flag. Older ones were dealt with, or the sweep was not running yet."""
LOOKED_BACK = timedelta(days=366)


def find_unsettled_teams(now: datetime) -> list[int]:
    """The teams with a miss that may raise a flag, or a meeting held since one was raised: two queries."""
    missed = Meeting.objects.filter(state=Meeting.State.MISSED, missed_at__gt=now - NEW, missed_at__lte=now)
    flagged = Flag.objects.filter(cleared_at=None)
    held = Meeting.objects.filter(
        team=OuterRef("team"), state=Meeting.State.HELD, closed_at__gte=OuterRef("raised_at")
    )
    held_since = flagged.filter(Exists(held.order_by()))
    known_flags = Flag.objects.filter(
        Q(raised_at__gte=OuterRef("missed_at")) | Q(step=STEPS, cleared_at=None), team=OuterRef("team")
    )
    unknown = missed.exclude(Exists(known_flags))
    return sorted({*unknown.values_list("team", flat=True), *held_since.values_list("team", flat=True)})


@transaction.atomic
def update_flags(teams: Iterable[int], *, now: datetime) -> int:
    """Raise and clear the flags of these teams as their meetings require; returns how many were raised."""
    misses = {team: find_misses_in_a_row(past) for team, past in _read_past(teams, now).items()}
    policy = {team.pk: policy_of(team) for team in Team.objects.filter(pk__in=misses)}
    due = {
        (row[0].id, number): team
        for team, row in misses.items()
        if row
        for number in range(1, policy[team].step(len(row)) + 1)
    }
    known = Flag.objects.filter(
        Q(team__in=misses, cleared_at=None) | Q(meeting__in={first for first, _ in due})
    )
    rows = {(flag.meeting_id, flag.step): flag for flag in known}
    obsolete = [flag.pk for key, flag in rows.items() if key not in due and flag.cleared_at is None]
    Flag.objects.filter(pk__in=obsolete, cleared_at=None).update(cleared_at=now)
    raised = [
        Flag(team_id=team, meeting_id=first, step=number, raised_at=now)
        for (first, number), team in due.items()
        if (first, number) not in rows
    ]
    Flag.objects.bulk_create(raised, ignore_conflicts=True)
    _notify({(flag.meeting_id, flag.step) for flag in raised}, now)
    return len(raised)


def _read_past(teams: Iterable[int], now: datetime) -> dict[int, list[PastMeeting]]:
    """What became of each team's meetings, the newest first."""
    past: dict[int, list[PastMeeting]] = {team: [] for team in teams}
    over = Meeting.objects.over(now).filter(team__in=past, starts_at__gt=now - LOOKED_BACK)
    for row in over.values_list("team", "pk", "state", "starts_at", "missed_by", named=True):
        past[row.team].append(PastMeeting(row.pk, Outcome(row.state), row.starts_at, row.missed_by))
    return past


def _notify(raised: set[tuple[int, int]], now: datetime) -> None:
    """Notify the admins from step 2, the CEO and the leader from step 3; of several steps only the last."""
    last: dict[int, int] = defaultdict(int)
    for first, number in raised:
        last[first] = max(last[first], number)
    escalated = [(first, number) for first, number in last.items() if number > 1]
    flags = Flag.objects.filter(meeting__in=[first for first, _ in escalated]).select_related("team__company")
    for flag in flags:
        if (flag.meeting_id, flag.step) in escalated:
            for user in _readers(flag.team, everyone=flag.step > 2):
                enqueue(
                    "escalated",
                    to=user,
                    about=f"flag-{flag.pk}",
                    payload={"flag": flag.pk},
                    now=now,
                    company=flag.team.company,
                )


def _readers(team: Team, *, everyone: bool) -> Iterable[User]:
    admins = Q(memberships__company=team.company_id, memberships__is_admin=True)
    principals = Q(seats__in=team.seats.current().filter(role__in=PRINCIPAL_ROLES))
    return User.objects.filter(admins | principals if everyone else admins, is_active=True).distinct()
