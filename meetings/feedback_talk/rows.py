"""What the reader answered, as a column of the query of home."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import OuterRef

from alignment.db.json_aggregation import JsonRows
from alignment.models import User
from meetings.models import FeedbackTalk


class FeedbackTalkRow(NamedTuple):
    """What the reader answered in a quarter: whether the sales leader knows where they stand."""

    starts_on: date
    talked_on: date | None
    not_yet: int
    ask_on: date | None
    version: int


def feedback_talk_rows(user: User, now: datetime) -> JsonRows:
    """Of the outer team, in quarters that are not over."""
    talks = FeedbackTalk.objects.visible_to(user).running(now)
    return JsonRows(talks.filter(team=OuterRef("pk")), into=FeedbackTalkRow)
