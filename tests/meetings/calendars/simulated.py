"""A calendar program as RFC 5546 describes it: it takes a person's calendar mails in order and shows what is
on when.
"""

from __future__ import annotations

import email
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import time_machine
from dateutil.rrule import rrulestr
from django.core import mail
from icalendar import Calendar

from alignment.models import Team, User
from alignment.outbox.delivery import deliver_due
from alignment.sweep.run import sweep
from meetings.models import Meeting
from meetings.models.team_cadence import cadence_of
from meetings.rules.cadence import slots

FAR = timedelta(weeks=26)


@dataclass
class Entry:
    """A series under one UID: what the rule says, and each occurrence that is an exception."""

    sequence: int
    master: Any = None
    exceptions: dict[datetime, Any] = field(default_factory=dict)
    cancelled: set[datetime] = field(default_factory=set)


@dataclass
class SimulatedCalendar:
    """What lies at one address."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def take(self, calendar: Calendar) -> None:
        for event in calendar.events:
            uid, sequence = str(event["UID"]), int(event["SEQUENCE"])
            entry = self.entries.get(uid)
            if "RECURRENCE-ID" not in event:
                if entry is not None and sequence < entry.sequence:
                    return  # older than what is there, with all its exceptions
                if calendar["METHOD"] == "CANCEL":
                    self.entries.pop(uid, None)
                    continue
                off = event.get("EXDATE", [])
                dates = [day for each in (off if isinstance(off, list) else [off]) for day in each.dts]
                self.entries[uid] = Entry(sequence, event, {}, {day.dt.astimezone(UTC) for day in dates})
                continue
            slot = event["RECURRENCE-ID"].dt.astimezone(UTC)
            entry = self.entries.setdefault(uid, Entry(sequence))
            known = entry.exceptions.get(slot)
            if sequence < max(entry.sequence, int(known["SEQUENCE"]) if known else 0):
                continue
            if calendar["METHOD"] == "CANCEL":
                entry.cancelled.add(slot)
                entry.exceptions.pop(slot, None)
            else:
                entry.cancelled.discard(slot)
                entry.exceptions[slot] = event

    def events(self, since: datetime, until: datetime) -> dict[datetime, list[Any]]:
        """Every event that starts then, by its start."""
        found: dict[datetime, list[Any]] = defaultdict(list)
        for entry in self.entries.values():
            assert entry.master is not None, "an exception without its series"
            for slot in _expand(entry.master, until):
                if slot not in entry.cancelled and slot not in entry.exceptions:
                    found[slot].append(entry.master)
            for event in entry.exceptions.values():
                found[event["DTSTART"].dt.astimezone(UTC)].append(event)
        return {start: events for start, events in sorted(found.items()) if since < start <= until}


def _expand(master: Any, until: datetime) -> list[datetime]:
    start = master["DTSTART"].dt
    rule = dict(master["RRULE"])
    last = rule.pop("UNTIL", [None])[0]
    text = ";".join(f"{name}={','.join(str(value) for value in values)}" for name, values in rule.items())
    found = []
    for wall in rrulestr(f"RRULE:{text}", dtstart=start.replace(tzinfo=None)):
        slot = wall.replace(tzinfo=start.tzinfo).astimezone(UTC)
        if slot > until + FAR or (last is not None and slot > last):
            return found
        found.append(slot)
    return found


class Office:
    """Everybody's calendars by address, kept up to date by what is really mailed."""

    def __init__(self) -> None:
        self.calendars: dict[str, SimulatedCalendar] = defaultdict(SimulatedCalendar)
        self.read = 0

    def pass_time(self, now: datetime, *, sweeps: int = 2) -> None:
        """The sweep and the delivery, and every calendar program takes its mail."""
        for minute in range(sweeps):
            with time_machine.travel(now + timedelta(minutes=minute), tick=False):
                result = sweep(now + timedelta(minutes=minute))
                assert not result.failures, result.failures
                deliver_due()
        for message in mail.outbox[self.read :]:
            self._take(email.message_from_bytes(message.message().as_bytes(), policy=policy.default))
        self.read = len(mail.outbox)

    def _take(self, message: EmailMessage) -> None:
        for part in message.walk():
            if part.get_content_type() == "application/ics":
                self.calendars[str(message["To"])].take(Calendar.from_ical(part.get_content()))

    def starts(self, person: User, since: datetime, until: datetime) -> list[datetime]:
        """When the person's calendar has something, twice when it has it twice."""
        events = self.calendars[person.email].events(since, until)
        return [start for start, at in events.items() for _ in at]

    def agree(self, team: Team, people: list[User], now: datetime) -> None:
        """Each calendar shows what its person is expected at: the meetings planned, and the slots after them."""
        team = Team.objects.get(pk=team.pk)
        seated = {seat.user_id for seat in team.current_seats if seat.user.is_active}
        for person in people:
            person.refresh_from_db()
            expected = _expected(team, now) if person.pk in seated and person.calendar_mail else []
            assert self.starts(person, now, now + FAR) == expected, person


def _expected(team: Team, now: datetime) -> list[datetime]:
    planned = dict(team.meetings.values_list("planned_start", "pk"))
    ahead = Meeting.objects.filter(
        team=team, state__in=("scheduled", "in_progress", "held"), starts_at__gt=now
    )
    later = [slot for slot in slots(cadence_of(team), after=now, until=now + FAR) if slot not in planned]
    return sorted([*ahead.values_list("starts_at", flat=True), *later])
