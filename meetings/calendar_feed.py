"""A calendar to subscribe to (RFC 5545), as lines: half a thousand entries in milliseconds. Pure.

The library that writes the mails takes half a millisecond for each entry, and a feed is fetched by machines, often.
Tests hold these lines against two parsers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meetings.calendar import PRODID, REMIND, plain

POLL = "PT1H"
WIDTH = 75
"""Octets of a line, without its end."""
#: A calendar must hold something.
NOTHING = (
    "BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000",
    "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting as it stands: UTC times, when it last changed and how often its time was changed."""

    uid: str
    title: str
    text: str
    url: str
    starts_at: datetime
    minutes: int
    sequence: int
    changed_at: datetime
    rings: bool = True


def written(entries: Iterable[Entry], *, name: str) -> bytes:
    """The whole calendar under the name that programs show."""
    events = [line for entry in entries for line in _event(entry)]
    lines = [*_head(name), *(events or NOTHING), "END:VCALENDAR"]
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """Typed text as a value; its line breaks are the only ones that stay, as the two characters that stand for one."""
    told = "\n".join(plain(line) for line in text.split("\n"))
    return told.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> bytes:
    """Cut into lines of 75 octets, each but the first led by a space, never within a character."""
    rest, pieces, width = line.encode(), [], WIDTH
    while len(rest) > width:
        cut = width
        while rest[cut] & 0b1100_0000 == 0b1000_0000:
            cut -= 1
        pieces.append(rest[:cut])
        rest, width = rest[cut:], WIDTH - 1
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"


def _head(name: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
    told = escaped(plain(name))
    yield from (f"NAME:{told}", f"X-WR-CALNAME:{told}")
    yield from (f"REFRESH-INTERVAL;VALUE=DURATION:{POLL}", f"X-PUBLISHED-TTL:{POLL}")


def _event(entry: Entry) -> Iterator[str]:
    title, changed = escaped(plain(entry.title)), _utc(entry.changed_at)
    yield from ("BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{changed}", f"LAST-MODIFIED:{changed}")
    yield from (f"SEQUENCE:{entry.sequence}", f"DTSTART:{_utc(entry.starts_at)}")
    yield f"DTEND:{_utc(entry.starts_at + timedelta(minutes=entry.minutes))}"
    yield from (f"SUMMARY:{title}", f"DESCRIPTION:{escaped(entry.text)}", f"URL:{entry.url}")
    if entry.rings:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{title}")
        yield from (f"TRIGGER:-PT{REMIND // timedelta(minutes=1)}M", "END:VALARM")
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
