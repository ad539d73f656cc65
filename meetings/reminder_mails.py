"""The words of meetings.reminders, made when they are sent: a reminder whose reason is gone by then says nothing.

Subjects name a team and a time, never words of a meeting: they are read on locked screens and in chats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from alignment.mail import Letter
from alignment.middleware import zone_named
from alignment.models import Group, Notice, Seat
from alignment.models.teams import Role, Side
from alignment.notices import maker
from meetings.home import home
from meetings.models import Attendance, Commitment, Meeting
from meetings.reminders import STILL_WORTH_JOINING


def meetings_of(notices: Sequence[Notice]) -> dict[int, Meeting]:
    """The meeting each notice is about, with its team and everyone on it, in two queries."""
    wanted = {notice.payload["meeting"] for notice in notices}
    read = Meeting.objects.select_related("team__company", "handed_in_by", "started_by").in_bulk(wanted)
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in (
        Seat.objects.current()
        .filter(team__in={each.team_id for each in read.values()})
        .select_related("user")
    ):
        seats[seat.team_id].append(seat)
    for each in read.values():
        each.team.current_seats = seats[each.team_id]
    return {
        notice.pk: read[notice.payload["meeting"]] for notice in notices if notice.payload["meeting"] in read
    }


@maker(
    "preparation",
    label="Preparation is due",
    group=Group.PREPARATION,
    chats=True,
    has_words=False,
    read=meetings_of,
)
def preparation(notice: Notice) -> Letter | None:
    meeting, now = _meeting(notice), timezone.now()
    if meeting is None or _is_moved(meeting, notice) or meeting.handed_in_at or now >= meeting.starts_at:
        return None
    later = [hours for hours in meeting.team.reminder_hours if hours < notice.payload["hours"]]
    if meeting.team.side_of(notice.to) != Side.LEADER or any(
        meeting.preparation_due - timedelta(hours=hours) <= now for hours in later
    ):
        return None
    return _letter(notice, meeting, "meetings:prepare", late=now >= meeting.preparation_due)


@maker(
    "prepared", label="Ready to read", group=Group.PREPARATION, chats=True, has_words=False, read=meetings_of
)
def prepared(notice: Notice) -> Letter | None:
    meeting = _meeting(notice)
    if meeting is None or not meeting.is_scheduled or meeting.team.role_of(notice.to) != Role.CEO:
        return None
    return _letter(notice, meeting, "meetings:review")


@maker(
    "starting",
    label="About to start",
    group=Group.MEETING,
    waits=False,
    chats=True,
    has_words=False,
    read=meetings_of,
)
def starting(notice: Notice) -> Letter | None:
    meeting, now = _meeting(notice), timezone.now()
    if meeting is None or _is_moved(meeting, notice) or not meeting.is_scheduled or now >= meeting.starts_at:
        return None
    return _letter(notice, meeting, "meetings:present") if meeting.team.is_pair(notice.to) else None


@maker(
    "absent",
    label="Started without them",
    group=Group.MEETING,
    waits=False,
    chats=True,
    has_words=False,
    read=meetings_of,
)
def absent(notice: Notice) -> Letter | None:
    meeting, now = _meeting(notice), timezone.now()
    if meeting is None or not meeting.is_in_progress or not meeting.started_at:
        return None
    there = Attendance.objects.filter(meeting=meeting, user=notice.to_id, present=True).exists()
    if there or now > meeting.started_at + STILL_WORTH_JOINING or not meeting.team.is_pair(notice.to):
        return None
    return _letter(notice, meeting, "meetings:present")


@maker("missed", label="A meeting was missed", chats=True, has_words=False, read=meetings_of)
def missed(notice: Notice) -> Letter | None:
    meeting = _meeting(notice)
    if meeting is None or meeting.state != Meeting.State.MISSED or not meeting.team.is_pair(notice.to):
        return None
    following = Meeting.objects.ahead().filter(team=meeting.team_id, starts_at__gt=timezone.now()).first()
    return _letter(notice, meeting, "meetings:review", following=following)


@maker("commitments_due", label="Commitments due tomorrow", group=Group.COMMITMENT, chats=True)
def commitments_due(notice: Notice) -> Letter | None:
    due = date.fromisoformat(notice.payload["due"])
    return _commitments(notice, _open(notice).filter(due=due), due=due) if due >= _today(notice) else None


@maker("overdue", label="Commitments overdue", group=Group.COMMITMENT, chats=True)
def overdue(notice: Notice) -> Letter | None:
    return _commitments(notice, _open(notice).filter(due__lt=_today(notice)))


@maker("week", label="The week of all teams", group=Group.WEEK, chats=True, has_words=False)
def week(notice: Notice) -> Letter | None:
    with timezone.override(zone_named(notice.to.timezone)):
        groups = home(notice.to, timezone.now()).groups
    teams = next((group.rows for group in groups if group.kind == "ceo"), ())
    if len(teams) < 2:
        return None
    url = settings.BASE_URL + reverse("meetings:home")
    return Letter("week", notice.to, "USD", {"teams": teams, "url": url})


def _meeting(notice: Notice) -> Meeting | None:
    """As the batch's reader found it; by itself when there was none."""
    found: Meeting | None = notice.found or meetings_of([notice]).get(notice.pk)
    return found


def _is_moved(meeting: Meeting, notice: Notice) -> bool:
    """Moved, excused or over since: what is said of its time is not true any more."""
    return not meeting.is_scheduled or meeting.sequence != notice.payload["sequence"]


def _letter(notice: Notice, meeting: Meeting, page: str, **context: Any) -> Letter:
    url = settings.BASE_URL + reverse(page, args=(meeting.pk,))
    told: Mapping[str, Any] = {
        "meeting": meeting, "team": meeting.team, "leader": meeting.team.holder(Role.LEADER),
        "other": _other(meeting, notice), "url": url, **context,
    }  # fmt: skip
    return Letter(notice.kind, notice.to, meeting.team.currency, told)


def _other(meeting: Meeting, notice: Notice) -> Any:
    """The other one of the two, seen from the reader."""
    two = (meeting.team.holder(role) for role in (Role.CEO, Role.LEADER))
    return next((user for user in two if user is not None and user.pk != notice.to_id), None)


def _open(notice: Notice) -> QuerySet[Commitment]:
    """The reader's open commitments that they may read."""
    mine = Commitment.objects.visible_to(notice.to).open().filter(owner=notice.to_id)
    return mine.select_related("team__company")


def _commitments(notice: Notice, found: QuerySet[Commitment], **context: Any) -> Letter | None:
    rows = list(found)
    if not rows:
        return None
    url = settings.BASE_URL + reverse("meetings:commitments")
    return Letter(notice.kind, notice.to, rows[0].team.currency, {"commitments": rows, "url": url, **context})


def _today(notice: Notice) -> date:
    """The day it is for the reader."""
    return timezone.now().astimezone(zone_named(notice.to.timezone)).date()
