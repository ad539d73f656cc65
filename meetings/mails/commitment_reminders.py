"""The mails that remind of commitments, written when they are sent, if they still apply."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from alignment.models import Group, Notice
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import notice_type
from alignment.rules.zones import zone_named
from meetings.models import Commitment


@notice_type("commitments_due", label="Commitments due", group=Group.COMMITMENT, chats=True)
def commitments_due(notice: Notice) -> Message | None:
    due = date.fromisoformat(notice.payload["due"])
    return _commitments(notice, _open(notice).filter(due=due), due=due) if due >= _today(notice) else None


@notice_type("overdue", label="Commitments overdue", group=Group.COMMITMENT, chats=True)
def overdue(notice: Notice) -> Message | None:
    return _commitments(notice, _open(notice).filter(due__lt=_today(notice)))


def _open(notice: Notice) -> QuerySet[Commitment]:
    """The reader's open commitments that they may read."""
    mine = Commitment.objects.visible_to(notice.to).open().filter(owner=notice.to_id)
    return mine.select_related("team__company")


def _commitments(notice: Notice, commitments: QuerySet[Commitment], **context: Any) -> Message | None:
    rows = list(commitments)
    if not rows:
        return None
    url = settings.BASE_URL + reverse("meetings:commitments")
    return Message(
        notice.kind, notice.to, rows[0].team.currency, {"commitments": rows, "url": url, **context}
    )


def _today(notice: Notice) -> date:
    """Today in the reader's zone."""
    return timezone.now().astimezone(zone_named(notice.to.timezone)).date()
