"""Meetings that were left open are closed automatically."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from alignment.sweep.steps import NOTHING, Counts
from meetings.models import Meeting, TransitionNotAllowed
from meetings.transitions import closing

log = logging.getLogger(__name__)


def find_in_progress(now: datetime) -> Iterable[Meeting]:
    """Meetings in progress, the earliest first."""
    running = Meeting.objects.filter(state=Meeting.State.IN_PROGRESS, starts_at__lte=now)
    return running.select_related("team__company").order_by("starts_at")


def closes_itself(meeting: Meeting, now: datetime) -> bool:
    return now >= meeting.closes_itself_at


def close_meeting(meeting: Meeting, now: datetime) -> Counts:
    try:
        closing.close_meeting(meeting, by=None, now=now)
    except TransitionNotAllowed:
        log.info("meeting %s was closed meanwhile", meeting.pk)
        return NOTHING
    return {"closed": 1}
