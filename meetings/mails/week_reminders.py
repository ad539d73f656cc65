"""The overview of the week, written when it is sent."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from alignment.models import Group, Notice
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import notice_type
from alignment.rules.zones import zone_named
from meetings.home import home


@notice_type("week", label="Weekly overview of all teams", group=Group.WEEK, chats=True, has_words=False)
def week(notice: Notice) -> Message | None:
    with timezone.override(zone_named(notice.to.timezone)):
        groups = home(notice.to, timezone.now()).groups
    teams = next((group.rows for group in groups if group.kind == "ceo"), ())
    if len(teams) < 2:
        return None
    url = settings.BASE_URL + reverse("meetings:home")
    return Message("week", notice.to, "USD", {"teams": teams, "url": url})
