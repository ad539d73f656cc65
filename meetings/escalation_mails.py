"""The words of an escalation. It cannot be turned off, and says facts alone: company admins read it too."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from alignment.mail import Letter
from alignment.models import Notice
from alignment.models.teams import Role
from alignment.notices import maker
from meetings.models import Flag, Meeting


@maker("escalated", label="Meetings missed in a row", chats=True, has_words=False)
def escalated(notice: Notice) -> Letter | None:
    flag = Flag.objects.select_related("team__company", "meeting").filter(pk=notice.payload["flag"]).first()
    if flag is None or flag.cleared_at is not None or not flag.can_acknowledge(notice.to):
        return None
    team = flag.team
    told = {
        "flag": flag, "team": team, "since": flag.meeting, "ceo": team.holder(Role.CEO), "leader": team.holder(Role.LEADER),
        "following": Meeting.objects.ahead().filter(team=team).first(),
        "url": f"{settings.BASE_URL}{reverse('meetings:team', args=(team.slug,))}#flag",
    }  # fmt: skip
    return Letter("escalated", notice.to, team.currency, told)
