"""What the audit log says of a meeting: what became of it, when and by whom; never its content."""

from __future__ import annotations

from datetime import datetime

from alignment.audit import note, spelled
from alignment.models import User
from alignment.rules.zones import zone_named
from meetings.models import Meeting
from meetings.rules.misses import Fault


def note_meeting(
    what: str,
    meeting: Meeting,
    *,
    by: User | None,
    now: datetime,
    old: object = "",
    new: object = "",
    why: str = "",
) -> None:
    """Add one entry, in the transaction of the change; `by` is None for the sweep."""
    day = spelled(meeting.planned_start.astimezone(zone_named(meeting.team.timezone)).date())
    about, company = f"{meeting.team.name}, meeting of {day}", meeting.team.company
    note(what, by=by, now=now, company=company, about=about, old=old, new=new, why=why)


def note_moved(meeting: Meeting, old: datetime, *, by: User, now: datetime) -> None:
    new = spell_moment(meeting, meeting.starts_at)
    note_meeting("meeting.moved", meeting, by=by, now=now, old=spell_moment(meeting, old), new=new)


def spell_moment(meeting: Meeting, moment: datetime) -> str:
    """A time in the team's zone: "9 November 2026 09:00 (Europe/Paris)"."""
    local = moment.astimezone(zone_named(meeting.team.timezone))
    return f"{spelled(local.date())} {local:%H:%M} ({meeting.team.timezone})"


def spell_outcome(state: str, fault: str) -> str:
    """ "missed, the CEO was absent"."""
    label = Meeting.State(state).label.lower()
    return f"{label}, {Fault(fault).in_words}" if fault else label
