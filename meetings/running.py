"""What the two say of a meeting itself: who is there, how good it was, who else gets the recap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from alignment.models import Seat, User
from alignment.models.teams import Role
from meetings.models import Attendance, Meeting, NotNow, Rating

RATED_UNTIL = timedelta(days=7)
"""How long after the close each of the two may still rate the meeting."""

ARRIVES = timedelta(minutes=15)
"""How long before the start each of the two may say that they are there."""

RATED_IN = "A meeting can be rated while it runs and for a week after it was closed."

WATCHERS = (Role.FACILITATOR, Role.OBSERVER, Role.DELEGATE)


def attend(meeting: Meeting, user: User, *, present: bool, now: datetime) -> None:
    """Write down whether one of the two is there. Raises NotNow unless the meeting runs or is about to be started."""
    if not meeting.is_in_progress and not may_arrive(meeting, now):
        raise NotNow("This meeting is not in progress, so who is there cannot be changed.")
    told = {"role": meeting.team.role_of(user), "present": present, "at": now}
    Attendance.objects.update_or_create(meeting=meeting, user=user, defaults=told)
    meeting.stir()


def may_arrive(meeting: Meeting, now: datetime) -> bool:
    """From a quarter of an hour before the start until it counts as missed: it tells whose miss it is."""
    return meeting.is_scheduled and meeting.starts_at - ARRIVES <= now < meeting.missed_from


def may_rate(meeting: Meeting, now: datetime) -> bool:
    """While it runs, and for a week after it was closed."""
    if meeting.is_in_progress:
        return True
    return meeting.closed_at is not None and now <= meeting.closed_at + RATED_UNTIL


def ratings_are_shown(meeting: Meeting, roles: Iterable[str], now: datetime) -> bool:
    """Once both of the two have rated; or when nobody can rate any more. Until then a rating is its writer's alone."""
    return {Role.CEO, Role.LEADER} <= set(roles) or not may_rate(meeting, now)


def rate(meeting: Meeting, user: User, *, score: int, why: str, now: datetime) -> None:
    """How good the meeting was for one of the two, 1 to 10; the last word counts. Raises NotNow out of its time."""
    if not may_rate(meeting, now):
        raise NotNow(RATED_IN)
    told = {"role": meeting.team.role_of(user), "score": score, "why": why, "at": now}
    Rating.objects.update_or_create(meeting=meeting, user=user, defaults=told)
    meeting.stir()


def watchers(meeting: Meeting) -> list[Seat]:
    """Who else sits on the team and may be sent the recap."""
    return [seat for seat in meeting.team.current_seats if seat.role in WATCHERS]


def next_start() -> Subquery:
    """When the team's next meeting begins: the usual day of what is promised in this one. To annotate meetings."""
    after = Meeting.objects.filter(
        team=OuterRef("team"), state=Meeting.State.SCHEDULED, starts_at__gt=OuterRef("starts_at")
    )
    return Subquery(after.order_by("starts_at").values("starts_at")[:1])


def usual_readers(meeting: Meeting) -> set[int]:
    """Who got the recap of the last held meeting: the choice to begin with."""
    held = Meeting.objects.filter(team=meeting.team_id, state=Meeting.State.HELD)
    last = held.filter(planned_start__lt=meeting.planned_start).order_by("-planned_start").values("pk")[:1]
    return set(Meeting.recap_to.through.objects.filter(meeting__in=last).values_list("user", flat=True))


def choose_readers(meeting: Meeting, chosen: Iterable[str]) -> None:
    """Send the recap to those of the watchers whose ids are named, and to the two as always."""
    wanted = set(chosen)
    meeting.recap_to.set([seat.user_id for seat in watchers(meeting) if str(seat.user_id) in wanted])
