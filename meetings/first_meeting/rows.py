"""First meetings as a column of the query of home."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from alignment.db.json_aggregation import JsonRows
from alignment.models import User
from meetings.models import FirstMeeting, FirstMeetingAnswer


class FirstMeetingRow(NamedTuple):
    """A first meeting of the reader and somebody else, in one fiscal year."""

    ceo: int
    leader: int
    year_starts_on: date
    opened_at: datetime | None
    ended_at: datetime | None
    declined_at: datetime | None
    is_prepared: bool
    """By the reader."""


def first_meeting_rows(user: User) -> JsonRows:
    """Those of the reader on the outer team, the newest fiscal years first."""
    own = FirstMeetingAnswer.objects.filter(first_meeting=OuterRef("pk"), user=user)
    rows = FirstMeeting.objects.visible_to(user).filter(team=OuterRef("pk"))
    return JsonRows(rows.annotate(is_prepared=Exists(own.exclude(done_at=None))), into=FirstMeetingRow)
