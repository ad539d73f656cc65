"""A team's page: who they are and when they meet next, their history in charts, and their meetings on record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.core.paginator import Page, Paginator
from django.db.models import Q

from alignment.models import Seat, Team, User
from meetings.discipline.tenure_report import TrackRecordLine, build_lines, read_past_meetings
from meetings.history.build import TeamHistory, build_history, scope_of
from meetings.history.queries import with_moves
from meetings.models import Meeting
from meetings.models.meeting_queryset import MeetingQuerySet
from meetings.pages.team_history import MeetingLine, list_meetings, meeting_line, seats
from meetings.rules.outcomes import PastMeeting
from meetings.schedule.upcoming import UpcomingMeeting, list_upcoming

PAGE = 13
"""So many meetings are a page: a quarter of a weekly cadence."""


@dataclass(frozen=True, slots=True)
class TeamPage:
    """What everybody who may see the team reads of it; `reads` are those who may open its records."""

    team: Team
    seats: tuple[Seat, ...]
    seats_before: tuple[Seat, ...]
    history: TeamHistory
    lines: tuple[TrackRecordLine, ...]
    coming: tuple[UpcomingMeeting, ...]
    page: Page[PastMeeting]
    rows: tuple[MeetingLine, ...]

    @property
    def reads(self) -> bool:
        return self.history.scope.reads

    @property
    def next_meeting(self) -> UpcomingMeeting | None:
        return next((meeting for meeting in self.coming if "excused" not in meeting.marks), None)


def build_page(team: Team, reader: User, *, weeks: int, number: int, now: datetime) -> TeamPage:
    """`number` is the page of the meetings on record. At most ten queries, whatever the length of the history."""
    people = seats(team)
    team.with_seats(people["seats"])
    scope = scope_of(team, reader, chain(people["seats"], people["seats_before"]), weeks=weeks, now=now)
    over = read_past_meetings(Meeting.objects.filter(team=team), now)[team.pk]
    page = Paginator(over, PAGE).get_page(number)
    listed = {past.id for past in page}
    inside = {past.id for past in over if scope.span.contains(team.today(past.starts_at))}
    meetings = [_of_team(meeting, team) for meeting in _read_meetings(team, listed | inside, now)]
    by_key = {meeting.pk: meeting for meeting in meetings}
    return TeamPage(
        team=team,
        seats=tuple(people["seats"]),
        seats_before=tuple(people["seats_before"]),
        history=build_history(scope, [by_key[pk] for pk in inside if pk in by_key], over, now),
        lines=tuple(build_lines(team, people["seats"], over, now)),
        coming=tuple(list_upcoming(team, meetings, now)),
        page=page,
        rows=tuple(
            meeting_line(by_key[past.id], reads=scope.reads, now=now, locale=reader.locale)
            for past in page
            if past.id in by_key
        ),
    )


def read_history(team: Team, reader: User, *, weeks: int, now: datetime) -> TeamHistory:
    """The charts without the page around them."""
    people = seats(team)
    team.with_seats(people["seats"])
    scope = scope_of(team, reader, chain(people["seats"], people["seats_before"]), weeks=weeks, now=now)
    over = read_past_meetings(Meeting.objects.filter(team=team), now)[team.pk]
    inside = {past.id for past in over if scope.span.contains(team.today(past.starts_at))}
    meetings = _of_one_team().filter(pk__in=inside)
    return build_history(scope, [_of_team(meeting, team) for meeting in meetings], over, now)


def _read_meetings(team: Team, past: Collection[int], now: datetime) -> MeetingQuerySet:
    """These, and all that are upcoming: one query."""
    states = (Meeting.State.SCHEDULED, Meeting.State.IN_PROGRESS, Meeting.State.EXCUSED)
    upcoming = Q(team=team, state__in=states, starts_at__gt=now - timedelta(days=1))
    return _of_one_team().filter(Q(pk__in=past) | upcoming)


def _of_one_team() -> MeetingQuerySet:
    """Without the team of each, which is known."""
    return with_moves(list_meetings().select_related(None).select_related("excused_by"))


def _of_team(meeting: Meeting, team: Team) -> Meeting:
    """Its team is the one whose seats and company are known."""
    meeting.team = team
    return meeting
