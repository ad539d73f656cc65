"""One pass of the clock: plan what is ahead, state what was missed, close what was left open, owe what is due."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from alignment import seating
from alignment.models import Heartbeat
from meetings import closing, escalation, invitations, reminders
from meetings.days_off import days_off_of, local_day
from meetings.facts import note_meeting, stated
from meetings.models import Meeting, NotNow
from meetings.planning import plan_all

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one pass did."""

    planned: int
    missed: int
    closed: int
    invited: int = 0
    owed: int = 0
    raised: int = 0
    excused: int = 0
    reseated: int = 0


def sweep(now: datetime) -> Swept:
    """Bring every meeting to where it stands at `now`. Run twice, late or on two machines, it does each thing once."""
    reseated = seating.carry_out(now)
    planned = plan_all(now)
    missed, excused = _state_the_unheld(now)
    closed = _close_the_open(now)
    raised = escalation.sweep(now)
    invited = invitations.catch_up(now)
    owed = reminders.owe(now)
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": now})
    return Swept(
        planned=planned, missed=missed, excused=excused, closed=closed, invited=invited, owed=owed, raised=raised,
        reseated=reseated,
    )  # fmt: skip


def _state_the_unheld(now: datetime) -> tuple[int, int]:
    """Of the meetings nobody started in time: how many were missed, and how many excused because they fell on a day off."""
    begun = Meeting.objects.filter(state=Meeting.State.SCHEDULED, starts_at__lte=now).order_by("starts_at")
    unheld = [meeting for meeting in begun.select_related("team__company") if now >= meeting.missed_from]
    off = days_off_of((meeting.team_id, meeting.starts_at) for meeting in unheld)
    missed = excused = 0
    for meeting in unheld:
        excuse = off.excuse(meeting.team_id, local_day(meeting), meeting.starts_at)
        with _elsewhere(meeting), transaction.atomic():
            if excuse:
                meeting.let_pass(by=excuse.who, now=now, why=excuse.reason)
                note_meeting("meeting.excused", meeting, by=None, now=now, new="excused", why=excuse.reason)
                excused += 1
            else:
                meeting.miss(now=now)
                told = stated(meeting.state, meeting.missed_by)
                note_meeting("meeting.missed", meeting, by=None, now=now, new=told)
                missed += 1
    return missed, excused


def _close_the_open(now: datetime) -> int:
    running = Meeting.objects.filter(state=Meeting.State.IN_PROGRESS, starts_at__lte=now).order_by(
        "starts_at"
    )
    closed = 0
    for meeting in running.select_related("team__company"):
        with _elsewhere(meeting):
            if now >= meeting.closes_itself_at:
                closing.close(meeting, by=None, now=now)
                closed += 1
    return closed


@contextmanager
def _elsewhere(meeting: Meeting) -> Iterator[None]:
    """Another process, or one of the two, may be faster: then there is nothing to do."""
    try:
        yield
    except NotNow:
        log.info("meeting %s was dealt with elsewhere", meeting.pk)
