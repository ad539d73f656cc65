"""The attendance report over many teams: by team, by CEO over all their teams, by sales leader."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from alignment.models import Seat, Team, User
from alignment.rules.folding import search_key, unaccented
from alignment.rules.periods import WEEKS_OF_YEAR
from alignment.rules.roles import PRINCIPAL_ROLES, Role
from meetings.discipline.tenure_report import TrackRecordLine, make_line, read_past_meetings, seat_start
from meetings.models import Meeting
from meetings.rules.outcomes import PastMeeting
from meetings.rules.track_record import compute_track_record

YEAR = timedelta(weeks=WEEKS_OF_YEAR)


@dataclass(frozen=True, slots=True)
class AttendanceReport:
    """One line each; those with the smallest share held in the recent weeks come first."""

    teams: list[TrackRecordLine]
    ceos: list[TrackRecordLine]
    leaders: list[TrackRecordLine]


def build_attendance_report(user: User, now: datetime, *, query: str = "") -> AttendanceReport:
    """Every team the user may see, over a year: three queries. `query` filters by name."""
    teams = {team.pk: team for team in Team.objects.visible_to(user)}
    past = read_past_meetings(Meeting.objects.filter(team__in=teams, starts_at__gt=now - YEAR), now)
    seats = Seat.objects.current().filter(team__in=teams, role__in=PRINCIPAL_ROLES).select_related("user")
    by_person: dict[tuple[str, int], list[Seat]] = defaultdict(list)
    for seat in seats:
        by_person[seat.role, seat.user_id].append(seat)
    people: dict[Role, list[TrackRecordLine]] = {role: [] for role in PRINCIPAL_ROLES}
    for (role, _), held in by_person.items():
        people[Role(role)].append(_person_line(held, teams, past, now))
    of_teams = [
        make_line(team.name, compute_track_record(past[pk], now=now), slug=team.slug)
        for pk, team in teams.items()
    ]
    return AttendanceReport(
        teams=_filter(of_teams, query),
        ceos=_filter(people[Role.CEO], query),
        leaders=_filter(people[Role.LEADER], query),
    )


def _filter(lines: list[TrackRecordLine], query: str) -> list[TrackRecordLine]:
    matches = (line for line in lines if unaccented(query) in search_key(line.who, line.what))
    return sorted(matches, key=_by_share_held)


def _person_line(
    held: list[Seat], teams: dict[int, Team], past: dict[int, list[PastMeeting]], now: datetime
) -> TrackRecordLine:
    """Over all the teams on which a person has this seat, in each from the start of the seat."""
    meetings = [
        meeting
        for seat in held
        for start in [seat_start(seat, teams[seat.team_id])]
        for meeting in past[seat.team_id]
        if meeting.starts_at >= start
    ]
    newest_first = sorted(meetings, key=lambda meeting: (meeting.starts_at, meeting.id), reverse=True)
    names = ", ".join(sorted(teams[seat.team_id].name for seat in held))
    return make_line(
        held[0].user.name,
        compute_track_record(newest_first, now=now, side=held[0].role),
        what=names,
        since=min(seat.since for seat in held),
    )


def _by_share_held(line: TrackRecordLine) -> tuple[float, str]:
    """The smallest share first; lines without any meeting last."""
    return (2.0 if line.quarter is None else line.quarter, line.who)
