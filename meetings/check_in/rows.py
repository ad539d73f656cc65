"""The check-ins that wait for the reader, as a column of the query of home."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from alignment.db.json_aggregation import JsonRows
from alignment.models import User
from meetings.models import CheckIn, CheckInAnswer


class OpenCheckInRow(NamedTuple):
    """A check-in of the reader that they have not answered yet."""

    meeting: int
    closes_at: datetime


def open_check_in_rows(user: User, now: datetime) -> JsonRows:
    """Those of the reader on the outer team, the first to close first."""
    answered = Exists(CheckInAnswer.objects.filter(user=user, check_in=OuterRef("pk")))
    rows = CheckIn.objects.visible_to(user).open(now).filter(~answered, meeting__team=OuterRef("pk"))
    return JsonRows(rows.order_by("closes_at", "pk"), into=OpenCheckInRow)
