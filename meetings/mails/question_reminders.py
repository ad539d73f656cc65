"""The mails that tell a sales leader what waits for their answer, written when they are sent, if they still apply:
questions, and files that came to the upload address.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from alignment.models import Group, Notice, Seat
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import notice_type
from alignment.rules.roles import Role, Side
from deals.models import ImportRun
from meetings.models import Issue


@notice_type("question", label="You were asked a question", group=Group.QUESTION, by_day=True, chats=True)
def question(notice: Notice) -> Message | None:
    """All open questions of the teams the reader leads, the newest first."""
    led = Seat.objects.current().filter(user=notice.to_id, role=Role.LEADER).values("team")
    unanswered = Issue.objects.visible_to(notice.to).unanswered_by(Side.LEADER).filter(team__in=led)
    questions = list(unanswered.select_related("team", "created_by").order_by("-created_at", "-pk"))
    if not questions:
        return None
    url = settings.BASE_URL + reverse("meetings:home")
    return Message("question", notice.to, questions[0].team.currency, {"questions": questions, "url": url})


@notice_type("waiting_upload", label="An upload waits for you", group=Group.QUESTION, by_day=True, chats=True)
def waiting_upload(notice: Notice) -> Message | None:
    """All that wait for the team, the newest first. None once somebody has looked, or it waits no more."""
    waiting = ImportRun.objects.waiting_unseen().readable_by(notice.to)
    first = waiting.select_related("team__company").filter(pk=notice.payload["run"]).first()
    if first is None or first.team is None:
        return None
    runs = list(waiting.filter(team=first.team).order_by("-started_at", "-pk"))
    url = settings.BASE_URL + reverse("deals:imports")
    context = {"runs": runs, "team": first.team, "url": url}
    return Message("waiting_upload", notice.to, first.team.currency, context)
