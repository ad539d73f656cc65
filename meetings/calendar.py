"""iCalendar mails (RFC 5545 and 5546) from plain values: they put a series into a calendar, change it and end it. Pure.

The feed (meetings.calendar_feed) has one entry a meeting, in UTC, with a name of its own: nothing to compute for whoever
reads it, and what is gone from it is gone. A mailed series is one repeating entry with exceptions, in the team's zone: a
mail cannot name meetings that are not planned yet. The two never share a name (UID): a program that sees both could take
one for a newer version of the other. Both are written from the same rows, so they never contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vUri

from alignment.vtimezone import DAYS, vtimezone
from meetings.cadence import Cadence, Kind, slots

PRODID = "-//Alignment//Meetings//EN"
REMIND = timedelta(minutes=15)
#: How far ahead a series is looked through for slots in a gap of the clock, and a zone without rules is listed.
FORESEEN, LISTED = timedelta(days=2 * 365), timedelta(days=10 * 365)

UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
ADDRESS = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class BadAddress(ValueError):  # noqa: N818 - a state, not an error
    """Not an address that can be put into a calendar: it holds a line break, or is none."""


@dataclass(frozen=True, slots=True)
class Guest:
    name: str
    address: str
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """A standing meeting: `cadence.starts_on` is the day of its first slot; `sent_at` is when this was said."""

    uid: str
    title: str
    text: str
    url: str
    cadence: Cadence
    organizer: Guest
    guests: Sequence[Guest]
    sequence: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A slot of the series whose meeting was moved (or not held at all, when `is_off`)."""

    slot: datetime
    starts_at: datetime
    text: str
    url: str
    sequence: int
    is_off: bool = False


def request(series: Series, occurrences: Iterable[Occurrence] = ()) -> bytes:
    """The whole series with its exceptions, to put in the place of what the calendar had of it."""
    told = {each.slot: each for each in occurrences}
    known = sorted((_doubtful(series) | told).values(), key=lambda each: each.slot)
    calendar = _calendar("REQUEST", series)
    master = _master(series)
    for off in (each for each in known if each.is_off):
        master.add("exdate", _by_name(series.cadence, off.slot))
    calendar.add_component(master)
    for moved in (each for each in known if not each.is_off):
        calendar.add_component(_exception(series, moved))
    return _written(calendar)


def request_one(series: Series, occurrence: Occurrence) -> bytes:
    """One occurrence at another time; the rest of the series stays."""
    calendar = _calendar("REQUEST", series)
    calendar.add_component(_exception(series, occurrence))
    return _written(calendar)


def cancel_one(series: Series, occurrence: Occurrence) -> bytes:
    """One occurrence out of the calendar."""
    calendar = _calendar("CANCEL", series)
    event = _exception(series, occurrence)
    event["status"] = "CANCELLED"
    event.subcomponents.clear()
    calendar.add_component(event)
    return _written(calendar)


def cancel(series: Series) -> bytes:
    """The whole series out of the calendar."""
    calendar = _calendar("CANCEL", series)
    event = _event(series, series.sequence, text=series.text, url=series.url)
    _times(event, first(series.cadence), series.cadence.minutes)
    event["status"] = "CANCELLED"
    event.subcomponents.clear()
    calendar.add_component(event)
    return _written(calendar)


def plain(text: str) -> str:
    """One line: whatever any program might take for a line break, and every control character, becomes a space."""
    return " ".join(UNSAFE.sub(" ", text).split())


def first(cadence: Cadence) -> datetime:
    """The start of its first slot, when `starts_on` is the day of one."""
    return datetime.combine(cadence.starts_on, cadence.time, cadence.zone)


def is_address(address: str) -> bool:
    try:
        return bool(mailto(address))
    except BadAddress:
        return False


def mailto(address: str) -> str:
    """The address as a calendar writes it; a domain in other letters in its ASCII form. Raises BadAddress."""
    local, _, domain = address.rpartition("@")
    try:
        told = f"{local}@{domain.encode('idna').decode()}" if domain else ""
    except UnicodeError:
        told = ""
    if not ADDRESS.fullmatch(told):
        raise BadAddress("This e-mail address cannot be put into a calendar.")
    return f"mailto:{told}"


# Pieces


def _calendar(method: str, series: Series | None = None) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if series:
        since = series.cadence.starts_on
        calendar.add_component(vtimezone(series.cadence.zone.key, since=since, until=since + LISTED))
    return calendar


def _written(calendar: Calendar) -> bytes:
    told: bytes = calendar.to_ical()
    return told


def _master(series: Series) -> Event:
    cadence = series.cadence
    event = _event(series, series.sequence, text=series.text, url=series.url)
    _times(event, first(cadence), cadence.minutes)
    event.add("rrule", rule(cadence))
    return event


def _exception(series: Series, occurrence: Occurrence) -> Event:
    """Sequences of exceptions count on from the series': programs ignore one that is older than what they have."""
    sequence = series.sequence + occurrence.sequence
    event = _event(series, sequence, text=occurrence.text, url=occurrence.url)
    event.add("recurrence-id", _by_name(series.cadence, occurrence.slot))
    start = occurrence.starts_at.astimezone(series.cadence.zone)
    _times(event, start.astimezone(UTC) if _comes_twice(start) else start, series.cadence.minutes)
    return event


def _event(series: Series, sequence: int, *, text: str, url: str) -> Event:
    event = Event()
    event.add("uid", series.uid)
    event.add("dtstamp", series.sent_at)
    event.add("last-modified", series.sent_at)
    event.add("sequence", sequence)
    event.add("status", "CONFIRMED")
    event.add("organizer", _person(series.organizer))
    for guest in series.guests:
        event.add("attendee", _attendee(guest))
    _words(event, series.title, text, url, rings=True)
    return event


def _words(event: Event, title: str, text: str, url: str, *, rings: bool) -> None:
    event.add("summary", plain(title))
    event.add("description", "\n".join(plain(line) for line in text.split("\n")))
    event.add("url", vUri(url))
    if rings:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", plain(title))
        alarm.add("trigger", -REMIND)
        event.add_component(alarm)


def _times(event: Event, start: datetime, minutes: int) -> None:
    """Start and end by the real clock: half an hour over a change of the clock is still half an hour."""
    end = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)
    event.add("dtstart", start)
    if end.fold:  # the hour comes twice, and an end would be read as the first one
        event.add("duration", timedelta(minutes=minutes))
    else:
        event.add("dtend", end)


def _person(guest: Guest) -> vCalAddress:
    address = vCalAddress(mailto(guest.address))
    name = plain(guest.name).replace('"', "'")
    if name:
        address.params["CN"] = name
    return address


def _attendee(guest: Guest) -> vCalAddress:
    """Nobody reads answers, so none is asked for."""
    address = _person(guest)
    address.params["ROLE"] = "REQ-PARTICIPANT" if guest.is_needed else "OPT-PARTICIPANT"
    address.params["PARTSTAT"] = "NEEDS-ACTION"
    address.params["RSVP"] = "FALSE"
    return address


# The rule


def rule(cadence: Cadence) -> dict[str, object]:
    """The cadence as an RRULE; its last day is included."""
    day = DAYS[cadence.weekday]
    told: dict[str, object] = {"freq": "weekly", "byday": day}
    if cadence.kind == Kind.FORTNIGHTLY:
        told["interval"] = 2
    if cadence.kind == Kind.MONTHLY:
        told = {"freq": "monthly", "byday": f"{cadence.nth}{day}"}
    if cadence.ends_on:
        told["until"] = (
            datetime.combine(cadence.ends_on, time.max, cadence.zone).astimezone(UTC).replace(microsecond=0)
        )
    return told


def _by_name(cadence: Cadence, slot: datetime) -> datetime:
    """The slot as the rule names it: its day at the cadence's hour, even where the clock skips that hour."""
    return datetime.combine(slot.astimezone(cadence.zone).date(), cadence.time, cadence.zone)


def _doubtful(series: Series) -> dict[datetime, Occurrence]:
    """Slots in an hour that the clock skips or shows twice. Programs differ on when those are (seen in two of three),
    so each is said for itself: the name that the rule gives it, and its true time."""
    cadence, start = series.cadence, first(series.cadence).astimezone(UTC)
    near = slots(cadence, after=start - timedelta(seconds=1), until=start + FORESEEN)
    local = ((slot, slot.astimezone(cadence.zone)) for slot in near)
    odd = (slot for slot, wall in local if wall.time() != cadence.time or _comes_twice(wall))
    return {slot: Occurrence(slot, slot, series.text, series.url, sequence=0) for slot in odd}


def _comes_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
