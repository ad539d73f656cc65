"""Seats joined with the meetings of their teams: the rows that reminders of a meeting are made from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from alignment.models import Seat
from meetings.sweep.reminder import Reminder

#: A seat with one of its team's meetings: the annotations of `seats_with_meetings`.
SeatRow = Any


def seats_with_meetings(people: Q, **of_meeting: Any) -> QuerySet[Seat, Any]:
    """One row a seat and meeting: `people` filters the seats, `of_meeting` their team's meetings."""
    meeting_filters = {f"team__meetings__{name}": value for name, value in of_meeting.items()}
    names = (
        "sequence",
        "planned_start",
        "starts_at",
        "started_at",
        "started_by",
        "submitted_at",
        "missed_at",
    )
    return (
        Seat.objects.current()
        .filter(people, user__is_active=True, **meeting_filters)
        .order_by()
        .annotate(
            meeting=F("team__meetings__pk"),
            company=F("team__company"),
            zone=F("team__timezone"),
            **{name: F(f"team__meetings__{name}") for name in names},
        )
    )


def remind_of_meeting(kind: str, about: str, row: SeatRow, *, at: datetime, skipped: str = "") -> Reminder:
    payload = {"meeting": row.meeting, "sequence": row.sequence}
    return Reminder(kind, about, row.user_id, row.company, at, payload, skipped)
