"""The meetings of a team that are planned: when, moved or excused, and on which of them somebody is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from alignment.models import Team
from alignment.templatetags.figures import clock, day
from meetings.days_off import days_off_of
from meetings.models import Meeting

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Coming:
    """One line of the plan; `marks` say what is unusual about it."""

    id: int
    starts_at: datetime
    marks: tuple[str, ...]


def coming(team: Team, now: datetime) -> list[Coming]:
    """The next eight, those excused among them: three queries."""
    wanted = (Meeting.State.SCHEDULED, Meeting.State.IN_PROGRESS, Meeting.State.EXCUSED)
    ahead = team.meetings.filter(state__in=wanted, starts_at__gt=now - timedelta(days=1)).order_by(
        "starts_at"
    )
    meetings = [
        each
        for each in ahead[: SHOWN + 1]
        if not (each.state == Meeting.State.EXCUSED and each.starts_at < now)
    ][:SHOWN]
    off = days_off_of((team.pk, each.starts_at) for each in meetings)
    return [
        Coming(
            each.pk,
            each.starts_at,
            (*_marks(each), *(why.words for why in off.on(team.pk, team.today(each.starts_at)))),
        )
        for each in meetings
    ]


def _marks(meeting: Meeting) -> list[str]:
    if meeting.state == Meeting.State.EXCUSED:
        return ["excused"]
    if meeting.is_in_progress:
        return ["in session"]
    moved = meeting.starts_at != meeting.planned_start
    return [f"moved from {day(meeting.planned_start)} {clock(meeting.planned_start)}"] if moved else []
