"""The mails that remind of meetings, written when they are sent, if they still apply.

Subjects name a team and a time, never the content of a meeting: they show on locked screens and in chats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from alignment.models import Group, Notice, Seat
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import notice_type
from alignment.rules.roles import PRINCIPAL_ROLES, Role, Side
from meetings.models import Attendance, Meeting
from meetings.sweep.meeting_reminders import STILL_WORTH_JOINING


def meetings_of(notices: Sequence[Notice]) -> dict[int, Meeting]:
    """The meeting each notice is about, with its team, everyone on it and the company's holidays, in three queries."""
    pks = {notice.payload["meeting"] for notice in notices}
    rows = Meeting.objects.select_related("team__company", "submitted_by", "started_by")
    meetings = rows.prefetch_related("team__company__holidays").in_bulk(pks)
    teams = {meeting.team_id for meeting in meetings.values()}
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.current().filter(team__in=teams).select_related("user"):
        seats[seat.team_id].append(seat)
    for meeting in meetings.values():
        meeting.team.with_seats(seats[meeting.team_id])
    meeting_of = {notice.pk: notice.payload["meeting"] for notice in notices}
    return {notice: meetings[pk] for notice, pk in meeting_of.items() if pk in meetings}


@notice_type(
    "preparation",
    label="Preparation is due",
    group=Group.PREPARATION,
    chats=True,
    has_words=False,
    read=meetings_of,
)
def preparation(notice: Notice) -> Message | None:
    meeting, now = _meeting(notice), timezone.now()
    if meeting is None or _is_moved(meeting, notice) or meeting.submitted_at or now >= meeting.starts_at:
        return None
    later = [hours for hours in meeting.team.reminder_hours if hours < notice.payload["hours"]]
    if meeting.team.side_of(notice.to) != Side.LEADER or any(
        meeting.preparation_due - timedelta(hours=hours) <= now for hours in later
    ):
        return None
    return _compose(notice, meeting, "meetings:prepare", late=now >= meeting.preparation_due)


@notice_type(
    "prepared",
    label="Ready to review",
    group=Group.PREPARATION,
    chats=True,
    has_words=False,
    read=meetings_of,
)
def prepared(notice: Notice) -> Message | None:
    meeting = _meeting(notice)
    if meeting is None or not meeting.is_scheduled or meeting.team.role_of(notice.to) != Role.CEO:
        return None
    return _compose(notice, meeting, "meetings:review")


@notice_type(
    "starting",
    label="About to start",
    group=Group.MEETING,
    waits=False,
    chats=True,
    has_words=False,
    read=meetings_of,
)
def starting(notice: Notice) -> Message | None:
    meeting, now = _meeting(notice), timezone.now()
    if meeting is None or _is_moved(meeting, notice) or not meeting.is_scheduled or now >= meeting.starts_at:
        return None
    return _compose(notice, meeting, "meetings:present") if meeting.team.is_principal(notice.to) else None


@notice_type(
    "absent",
    label="Started without them",
    group=Group.MEETING,
    waits=False,
    chats=True,
    has_words=False,
    read=meetings_of,
)
def absent(notice: Notice) -> Message | None:
    meeting, now = _meeting(notice), timezone.now()
    if meeting is None or not meeting.is_in_progress or not meeting.started_at:
        return None
    there = Attendance.objects.filter(meeting=meeting, user=notice.to_id, present=True).exists()
    if there or now > meeting.started_at + STILL_WORTH_JOINING or not meeting.team.is_principal(notice.to):
        return None
    return _compose(notice, meeting, "meetings:present")


@notice_type("missed", label="A meeting was missed", chats=True, has_words=False, read=meetings_of)
def missed(notice: Notice) -> Message | None:
    meeting = _meeting(notice)
    if meeting is None or meeting.state != Meeting.State.MISSED or not meeting.team.is_principal(notice.to):
        return None
    following = Meeting.objects.ahead().filter(team=meeting.team_id, starts_at__gt=timezone.now()).first()
    return _compose(notice, meeting, "meetings:review", following=following)


def _meeting(notice: Notice) -> Meeting | None:
    """The meeting as read for the whole batch, otherwise read alone."""
    meeting: Meeting | None = notice.data or meetings_of([notice]).get(notice.pk)
    return meeting


def _is_moved(meeting: Meeting, notice: Notice) -> bool:
    """Moved, excused or over since: the time in the notice is no longer true."""
    return not meeting.is_scheduled or meeting.sequence != notice.payload["sequence"]


def _compose(notice: Notice, meeting: Meeting, page: str, **context: Any) -> Message:
    url = settings.BASE_URL + reverse(page, args=(meeting.pk,))
    context |= {
        "meeting": meeting,
        "team": meeting.team,
        "leader": meeting.team.holder(Role.LEADER),
        "other": _other_principal(meeting, notice),
        "url": url,
    }
    return Message(notice.kind, notice.to, meeting.team.currency, context)


def _other_principal(meeting: Meeting, notice: Notice) -> Any:
    """The leader for the CEO, the CEO for the leader."""
    principals = (meeting.team.holder(role) for role in PRINCIPAL_ROLES)
    return next((user for user in principals if user is not None and user.pk != notice.to_id), None)
