"""The mails that tell a CEO what needs them, written when they are sent, if they still apply."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from alignment.models import Group, Notice
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import notice_type
from alignment.rules.roles import Role
from alignment.rules.zones import zone_named
from meetings.home import home
from meetings.models import Meeting
from meetings.needs import needs_you
from meetings.rules.reading_time import minutes_to_read

MOST_LISTED = 8
"""So many of the things that need a CEO stand in the mail, the rest as a number."""


@notice_type(
    "week",
    label="Weekly overview of all teams",
    group=Group.WEEK,
    by_day=True,
    chats=True,
    has_words=False,
)
def week(notice: Notice) -> Message | None:
    """What home says, as it is when the mail is sent: without the words of anybody."""
    with timezone.override(zone_named(notice.to.timezone)):
        page = home(notice.to, timezone.now())
    group = next((group for group in page.groups if group.kind == "ceo"), None)
    if group is None or len(group.rows) < 2:
        return None
    context = {
        "number": len(group.rows),
        "teams": group.pressing,
        "fine": group.fine,
        "needs": page.needs.number,
        "overdue": len(page.overdue),
        "url": settings.BASE_URL + reverse("meetings:home"),
    }
    return Message("week", notice.to, "USD", context)


@notice_type(
    "morning", label="Morning of a meeting: what needs you", group=Group.MORNING, by_day=True, chats=True
)
def morning(notice: Notice) -> Message | None:
    """None where nothing needs the reader and nothing is prepared, or today's meetings are over or called off."""
    now, zone = timezone.now(), zone_named(notice.to.timezone)
    day = date.fromisoformat(notice.payload["day"])
    meetings = _meetings_left(notice, now, datetime.combine(day + timedelta(days=1), time(), zone))
    with timezone.override(zone):
        needs = needs_you(notice.to, now)
    prepared = sum(meeting.submitted_at is not None for meeting in meetings)
    if not meetings or not (needs.number or prepared):
        return None
    context = {
        "meetings": meetings,
        "needs": needs.today[:MOST_LISTED],
        "more": max(0, needs.number - MOST_LISTED),
        "number": needs.number,
        "minutes": minutes_to_read(decisions=needs.number, agendas=prepared),
        "url": settings.BASE_URL + reverse("meetings:home"),
    }
    return Message("morning", notice.to, meetings[0].team.currency, context)


def _meetings_left(notice: Notice, now: datetime, midnight: datetime) -> list[Meeting]:
    """Of the reader as CEO, from now until the end of the day."""
    ahead = Meeting.objects.filter(
        state=Meeting.State.SCHEDULED,
        starts_at__gt=now,
        starts_at__lt=midnight,
        team__seats__user=notice.to_id,
        team__seats__role=Role.CEO,
        team__seats__until=None,
    )
    return list(ahead.select_related("team").order_by("starts_at", "pk"))
