"""The upcoming meetings of a team: when, moved or excused, and whether somebody is away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

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


def list_upcoming(team: Team, meetings: Iterable[Meeting], now: datetime) -> list[UpcomingMeeting]:
    """The next eight of these meetings of the team, including excused ones. One query."""
    ahead = sorted(
        (meeting for meeting in meetings if _is_upcoming(meeting, now)), key=attrgetter("starts_at")
    )
    listed = ahead[:LISTED]
    days_off = find_days_off_for((team.pk, meeting.starts_at) for meeting in listed)
    return [
        UpcomingMeeting(
            meeting.pk,
            meeting.starts_at,
            (*_marks(meeting), *_absence_marks(days_off, team, meeting)),
        )
        for meeting in listed
    ]


def _is_upcoming(meeting: Meeting, now: datetime) -> bool:
    if meeting.state == Meeting.State.EXCUSED:
        return meeting.starts_at >= now
    return meeting.is_ahead and meeting.starts_at > now - timedelta(days=1)


def _absence_marks(days_off: DaysOff, team: Team, meeting: Meeting) -> list[str]:
    return [day_off.label for day_off in days_off.on(team.pk, meeting.starts_at, team.timezone)]


def _marks(meeting: Meeting) -> list[str]:
    if meeting.state == Meeting.State.EXCUSED:
        return ["excused"]
    if meeting.is_in_progress:
        return ["in session"]
    moved = meeting.starts_at != meeting.planned_start
    return [f"moved from {day(meeting.planned_start)} {clock(meeting.planned_start)}"] if moved else []
