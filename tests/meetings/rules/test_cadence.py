from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.cadence import (
    LAST_OF_MONTH,
    Cadence,
    Kind,
    next_slot,
    slots,
)

MONDAY, FRIDAY, SUNDAY = 0, 4, 6
ZONES = [
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Asia/Kathmandu",
]
HOURS = [time(0, 15), time(1, 30), time(2, 30), time(9, 0)]


def cadence(
    *,
    kind: Kind = Kind.WEEKLY,
    weekday: int = MONDAY,
    at: time = time(9, 0),
    zone: str = "Europe/Paris",
    starts_on: date = date(2010, 1, 1),
    ends_on: date | None = None,
    nth: int = 1,
) -> Cadence:
    return Cadence(kind, weekday, at, ZoneInfo(zone), starts_on, ends_on, 30, nth)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_the_wall_hour_is_kept_over_the_change_to_winter_time() -> None:
    found = slots(cadence(), after=utc(2026, 10, 18), until=utc(2026, 10, 28))
    assert found == (utc(2026, 10, 19, 7), utc(2026, 10, 26, 8))


def test_an_hour_that_does_not_exist_moves_forward_by_the_gap() -> None:
    early = cadence(weekday=SUNDAY, at=time(2, 30))
    start = next_slot(early, utc(2026, 3, 28, 12))
    assert start == utc(2026, 3, 29, 1, 30)
    assert start.astimezone(ZoneInfo("Europe/Paris")).time() == time(3, 30)


def test_a_gap_of_half_an_hour_moves_by_half_an_hour() -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    start = next_slot(
        cadence(weekday=SUNDAY, at=time(2, 15), zone="Australia/Lord_Howe"), utc(2026, 10, 3, 12)
    )
    assert start is not None
    assert start.astimezone(zone).replace(tzinfo=None) == datetime(2026, 10, 4, 2, 45)


def test_an_hour_that_exists_twice_is_the_first_and_comes_once() -> None:
    early = cadence(weekday=SUNDAY, at=time(1, 30), zone="America/New_York")
    found = slots(early, after=utc(2026, 10, 31), until=utc(2026, 11, 3))
    assert found == (utc(2026, 11, 1, 5, 30),)


def test_a_day_that_does_not_exist_becomes_the_next_one() -> None:
    friday = cadence(weekday=FRIDAY, zone="Pacific/Apia")
    found = slots(friday, after=utc(2011, 12, 24), until=utc(2012, 1, 6))
    local = [start.astimezone(ZoneInfo("Pacific/Apia")).date() for start in found]
    assert local == [date(2011, 12, 31), date(2012, 1, 6)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", HOURS)
@pytest.mark.parametrize("weekday", [MONDAY, SUNDAY])
def test_there_is_one_slot_a_week_in_every_zone(zone: str, at: time, weekday: int) -> None:
    weekly = cadence(zone=zone, at=at, weekday=weekday)
    found = slots(weekly, after=utc(2023, 12, 31, 12), until=utc(2027, 1, 17, 12))
    local = [start.astimezone(ZoneInfo(zone)) for start in found]
    weeks = {start.isocalendar()[:2] for start in local}
    assert len(found) == len(weeks) == 159
    assert {(2026, 53), (2024, 9)} <= weeks
    moved = [start for start in local if start.time() != at]
    assert all(timedelta(0) < gap(start, at) <= timedelta(hours=1) for start in moved)
    assert len(moved) <= 4


def gap(start: datetime, at: time) -> timedelta:
    return start.replace(tzinfo=None) - datetime.combine(start.date(), at)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(HOURS),
    st.integers(MONDAY, SUNDAY),
    st.sampled_from(list(Kind)),
    st.sampled_from([1, 4, LAST_OF_MONTH]),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 200),
)
def test_looking_piece_by_piece_finds_the_same_slots(
    zone: str, at: time, weekday: int, kind: Kind, nth: int, after: datetime, days: int
) -> None:
    one = cadence(zone=zone, at=at, weekday=weekday, kind=kind, nth=nth, starts_on=date(2021, 5, 6))
    until, middle = after + timedelta(days=days), after + timedelta(days=days / 2)
    found = slots(one, after=after, until=until)
    assert found == slots(one, after=after, until=middle) + slots(one, after=middle, until=until)
    assert list(found) == sorted(set(found))
    assert all(start.astimezone(one.zone).weekday() == weekday for start in found)
    if found:
        assert next_slot(one, after) == found[0]


def test_a_slot_at_the_very_moment_is_past_and_one_at_the_limit_is_in() -> None:
    first, second = utc(2026, 11, 16, 8), utc(2026, 11, 23, 8)
    assert slots(cadence(), after=first, until=second) == (second,)
    assert slots(cadence(), after=first, until=second - timedelta(seconds=1)) == ()


def test_nothing_is_planned_before_the_first_day_or_after_the_last() -> None:
    short = cadence(starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 23))
    found = slots(short, after=utc(2026, 1, 1), until=utc(2027, 1, 1))
    assert found == (utc(2026, 11, 16, 8), utc(2026, 11, 23, 8))
    assert next_slot(short, found[-1]) is None


def test_the_days_are_those_of_the_team_and_not_of_utc() -> None:
    tokyo = cadence(at=time(8, 0), zone="Asia/Tokyo", starts_on=date(2026, 11, 16))
    assert next_slot(tokyo, utc(2026, 11, 15, 22)) == utc(2026, 11, 15, 23)


def test_a_fortnight_is_counted_from_the_first_such_weekday() -> None:
    fortnightly = cadence(kind=Kind.FORTNIGHTLY, starts_on=date(2026, 11, 4))
    assert slots(fortnightly, after=utc(2026, 12, 1), until=utc(2027, 1, 5)) == (
        utc(2026, 12, 7, 8),
        utc(2026, 12, 21, 8),
        utc(2027, 1, 4, 8),
    )


@pytest.mark.parametrize(
    ("nth", "days"), [(1, [6, 4]), (2, [13, 11]), (4, [27, 25]), (LAST_OF_MONTH, [27, 25])]
)
def test_a_month_has_its_nth_or_last_weekday(nth: int, days: list[int]) -> None:
    monthly = cadence(kind=Kind.MONTHLY, weekday=FRIDAY, nth=nth, at=time(12, 0))
    found = slots(monthly, after=utc(2026, 11, 1), until=utc(2026, 12, 31))
    assert [start.day for start in found] == days


def test_the_last_saturday_may_be_the_29th_of_february() -> None:
    monthly = cadence(kind=Kind.MONTHLY, weekday=5, nth=LAST_OF_MONTH)
    assert next_slot(monthly, utc(2020, 2, 1)) == utc(2020, 2, 29, 8)
