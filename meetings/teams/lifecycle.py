"""A team is created, ended and restarted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import F

from alignment.audit import note
from alignment.models import Company, PlannedSeat, Seat, Team, User
from alignment.people import planned_changes, seats
from alignment.rules.roles import PRINCIPAL_ROLES, Role
from meetings.calendars import calendar_invites
from meetings.models import Meeting
from meetings.models.team_cadence import cadence_of
from meetings.rules.cadence import Cadence, slots
from meetings.rules.cadence_text import spell_team_cadence
from meetings.schedule.slots import AHEAD, plan_meetings
from meetings.transitions import move_and_excuse
from meetings.transitions.cadence_change import is_touched

DATES_LISTED = 8
FAR = timedelta(days=31 * (DATES_LISTED + 2))
ENDED = "The team was ended."


@dataclass(frozen=True, slots=True)
class MeetingDate:
    """One of the next meetings, and the holiday it falls on, if any."""

    start: datetime
    holiday: str = ""


def next_dates(cadence: Cadence, *, after: datetime, holidays: Mapping[date, str]) -> tuple[MeetingDate, ...]:
    """The next eight, each with the name of the holiday it falls on. Pure."""
    first = max(after, datetime.combine(cadence.starts_on, time(), cadence.zone) - timedelta(seconds=1))
    near = islice(slots(cadence, after=first, until=first + FAR), DATES_LISTED)
    return tuple(
        MeetingDate(start, holidays.get(start.astimezone(cadence.zone).date(), "")) for start in near
    )


def list_holidays(company: Company, since: date) -> dict[date, str]:
    """As far as `next_dates` looks."""
    near = company.holidays.filter(day__range=(since, since + FAR + timedelta(days=2)))
    return dict(near.values_list("day", "name"))


@transaction.atomic
def create_team(team: Team, *, ceo: User, leader: User | None, by: User, now: datetime) -> Team:
    """Create the team with its seats, valid from today, and plan its meetings. Raises seats.SeatRuleViolation."""
    team.slug = Team.objects.free_slug(team.name)
    team.save(force_insert=True)
    note(
        "team.made",
        by=by,
        now=now,
        company=team.company,
        about=team.name,
        new=f"{spell_team_cadence(team)}, from {team.starts_on}",
    )
    _give_seats(team, ceo, leader, by=by, now=now)
    plan_meetings(team, now)
    return team


def _give_seats(team: Team, ceo: User, leader: User | None, *, by: User, now: datetime) -> None:
    today = team.today(now)
    seats.give(team, ceo, Role.CEO, by=by, now=now, day=today)
    if leader is not None:
        seats.give(team, leader, Role.LEADER, by=by, now=now, day=today)


@transaction.atomic
def end_team(team: Team, last: date, *, by: User, now: datetime, why: str = "") -> None:
    """End the team and its seats with the day `last`. Only later meetings that nobody touched are deleted.

    A later meeting that somebody prepared stays, as excused. Raises seats.SeatRuleViolation.
    """
    row = Team.objects.select_for_update(of=("self",)).select_related("company").get(pk=team.pk)
    if row.ends_on == last:
        return
    _cancel_planned(row, last, by=by, now=now)
    row.ends_on = last
    row.save(update_fields=("ends_on",))
    _remove_later_meetings(row, last, by=by, now=now)
    for seat in sorted(row.seats.current(), key=lambda seat: seat.role == Role.CEO):
        seats.end(seat, by=by, now=now, last=last)
    note("team.ended", by=by, now=now, company=row.company, about=row.name, new=f"last day {last}", why=why)
    Team.objects.bump_revision(row.pk)


def _cancel_planned(team: Team, last: date, *, by: User, now: datetime) -> None:
    """Cancel changes of seats planned for after the end. Raises seats.SeatRuleViolation for one before it."""
    waiting = PlannedSeat.objects.waiting().filter(team=team).select_related("user", "ends_seat__user")
    if any(planned.day <= last for planned in waiting):
        raise seats.SeatRuleViolation("A member change is planned before that day. Cancel it first.")
    for planned in waiting:
        planned_changes.forget(planned, by=by, now=now)


def _remove_later_meetings(team: Team, last: date, *, by: User, now: datetime) -> None:
    begin = datetime.combine(last + timedelta(days=1), time(), team.zone)
    after = Meeting.objects.filter(team=team, starts_at__gte=max(begin, now), state=Meeting.State.SCHEDULED)
    pks = after.annotate(touched=is_touched()).values_list("pk", "touched")
    Meeting.objects.filter(pk__in=[pk for pk, touched in pks if not touched]).delete()
    for meeting in after.select_related("team__company"):
        move_and_excuse.excuse_meeting(meeting, by=by, now=now, why=ENDED)


@transaction.atomic
def restart_team(team: Team, *, ceo: User, leader: User | None, by: User, now: datetime) -> None:
    """Continue the team from today, with these people if its seats have ended. Raises seats.SeatRuleViolation."""
    row = Team.objects.select_for_update(of=("self",)).select_related("company").get(pk=team.pk)
    if row.ends_on is None:
        return
    last_day, row.ends_on = row.ends_on, None
    today = row.today(now)
    if last_day < today:
        row.starts_on = max(row.starts_on, today)
    row.save(update_fields=("ends_on", "starts_on"))
    for planned in PlannedSeat.objects.waiting().filter(team=row, user=None):
        planned_changes.forget(planned, by=by, now=now)
    if not row.seats.current().filter(role=Role.CEO).exists():
        _give_seats(row, ceo, leader, by=by, now=now)
    _restore_meetings(row, now)
    calendar_invites.renew_calendar_invites(row, now, since=today)
    note("team.taken_up", by=by, now=now, company=row.company, about=row.name, old=f"last day {last_day}")
    Team.objects.bump_revision(row.pk)


def _restore_meetings(team: Team, now: datetime) -> None:
    """Plan every free slot, and schedule the meetings again that the end had excused."""
    excused = team.meetings.filter(state=Meeting.State.EXCUSED, excused_why=ENDED, starts_at__gt=now)
    excused.update(
        state=Meeting.State.SCHEDULED,
        excused_at=None,
        excused_by=None,
        excused_why="",
        sequence=F("sequence") + 1,
    )
    near = slots(cadence_of(team), after=now, until=now + AHEAD)
    rows = [Meeting(team=team, planned_start=start, starts_at=start) for start in near]
    Meeting.objects.bulk_create(rows, ignore_conflicts=True)


def last_principals(team: Team) -> dict[str, int]:
    """The last CEO and leader by role, as initial values of a form."""
    held = team.seats.filter(role__in=PRINCIPAL_ROLES).order_by("until", "pk")
    known: list[Seat] = sorted(held, key=lambda seat: (seat.until is None, seat.until or date.min, seat.pk))
    return {seat.role: seat.user_id for seat in known}


def dates_ahead(team: Team, now: datetime) -> tuple[MeetingDate, ...]:
    return next_dates(cadence_of(team), after=now, holidays=list_holidays(team.company, team.today(now)))
