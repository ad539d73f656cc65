"""A mailed series happens when the meetings do: two years over every change of the clock, read back by vobject
and dateutil.
"""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.rrule import rrulestr
from dateutil.tz import datetime_exists, tzical
from icalendar import Calendar

from meetings.calendars.invite_format import (
    Guest,
    Occurrence,
    Series,
    cancel_occurrence,
    cancel_series,
    first_start,
    request_occurrence,
    request_series,
)
from meetings.rules.cadence import Cadence, Kind, slots

ZONES = [
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Africa/Cairo",
]
HOURS = [time(0, 15), time(1, 30), time(2, 30), time(9, 0)]
YEARS = timedelta(days=2 * 365)


def make_series(**fields: object) -> Series:
    told = {
        "kind": Kind.WEEKLY,
        "weekday": 6,
        "time": time(9),
        "zone": ZoneInfo("Europe/Paris"),
        "starts_on": date(2026, 11, 22),
        "ends_on": None,
        "minutes": 30,
        "nth": 1,
    } | fields
    return Series(
        uid="5f0c",
        title="North: meeting, Tom and Joe",
        text="Prepare",
        url="https://align.example.com/teams/north/",
        cadence=Cadence(**told),
        organizer=Guest("Alignment", "a@demo.test"),
        guests=[Guest("Tom Marsh", "tom@demo.test")],
        sequence=0,
        sent_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


def occurrences(text: str, until: datetime) -> list[datetime]:
    """As the standard says: the rule in wall time without hours the clock skips, without EXDATE, and each exception
    in the place of the one it names."""
    master, *exceptions = vobject.readOne(text, transform=False).vevent_list
    zone = tzical(io.StringIO(text)).get(master.dtstart.params["TZID"][0])
    last = (until + timedelta(days=1)).strftime("%Y%m%dT%H%M%S")
    rule = f"{master.rrule.value.split(';UNTIL=')[0]};UNTIL={last}"
    starts = set(rrulestr(rule, dtstart=datetime.fromisoformat(master.dtstart.value)))
    starts -= {datetime.fromisoformat(each.value) for each in master.contents.get("exdate", [])}
    starts -= {datetime.fromisoformat(each.recurrence_id.value) for each in exceptions}
    kept = {each.replace(tzinfo=zone).astimezone(UTC) for each in starts if datetime_exists(each, zone)}
    others = {_utc(each.dtstart.value, zone) for each in exceptions}
    return sorted(start for start in kept | others if start <= until)


def _utc(value: str, zone: tzinfo) -> datetime:
    read = datetime.fromisoformat(value)
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def same_as_slots(series: Series) -> None:
    start = first_start(series.cadence).astimezone(UTC)
    expected = slots(series.cadence, after=start - timedelta(seconds=1), until=start + YEARS)
    assert occurrences(request_series(series).decode(), start + YEARS) == list(expected)
    assert len(expected) > 23


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", HOURS)
def test_weekly(zone: str, hour: time) -> None:
    same_as_slots(make_series(zone=ZoneInfo(zone), time=hour))


@pytest.mark.parametrize("zone", ZONES)
def test_every_other_week(zone: str) -> None:
    same_as_slots(make_series(zone=ZoneInfo(zone), time=time(2, 30), kind=Kind.FORTNIGHTLY))


@pytest.mark.parametrize(
    ("nth", "day"), [(1, date(2026, 12, 6)), (4, date(2026, 11, 22)), (-1, date(2026, 11, 29))]
)
def test_a_sunday_of_every_month(nth: int, day: date) -> None:
    same_as_slots(make_series(kind=Kind.MONTHLY, nth=nth, starts_on=day, time=time(2, 30)))


def test_the_last_day_is_included() -> None:
    series = make_series(ends_on=date(2026, 12, 6))
    rule = vobject.readOne(request_series(series).decode()).vevent.rrule.value
    assert "UNTIL=20261206T225959Z" in rule


def test_an_hour_that_the_clock_skips_or_shows_twice_is_said_for_itself() -> None:
    _, *others = vobject.readOne(
        request_series(make_series(time=time(2, 30))).decode(), transform=False
    ).vevent_list
    assert [(each.recurrence_id.value, each.dtstart.value) for each in others] == [
        ("20270328T023000", "20270328T033000"),
        ("20271031T023000", "20271031T003000Z"),
        ("20280326T023000", "20280326T033000"),
        ("20281029T023000", "20281029T003000Z"),
    ]


def test_of_a_series_begun_long_ago_the_exceptions_of_the_two_years_after_its_sending_are_said() -> None:
    series = make_series(time=time(2, 30), starts_on=date(2024, 11, 24))
    named = {
        event["RECURRENCE-ID"].dt.date() for event in Calendar.from_ical(request_series(series)).events[1:]
    }
    assert {date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26), date(2028, 10, 29)} <= named


def test_an_excused_one_is_taken_out_and_a_moved_one_stands_beside_the_series() -> None:
    slot = datetime(2026, 11, 29, 8, tzinfo=UTC)
    moved = Occurrence(slot, slot + timedelta(days=1), "Prepare", "https://x/", 2)
    off = Occurrence(
        slot + timedelta(days=7), slot + timedelta(days=7), "Prepare", "https://x/", 1, is_cancelled=True
    )
    text = request_series(make_series(), [moved, off]).decode()
    assert slot + timedelta(days=7) not in occurrences(text, slot + YEARS)
    master, other = vobject.readOne(text).vevent_list
    assert (other.uid.value, other.sequence.value) == (master.uid.value, "2")
    assert (other.recurrence_id.value, other.dtstart.value) == (slot, slot + timedelta(days=1))


def test_a_meeting_over_the_change_of_the_clock_takes_as_long_as_ever() -> None:
    series = make_series(time=time(2, 45), starts_on=date(2027, 10, 31))  # ends in the hour that comes twice
    event = vobject.readOne(request_series(series).decode()).vevent
    assert event.duration.value == timedelta(minutes=30)
    assert "dtend" not in event.contents


@pytest.mark.parametrize("zone", ["Europe/Paris", "Asia/Kathmandu", "Africa/Cairo"])
def test_a_second_parser_finds_every_message_valid(zone: str) -> None:
    series = make_series(zone=ZoneInfo(zone))
    slot = first_start(series.cadence).astimezone(UTC)
    one = Occurrence(slot, slot + timedelta(hours=1), "Prepare", "https://x/", 1)
    for written in (
        request_series(series, [one]),
        request_occurrence(series, one),
        cancel_occurrence(series, one),
        cancel_series(series),
    ):
        assert vobject.readOne(written.decode()).validate(raiseException=True)
        assert all(len(line) <= 75 for line in written.split(b"\r\n"))
