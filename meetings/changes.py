"""Changes of a meeting's time, each told to everyone seated in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from alignment.models import User
from meetings import invitations
from meetings.models import Meeting


@transaction.atomic
def move(meeting: Meeting, to: datetime, *, by: User, now: datetime, why: str) -> None:
    """Hold it at another time. Raises NotNow like Meeting.move."""
    meeting.move(to, by=by, now=now, why=why)
    invitations.tell_moved(meeting, now)


@transaction.atomic
def excuse(meeting: Meeting, *, by: User, now: datetime, why: str) -> None:
    """Say beforehand that it will not be held. Raises NotNow like Meeting.excuse."""
    meeting.excuse(by=by, now=now, why=why)
    invitations.tell_excused(meeting, now)
