"""What people type never becomes a line of a calendar."""

from __future__ import annotations

from dataclasses import replace

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from meetings.calendars.feed_format import Entry, write_calendar
from meetings.calendars.invite_format import AddressError, Guest, mailto, request_series, to_one_line
from tests.factories import NOW
from tests.meetings.schedule.test_slots import make_series

EVIL = [
    "\r\n",
    "\n",
    "\r",
    "\x85",
    "\u2028",
    "\u2029",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x00",
    "\\n",
    "%0a",
    "%0D%0A",
]
NAMES = {
    "BEGIN",
    "END",
    "VERSION",
    "PRODID",
    "CALSCALE",
    "METHOD",
    "TZID",
    "TZNAME",
    "TZOFFSETFROM",
    "TZOFFSETTO",
    "DTSTART",
    "DTEND",
    "DTSTAMP",
    "RRULE",
    "SUMMARY",
    "UID",
    "SEQUENCE",
    "ATTENDEE",
    "DESCRIPTION",
    "LAST-MODIFIED",
    "ORGANIZER",
    "STATUS",
    "URL",
    "ACTION",
    "TRIGGER",
}


def lines(written: bytes) -> list[str]:
    """Unfolded, split wherever any program might see a line end."""
    return written.decode().replace("\r\n ", "").splitlines()


def names(written: bytes) -> list[str]:
    return [line.partition(":")[0].partition(";")[0] for line in lines(written)]


@pytest.mark.parametrize("end", EVIL)
def test_a_line_break_in_a_title_a_text_or_a_name_starts_no_line(end: str) -> None:
    typed = f"North{end}ATTENDEE:mailto:evil@x.test{end}X"
    plain_series = make_series()
    series = replace(plain_series, title=typed, text=typed, guests=[Guest(f'{typed}"', "tom@demo.test")])
    invite = request_series(series)
    assert names(invite).count("ATTENDEE") == 1
    assert set(names(invite)) <= NAMES
    assert str(Calendar.from_ical(invite).events[0]["ATTENDEE"]) == "mailto:tom@demo.test"


@given(st.text(max_size=200))
def test_the_feed_keeps_every_text_in_its_line(typed: str) -> None:
    entry = Entry("1@x", typed, f"{typed}\nhttps://x/", "https://x/", NOW, 30, 0, NOW)
    feed = write_calendar([entry], name=typed)
    assert set(names(feed)) <= NAMES | {"NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
    assert len(lines(feed)) == len(lines(write_calendar([replace(entry, title="x", text="x")], name="x")))
    assert all(len(line) <= 75 for line in feed.split(b"\r\n"))
    (event,) = Calendar.from_ical(feed).events
    assert str(event["SUMMARY"]) == to_one_line(typed)
    assert vobject.readOne(feed.decode()).vevent.summary.value == to_one_line(typed)


@given(st.text(max_size=200))
def test_no_text_at_all_makes_another_line_or_is_read_back_changed(typed: str) -> None:
    series = replace(make_series(), title=typed, guests=[Guest(typed, "tom@demo.test")])
    invite = request_series(series)
    assert set(names(invite)) <= NAMES
    assert len(lines(invite)) == len(lines(request_series(make_series())))
    assert str(Calendar.from_ical(invite).events[0]["SUMMARY"]) == to_one_line(typed)


@pytest.mark.parametrize("end", EVIL)
def test_an_address_with_a_line_break_is_refused(end: str) -> None:
    for address in (
        f"tom@demo.test{end}Bcc: x@y.test",
        f"tom{end}@demo.test",
        f"tom@de{end}mo.test",
        f"{end}",
    ):
        with pytest.raises(AddressError):
            mailto(address)


@pytest.mark.parametrize(
    "address", ["", "@", "tom", "tom@", "@demo.test", 'a"b@demo.test', "a b@demo.test", "a;b@x.test", "a,b@x"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        mailto(address)


def test_a_domain_in_other_letters_is_written_in_ascii() -> None:
    assert mailto("o'neil+x@exämple.com") == "mailto:o'neil+x@xn--exmple-cua.com"
