"""Starting, moving and excusing a meeting; everyone on the team is notified in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from alignment.models import Team, User
from alignment.rules.formatting import clock, longday
from meetings.audit import note_meeting, note_moved
from meetings.calendars import calendar_invites
from meetings.forecast.calls import commit_calls
from meetings.models import Meeting, TransitionNotAllowed
from meetings.models.team_cadence import cadence_of
from meetings.rules.cadence import next_slot
from meetings.rules.order import find_passed


@transaction.atomic
def start_meeting(meeting: Meeting, *, by: User, now: datetime) -> None:
    """Start the meeting; long before its time that is a move too. Raises TransitionNotAllowed like Meeting.start."""
    old = meeting.starts_at
    meeting.start(by=by, now=now)
    if meeting.submitted_at is None:
        commit_calls(meeting, at=now)
    if meeting.starts_at != old:
        note_moved(meeting, old, by=by, now=now)
        calendar_invites.enqueue_move(meeting, now)


@transaction.atomic
def move_meeting(meeting: Meeting, to: datetime, *, by: User, now: datetime, why: str) -> None:
    """Move the meeting to another time. Raises TransitionNotAllowed like Meeting.move, and when another meeting
    is in the way."""
    Team.objects.select_for_update().get(pk=meeting.team_id)  # two moves at once see each other
    old = meeting.starts_at
    if meeting.is_scheduled and (obstacle := find_obstacle(meeting, to, now=now)):
        raise TransitionNotAllowed(obstacle)
    meeting.move(to, by=by, now=now, why=why)
    note_moved(meeting, old, by=by, now=now)
    calendar_invites.enqueue_move(meeting, now)


@transaction.atomic
def excuse_meeting(meeting: Meeting, *, by: User, now: datetime, why: str) -> None:
    """Excuse the meeting beforehand: it will not be held. Raises TransitionNotAllowed like Meeting.excuse."""
    meeting.excuse(by=by, now=now, why=why)
    note_meeting("meeting.excused", meeting, by=by, now=now, old="scheduled", new="excused")
    calendar_invites.enqueue_excuse(meeting, now)


def find_obstacle(meeting: Meeting, to: datetime, *, now: datetime) -> str:
    """Why it cannot be moved there, in a sentence; empty when it can.

    A move passes no other meeting of the team, nor the next slot of the cadence, planned or not. What was
    missed or excused is in nobody's way.
    """
    if to <= now:
        return "That time has passed. Choose a time in the future."
    if meeting.team.ends_on is not None and meeting.team.today(to) > meeting.team.ends_on:
        return f"The team’s last day is {longday(meeting.team.ends_on)}. Choose an earlier time."
    others = Meeting.objects.filter(team=meeting.team).exclude(pk=meeting.pk)
    starts = others.exclude(state__in=(Meeting.State.MISSED, Meeting.State.EXCUSED)).values_list(
        "starts_at", flat=True
    )
    last_slot = max(meeting.planned_start, others.aggregate(last=Max("planned_start"))["last"] or now)
    unplanned = next_slot(cadence_of(meeting.team), last_slot)
    passed = find_passed(meeting.starts_at, to, [*starts, *([unplanned] if unplanned else [])])
    if passed is None:
        return ""
    which, choice = ("next", "an earlier") if to > meeting.starts_at else ("previous", "a later")
    return (
        f"The {which} meeting is on {longday(passed)} at {clock(passed)}. "
        f"Choose {choice} time, or excuse one of the two."
    )
