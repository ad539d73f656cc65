"""The mail of an escalation. It cannot be turned off and has facts only, as company admins read it too."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from alignment.models import Notice
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import notice_type
from alignment.rules.roles import Role
from meetings.models import Flag, Meeting


@notice_type("escalated", label="Meetings missed in a row", chats=True, has_words=False)
def escalated(notice: Notice) -> Message | None:
    flag = Flag.objects.select_related("team__company", "meeting").filter(pk=notice.payload["flag"]).first()
    if flag is None or flag.cleared_at is not None or not flag.can_acknowledge(notice.to):
        return None
    team = flag.team
    context = {
        "flag": flag,
        "team": team,
        "since": flag.meeting,
        "ceo": team.holder(Role.CEO),
        "leader": team.holder(Role.LEADER),
        "following": Meeting.objects.ahead().filter(team=team).first(),
        "url": f"{settings.BASE_URL}{reverse('meetings:team', args=(team.slug,))}#flag",
    }
    return Message("escalated", notice.to, team.currency, context)
