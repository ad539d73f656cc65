"""Changes of a meeting's time, each told to everyone seated in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from alignment.models import User
from meetings import invitations
from meetings.facts import note_meeting, note_moved
from meetings.models import Meeting


@transaction.atomic
def begin(meeting: Meeting, *, by: User, now: datetime) -> None:
    """Start it; long before its time that is a move too. Raises NotNow like Meeting.start."""
    old = meeting.starts_at
    meeting.start(by=by, now=now)
    if meeting.starts_at != old:
        note_moved(meeting, old, by=by, now=now)


@transaction.atomic
def move(meeting: Meeting, to: datetime, *, by: User, now: datetime, why: str) -> None:
    """Hold it at another time. Raises NotNow like Meeting.move."""
    old = meeting.starts_at
    meeting.move(to, by=by, now=now, why=why)
    note_moved(meeting, old, by=by, now=now)
    invitations.tell_moved(meeting, now)


@transaction.atomic
def excuse(meeting: Meeting, *, by: User, now: datetime, why: str) -> None:
    """Say beforehand that it will not be held. Raises NotNow like Meeting.excuse."""
    meeting.excuse(by=by, now=now, why=why)
    note_meeting("meeting.excused", meeting, by=by, now=now, old="scheduled", new="excused")
    invitations.tell_excused(meeting, now)
