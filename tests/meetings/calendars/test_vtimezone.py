"""VTIMEZONEs, read back by another library (dateutil) and held against zoneinfo."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest
from dateutil.tz import tzical

from meetings.calendars.vtimezone import DAY, build_vtimezone

SINCE, UNTIL = date(2026, 11, 1), date(2030, 12, 31)
BY_RULES = [
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Europe/Dublin",
    "America/Nuuk",
    "Asia/Jerusalem",
    "Pacific/Chatham",
    "Antarctica/Troll",
    "UTC",
]
BY_DATES = ["Africa/Cairo", "Asia/Gaza"]


def read_back(name: str, since: date = SINCE, until: date = UNTIL) -> tzinfo:
    text = build_vtimezone(name, since=since, until=until).to_ical().decode()
    zone = tzical(io.StringIO(f"BEGIN:VCALENDAR\r\n{text}END:VCALENDAR\r\n")).get(name)
    assert zone is not None
    return zone


def differences(name: str, since: date = SINCE, until: date = UNTIL) -> list[datetime]:
    """Wall times at which the two disagree: each half hour around a change, else one a month. Hours that the clock
    skips are nobody's."""
    zone, ours, wrong = ZoneInfo(name), read_back(name, since, until), []
    for number in range((until - since).days - 1):
        midnight = datetime(since.year, since.month, since.day) + DAY * (number + 1)
        changes = (
            midnight.replace(tzinfo=zone).utcoffset() != (midnight + DAY).replace(tzinfo=zone).utcoffset()
        )
        steps = range(48) if changes else range(0 if number % 30 else 1)
        for wall in (midnight + timedelta(minutes=30) * step for step in steps):
            local = wall.replace(tzinfo=zone)
            exists = local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
            if exists and local.utcoffset() != wall.replace(tzinfo=ours).utcoffset():
                wrong.append(wall)
    return wrong


@pytest.mark.parametrize("name", BY_RULES + BY_DATES)
def test_another_library_reads_the_same_offsets(name: str) -> None:
    assert differences(name) == []


def test_every_zone_there_is_can_be_written_and_read() -> None:
    wrong = {name: found for name in sorted(available_timezones())[::9] if (found := differences(name))}
    assert wrong == {}


@pytest.mark.parametrize("name", BY_RULES)
def test_rules_are_yearly_where_the_zone_has_any(name: str) -> None:
    text = build_vtimezone(name, since=SINCE, until=UNTIL).to_ical().decode()
    assert "RDATE" not in text
    assert text.count("RRULE:FREQ=YEARLY") in (0, 2)


@pytest.mark.parametrize("name", BY_DATES)
def test_changes_that_no_plain_rule_can_say_are_listed(name: str) -> None:
    text = build_vtimezone(name, since=SINCE, until=UNTIL).to_ical().decode()
    assert "RRULE" not in text
    assert text.count("BEGIN:DAYLIGHT") == 4


def test_rules_that_held_only_later_are_not_used_before() -> None:
    assert differences("America/Santiago", date(2021, 11, 1), date(2023, 12, 31)) == []
    assert differences("Africa/Casablanca", date(2024, 1, 1), date(2025, 12, 31)) == []


@pytest.mark.parametrize("name", ["Mars/Base", "../etc/passwd", "", "Europe/Paris\r\nX:1"])
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises((ZoneInfoNotFoundError, ValueError, OSError)):
        build_vtimezone(name, since=SINCE, until=UNTIL)
