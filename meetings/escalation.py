"""The ladder after missed meetings: flags raised once, who is told, and cleared when a meeting is held or a miss corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from alignment.models import Team, User
from alignment.models.teams import Role
from alignment.notices import owe
from meetings.discipline import STEPS, Fault, Outcome, Past, Policy, row_of_misses
from meetings.facts import note_meeting, stated
from meetings.models import Correction, Flag, Meeting, NotNow
from meetings.models.flags import administers

NEW = timedelta(days=7)
"""How long after it was stated a miss may still raise a flag: older ones were looked at, or there was no clock yet."""
LOOKED_BACK = timedelta(days=366)


def sweep(now: datetime) -> int:
    """Raise what is due and clear what is over; returns how many flags were raised. Twice does nothing more."""
    missed = Meeting.objects.filter(state=Meeting.State.MISSED, missed_at__gt=now - NEW, missed_at__lte=now)
    flagged = Flag.objects.filter(cleared_at=None)
    held = Meeting.objects.filter(
        team=OuterRef("team"), state=Meeting.State.HELD, closed_at__gte=OuterRef("raised_at")
    )
    held_since = flagged.filter(Exists(held.order_by()))
    seen = Flag.objects.filter(
        Q(raised_at__gte=OuterRef("missed_at")) | Q(step=STEPS, cleared_at=None), team=OuterRef("team")
    )
    unknown = missed.exclude(Exists(seen))
    teams = {*unknown.values_list("team", flat=True), *held_since.values_list("team", flat=True)}
    return settle(teams, now=now) if teams else 0


@transaction.atomic
def settle(teams: Iterable[int], *, now: datetime) -> int:
    """Bring the flags of these teams to what their meetings say; returns how many were raised."""
    wanted = {team: row_of_misses(past) for team, past in _past(teams, now).items()}
    policies = Team.objects.filter(pk__in=wanted).values_list("pk", "admins_told_after", "red_after")
    policy = {team: Policy(told, red) for team, told, red in policies}
    due = {
        (row[0].id, number): team
        for team, row in wanted.items()
        if row
        for number in range(1, policy[team].step(len(row)) + 1)
    }
    known = Flag.objects.filter(
        Q(team__in=wanted, cleared_at=None) | Q(meeting__in={first for first, _ in due})
    )
    rows = {(flag.meeting_id, flag.step): flag for flag in known}
    over = [flag.pk for key, flag in rows.items() if key not in due and flag.cleared_at is None]
    Flag.objects.filter(pk__in=over, cleared_at=None).update(cleared_at=now)
    raised = [
        Flag(team_id=team, meeting_id=first, step=number, raised_at=now)
        for (first, number), team in due.items()
        if (first, number) not in rows
    ]
    Flag.objects.bulk_create(raised, ignore_conflicts=True)
    _tell({(flag.meeting_id, flag.step) for flag in raised}, now)
    return len(raised)


def _past(teams: Iterable[int], now: datetime) -> dict[int, list[Past]]:
    """What became of the meetings of each, the newest first."""
    past: dict[int, list[Past]] = {team: [] for team in teams}
    over = Meeting.objects.over().filter(team__in=past, planned_start__gt=now - LOOKED_BACK)
    for team, pk, state, planned, fault in over.values_list(
        "team", "pk", "state", "planned_start", "missed_by"
    ):
        past[team].append(Past(pk, Outcome(state), planned, fault))
    return past


def _tell(raised: set[tuple[int, int]], now: datetime) -> None:
    """From the second step on the company's admins, from the third the two as well; of several steps at once the last."""
    last: dict[int, int] = defaultdict(int)
    for first, number in raised:
        last[first] = max(last[first], number)
    told = [(first, number) for first, number in last.items() if number > 1]
    flags = Flag.objects.filter(meeting__in=[first for first, _ in told]).select_related("team__company")
    for flag in flags:
        if (flag.meeting_id, flag.step) in told:
            for user in _readers(flag.team, everyone=flag.step > 2):
                owe(
                    "escalated", to=user, about=f"flag-{flag.pk}", payload={"flag": flag.pk}, now=now,
                    company=flag.team.company,
                )  # fmt: skip


def _readers(team: Team, *, everyone: bool) -> Iterable[User]:
    admins = Q(memberships__company=team.company_id, memberships__is_admin=True)
    two = Q(seats__in=team.seats.current().filter(role__in=(Role.CEO, Role.LEADER)))
    return User.objects.filter(admins | two if everyone else admins, is_active=True).distinct()


def may_correct(team: Team, user: User) -> bool:
    """Put a wrong miss right: an admin of the company, or whoever keeps the installation."""
    return user.is_staff or administers(user, team)


@transaction.atomic
def correct(meeting: Meeting, to: str, *, by: User, now: datetime, why: str) -> None:
    """Put a wrong miss right: `to` is "excused" or whose it really was. What was stated before stays as a correction.

    Raises NotNow when it is not missed (any more).
    """
    locked = Meeting.objects.select_for_update().select_related("team").get(pk=meeting.pk)
    if locked.state != Meeting.State.MISSED:
        raise NotNow("This meeting is not stated as missed, so there is nothing to correct.")
    if to == locked.missed_by:
        raise NotNow("That is what is stated already. Nothing was changed.")
    excused = to == Meeting.State.EXCUSED
    state, fault = (Meeting.State.EXCUSED, "") if excused else (Meeting.State.MISSED, str(Fault(to)))
    Correction.objects.create(
        meeting=locked, old_state=locked.state, old_fault=locked.missed_by, new_state=state, new_fault=fault,
        by=by, at=now, why=why,
    )  # fmt: skip
    reason = {"excused_at": now, "excused_by": by, "excused_why": why} if excused else {}
    Meeting.objects.filter(pk=locked.pk).update(
        state=state, missed_by=fault, revision=F("revision") + 1, **reason
    )
    told = {"old": stated(locked.state, locked.missed_by), "new": stated(state, fault)}
    note_meeting("miss.corrected", locked, by=by, now=now, why=why, **told)
    settle({locked.team_id}, now=now)
