"""The upcoming meetings of a team: when, moved or excused, and whether somebody is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from alignment.models import Team
from alignment.rules.formatting import clock, day
from meetings.models import Meeting
from meetings.schedule.days_off import DaysOff, find_days_off_for

LISTED = 8


@dataclass(frozen=True, slots=True)
class UpcomingMeeting:
    """One upcoming meeting; `marks` say what is unusual about it."""

    id: int
    starts_at: datetime
    marks: tuple[str, ...]


def list_upcoming(team: Team, now: datetime) -> list[UpcomingMeeting]:
    """The next eight, including excused ones: three queries."""
    states = (Meeting.State.SCHEDULED, Meeting.State.IN_PROGRESS, Meeting.State.EXCUSED)
    ahead = team.meetings.filter(state__in=states, starts_at__gt=now - timedelta(days=1)).order_by(
        "starts_at"
    )
    meetings = [
        meeting
        for meeting in ahead[: LISTED + 1]
        if not (meeting.state == Meeting.State.EXCUSED and meeting.starts_at < now)
    ][:LISTED]
    days_off = find_days_off_for((team.pk, meeting.starts_at) for meeting in meetings)
    return [
        UpcomingMeeting(
            meeting.pk,
            meeting.starts_at,
            (*_marks(meeting), *_absence_marks(days_off, team, meeting)),
        )
        for meeting in meetings
    ]


def _absence_marks(days_off: DaysOff, team: Team, meeting: Meeting) -> list[str]:
    return [day_off.label for day_off in days_off.on(team.pk, meeting.starts_at, team.timezone)]


def _marks(meeting: Meeting) -> list[str]:
    if meeting.state == Meeting.State.EXCUSED:
        return ["excused"]
    if meeting.is_in_progress:
        return ["in session"]
    moved = meeting.starts_at != meeting.planned_start
    return [f"moved from {day(meeting.planned_start)} {clock(meeting.planned_start)}"] if moved else []
