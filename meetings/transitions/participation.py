"""What the CEO and the sales leader record about a meeting itself: attendance, ratings, recap readers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from alignment.models import Seat, User
from alignment.rules.roles import Role
from meetings.models import Attendance, Meeting, Rating, TransitionNotAllowed

ARRIVES = timedelta(minutes=15)
"""How long before the start the CEO and the leader may record that they are there."""

RATING_CLOSED = "A meeting can be rated while it is in progress and for a week after it ended."

WATCHERS = (Role.FACILITATOR, Role.OBSERVER, Role.DELEGATE)


def record_attendance(meeting: Meeting, user: User, *, present: bool, now: datetime) -> None:
    """Record whether the CEO or the leader is there. Raises TransitionNotAllowed long before and after the meeting."""
    if not meeting.is_in_progress and not can_arrive(meeting, now):
        raise TransitionNotAllowed("This meeting is not in progress, so attendance cannot be changed.")
    values = {"role": meeting.team.role_of(user), "present": present, "at": now}
    Attendance.objects.update_or_create(meeting=meeting, user=user, defaults=values)
    meeting.bump_revision()


def can_arrive(meeting: Meeting, now: datetime) -> bool:
    """From 15 minutes before the start until it counts as missed: attendance decides whose miss it is."""
    return meeting.is_scheduled and meeting.starts_at - ARRIVES <= now < meeting.counts_as_missed_at


def rate_meeting(meeting: Meeting, user: User, *, score: int, why: str, now: datetime) -> None:
    """Store the rating of the CEO or the leader, 1 to 10; a later one replaces it. Raises TransitionNotAllowed
    when too late.
    """
    if not meeting.can_be_rated(now):
        raise TransitionNotAllowed(RATING_CLOSED)
    values = {"role": meeting.team.role_of(user), "score": score, "why": why, "at": now}
    Rating.objects.update_or_create(meeting=meeting, user=user, defaults=values)
    meeting.bump_revision()


def watchers(meeting: Meeting) -> list[Seat]:
    """The other people on the team who may be sent the recap."""
    return [seat for seat in meeting.team.current_seats if seat.role in WATCHERS]


def next_start() -> Subquery:
    """When the team's next meeting starts: the usual due day of new commitments. To annotate meetings."""
    after = Meeting.objects.filter(
        team=OuterRef("team"), state=Meeting.State.SCHEDULED, starts_at__gt=OuterRef("starts_at")
    )
    return Subquery(after.order_by("starts_at").values("starts_at")[:1])


def usual_recap_readers(meeting: Meeting) -> set[int]:
    """Who got the recap of the last held meeting: the initial choice."""
    last = Meeting.objects.before(meeting).filter(state=Meeting.State.HELD).values("pk")[:1]
    return set(Meeting.recap_to.through.objects.filter(meeting__in=last).values_list("user", flat=True))


def choose_recap_readers(meeting: Meeting, user_ids: Iterable[str]) -> None:
    """Send the recap to the watchers with these ids; the CEO and the sales leader always get it."""
    ids = set(user_ids)
    meeting.recap_to.set([seat.user_id for seat in watchers(meeting) if str(seat.user_id) in ids])
