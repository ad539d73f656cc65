"""iCalendar mails (RFC 5545 and 5546) from plain values: they add, change and end a series. Pure.

The feed (meetings.calendars.feed_format) has one entry a meeting, in UTC, each with its own UID; an entry
that is no longer in the feed disappears. A mailed series is one recurring entry with exceptions, in the
team's zone: a mail cannot name meetings that are not planned yet. The two never share a UID: a program that
sees both could take one for a newer version of the other. Both are written from the same rows, so they never
contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vUri

from meetings.calendars.vtimezone import DAYS, build_vtimezone
from meetings.rules.cadence import Cadence, Kind, slots

PRODID = "-//Alignment//Meetings//EN"
ALARM_BEFORE_START = timedelta(minutes=15)
#: How far ahead slots at a change of the clocks are listed, and the changes of a zone without yearly rules.
SLOTS_LISTED, ZONE_LISTED = timedelta(days=2 * 365), timedelta(days=10 * 365)

LINE_BREAKS_AND_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
ADDRESS = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class AddressError(ValueError):
    """The address cannot be put into a calendar: it has a line break or is not valid."""


@dataclass(frozen=True, slots=True)
class Guest:
    name: str
    address: str
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """A standing meeting: `cadence.starts_on` is the day of its first slot; `sent_at` dates this mail."""

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
    """A slot of the series whose meeting was moved (or will not be held, when `is_cancelled`)."""

    slot: datetime
    starts_at: datetime
    text: str
    url: str
    sequence: int
    is_cancelled: bool = False
    note: str = ""
    """Why nobody expects it: shown in the title; such an entry has no alarm."""


def request_series(series: Series, occurrences: Iterable[Occurrence] = ()) -> bytes:
    """The whole series with its exceptions; it replaces what the calendar has of it."""
    overrides = {occurrence.slot: occurrence for occurrence in occurrences}
    exceptions = sorted(
        (_ambiguous_slots(series) | overrides).values(), key=lambda occurrence: occurrence.slot
    )
    calendar = _calendar("REQUEST", series)
    master = _master(series)
    for occurrence in exceptions:
        if occurrence.is_cancelled:
            master.add("exdate", _nominal_start(series.cadence, occurrence.slot))
    calendar.add_component(master)
    for occurrence in exceptions:
        if not occurrence.is_cancelled:
            calendar.add_component(_exception(series, occurrence))
    return _to_bytes(calendar)


def request_occurrence(series: Series, occurrence: Occurrence) -> bytes:
    """One occurrence at another time; the rest of the series is unchanged."""
    calendar = _calendar("REQUEST", series)
    calendar.add_component(_exception(series, occurrence))
    return _to_bytes(calendar)


def cancel_occurrence(series: Series, occurrence: Occurrence) -> bytes:
    """Remove one occurrence from the calendar."""
    calendar = _calendar("CANCEL", series)
    event = _exception(series, occurrence)
    event["status"] = "CANCELLED"
    event.subcomponents.clear()
    calendar.add_component(event)
    return _to_bytes(calendar)


def cancel_series(series: Series) -> bytes:
    """Remove the whole series from the calendar."""
    calendar = _calendar("CANCEL", series)
    event = _event(series, series.sequence, text=series.text, url=series.url)
    _set_times(event, first_start(series.cadence), series.cadence.minutes)
    event["status"] = "CANCELLED"
    event.subcomponents.clear()
    calendar.add_component(event)
    return _to_bytes(calendar)


def to_one_line(text: str) -> str:
    """Text in one line: control characters and whatever a program may take for a line break become spaces."""
    return " ".join(LINE_BREAKS_AND_CONTROLS.sub(" ", text).split())


def first_start(cadence: Cadence) -> datetime:
    """The start of the first slot, provided that `starts_on` is the day of one."""
    return datetime.combine(cadence.starts_on, cadence.time, cadence.zone)


def is_address(address: str) -> bool:
    try:
        return bool(mailto(address))
    except AddressError:
        return False


def mailto(address: str) -> str:
    """The address as a calendar writes it; an international domain in its ASCII form. Raises AddressError."""
    local, _, domain = address.rpartition("@")
    try:
        ascii_address = f"{local}@{domain.encode('idna').decode()}" if domain else ""
    except UnicodeError:
        ascii_address = ""
    if not ADDRESS.fullmatch(ascii_address):
        raise AddressError("This email address cannot be used in a calendar.")
    return f"mailto:{ascii_address}"


# Components


def _calendar(method: str, series: Series | None = None) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if series:
        since = series.cadence.starts_on
        calendar.add_component(
            build_vtimezone(
                series.cadence.zone.key, since=since, until=max(since, series.sent_at.date()) + ZONE_LISTED
            )
        )
    return calendar


def _to_bytes(calendar: Calendar) -> bytes:
    ics: bytes = calendar.to_ical()
    return ics


def _master(series: Series) -> Event:
    cadence = series.cadence
    event = _event(series, series.sequence, text=series.text, url=series.url)
    _set_times(event, first_start(cadence), cadence.minutes)
    event.add("rrule", recurrence_rule(cadence))
    return event


def _exception(series: Series, occurrence: Occurrence) -> Event:
    """Sequences of exceptions continue the series' own: programs ignore one older than what they have."""
    sequence = series.sequence + occurrence.sequence
    event = _event(series, sequence, text=occurrence.text, url=occurrence.url, note=occurrence.note)
    event.add("recurrence-id", _nominal_start(series.cadence, occurrence.slot))
    start = occurrence.starts_at.astimezone(series.cadence.zone)
    _set_times(event, start.astimezone(UTC) if _is_ambiguous(start) else start, series.cadence.minutes)
    return event


def _event(series: Series, sequence: int, *, text: str, url: str, note: str = "") -> Event:
    event = Event()
    event.add("uid", series.uid)
    event.add("dtstamp", series.sent_at)
    event.add("last-modified", series.sent_at)
    event.add("sequence", sequence)
    event.add("status", "CONFIRMED")
    event.add("organizer", _person(series.organizer))
    for guest in series.guests:
        event.add("attendee", _attendee(guest))
    _set_texts(event, f"{series.title} ({note})" if note else series.title, text, url)
    if not note:
        event.add_component(_alarm(series.title))
    return event


def _set_texts(event: Event, title: str, text: str, url: str) -> None:
    event.add("summary", to_one_line(title))
    event.add("description", "\n".join(to_one_line(line) for line in text.split("\n")))
    event.add("url", vUri(url))


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", to_one_line(title))
    alarm.add("trigger", -ALARM_BEFORE_START)
    return alarm


def _set_times(event: Event, start: datetime, minutes: int) -> None:
    """Start and end by elapsed time: half an hour across a change of the clocks is still half an hour."""
    end = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)
    event.add("dtstart", start)
    if end.fold:  # the hour occurs twice, and an end would be read as the first one
        event.add("duration", timedelta(minutes=minutes))
    else:
        event.add("dtend", end)


def _person(guest: Guest) -> vCalAddress:
    address = vCalAddress(mailto(guest.address))
    name = to_one_line(guest.name).replace('"', "'")
    if name:
        address.params["CN"] = name
    return address


def _attendee(guest: Guest) -> vCalAddress:
    """Replies are not read, so none is requested."""
    address = _person(guest)
    address.params["ROLE"] = "REQ-PARTICIPANT" if guest.is_required else "OPT-PARTICIPANT"
    address.params["PARTSTAT"] = "NEEDS-ACTION"
    address.params["RSVP"] = "FALSE"
    return address


# The recurrence rule


def recurrence_rule(cadence: Cadence) -> dict[str, object]:
    """The cadence as an RRULE; its last day is included."""
    day = DAYS[cadence.weekday]
    rule: dict[str, object] = {"freq": "weekly", "byday": day}
    if cadence.kind == Kind.FORTNIGHTLY:
        rule["interval"] = 2
    if cadence.kind == Kind.MONTHLY:
        rule = {"freq": "monthly", "byday": f"{cadence.nth}{day}"}
    if cadence.ends_on:
        rule["until"] = (
            datetime.combine(cadence.ends_on, time.max, cadence.zone).astimezone(UTC).replace(microsecond=0)
        )
    return rule


def _nominal_start(cadence: Cadence, slot: datetime) -> datetime:
    """The slot as the rule gives it: its day at the cadence's time, even when the clock skips that hour."""
    return datetime.combine(slot.astimezone(cadence.zone).date(), cadence.time, cadence.zone)


def _ambiguous_slots(series: Series) -> dict[datetime, Occurrence]:
    """Slots in an hour that the clock skips or shows twice. Programs differ on when those are (seen in two of
    three), so each is an exception of its own: the start the rule gives it, and its true time."""
    cadence, start = series.cadence, first_start(series.cadence).astimezone(UTC)
    until = max(start, series.sent_at) + SLOTS_LISTED
    near = slots(cadence, after=start - timedelta(seconds=1), until=until)
    local = ((slot, slot.astimezone(cadence.zone)) for slot in near)
    ambiguous = (slot for slot, wall in local if wall.time() != cadence.time or _is_ambiguous(wall))
    return {slot: Occurrence(slot, slot, series.text, series.url, sequence=0) for slot in ambiguous}


def _is_ambiguous(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
