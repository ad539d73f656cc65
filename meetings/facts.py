"""What the audit says of a meeting: what became of it, when and by whom; never words of it, nor why it was moved."""

from __future__ import annotations

from datetime import datetime

from alignment.audit import note, spelled
from alignment.middleware import zone_named
from alignment.models import User
from meetings.discipline import Fault
from meetings.models import Meeting


def note_meeting(
    what: str, meeting: Meeting, *, by: User | None, now: datetime, old: object = "", new: object = "", why: str = ""
) -> None:  # fmt: skip
    """One line, in the transaction of the change; `by` nobody is the clock."""
    day = spelled(meeting.planned_start.astimezone(zone_named(meeting.team.timezone)).date())
    about, company = f"{meeting.team.name}, meeting of {day}", meeting.team.company
    note(what, by=by, now=now, company=company, about=about, old=old, new=new, why=why)


def note_moved(meeting: Meeting, old: datetime, *, by: User, now: datetime) -> None:
    told = {"old": at(meeting, old), "new": at(meeting, meeting.starts_at)}
    note_meeting("meeting.moved", meeting, by=by, now=now, **told)


def at(meeting: Meeting, moment: datetime) -> str:
    """A time in the team's zone: "9 November 2026 09:00 (Europe/Paris)"."""
    local = moment.astimezone(zone_named(meeting.team.timezone))
    return f"{spelled(local.date())} {local:%H:%M} ({meeting.team.timezone})"


def stated(state: str, fault: str) -> str:
    """ "missed, the CEO was not there"."""
    said = Meeting.State(state).label.lower()
    return f"{said}, {Fault(fault).in_words}" if fault else said
