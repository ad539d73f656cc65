"""Meetings that nobody started in time: missed, or excused because of a day off."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from alignment.sweep.steps import NOTHING, Counts
from meetings.audit import note_meeting, spell_outcome
from meetings.models import Meeting, TransitionNotAllowed
from meetings.schedule.days_off import find_days_off_for

log = logging.getLogger(__name__)


def find_past_start(now: datetime) -> Iterable[Meeting]:
    """Scheduled meetings whose time has come, the earliest first."""
    past = Meeting.objects.filter(state=Meeting.State.SCHEDULED, starts_at__lte=now)
    return past.select_related("team__company").order_by("starts_at")


def is_unheld(meeting: Meeting, now: datetime) -> bool:
    return now >= meeting.counts_as_missed_at


def mark_unheld(meeting: Meeting, now: datetime) -> Counts:
    """Mark it as missed, with whose miss it was, or as excused."""
    days_off = find_days_off_for([(meeting.team_id, meeting.starts_at)])
    excuse = days_off.excuse(meeting.team_id, meeting.starts_at, meeting.team.timezone)
    try:
        if excuse:
            meeting.mark_excused(by=excuse.user, now=now, why=excuse.reason)
        else:
            meeting.mark_missed(now=now)
    except TransitionNotAllowed:
        log.info("meeting %s was started, moved or marked meanwhile", meeting.pk)
        return NOTHING
    if excuse:
        note_meeting("meeting.excused", meeting, by=None, now=now, new="excused", why=excuse.reason)
        return {"excused": 1}
    note_meeting(
        "meeting.missed", meeting, by=None, now=now, new=spell_outcome(meeting.state, meeting.missed_by)
    )
    return {"missed": 1}
