"""One pass of the clock: plan what is ahead, state what was missed, close what was left open, owe what is due."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from alignment.models import Heartbeat
from meetings import closing, escalation, invitations, reminders
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


def sweep(now: datetime) -> Swept:
    """Bring every meeting to where it stands at `now`. Run twice, late or on two machines, it does each thing once."""
    planned = plan_all(now)
    ahead = Meeting.objects.ahead().filter(starts_at__lte=now).select_related("team__company")
    missed = closed = 0
    for meeting in ahead:
        try:
            missed += _miss(meeting, now)
            closed += _close(meeting, now)
        except NotNow:
            log.info("meeting %s was dealt with elsewhere", meeting.pk)
    raised = escalation.sweep(now)
    invited = invitations.catch_up(now)
    owed = reminders.owe(now)
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": now})
    return Swept(planned=planned, missed=missed, closed=closed, invited=invited, owed=owed, raised=raised)


def _miss(meeting: Meeting, now: datetime) -> bool:
    if not meeting.is_scheduled or now < meeting.missed_from:
        return False
    meeting.miss(now=now)
    return True


def _close(meeting: Meeting, now: datetime) -> bool:
    if not meeting.is_in_progress or now < meeting.closes_itself_at:
        return False
    closing.close(meeting, by=None, now=now)
    return True
