import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.rules.periods import (
    Period,
    business_days,
    month_of,
    months_in,
    period_between,
    quarter_after,
    quarter_before,
    quarter_named,
    quarter_of,
    week_of,
    weeks_back,
    year_of,
)

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
first_months = st.integers(1, 12)


@pytest.mark.parametrize(
    ("day", "start", "end", "label"),
    [
        (date(2026, 11, 21), date(2026, 11, 1), date(2026, 11, 30), "November 2026"),
        (date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        (date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), "December 2026"),
        (date(9999, 12, 1), date(9999, 12, 1), date(9999, 12, 31), "December 9999"),
    ],
)
def test_a_month_is_the_calendar_month(day: date, start: date, end: date, label: str) -> None:
    assert month_of(day) == Period(start, end, label)


@pytest.mark.parametrize(
    ("day", "first_month", "start", "end", "label"),
    [
        (date(2026, 11, 21), 1, date(2026, 10, 1), date(2026, 12, 31), "Q4 2026"),
        (date(2026, 1, 1), 1, date(2026, 1, 1), date(2026, 3, 31), "Q1 2026"),
        (date(2026, 11, 21), 7, date(2026, 10, 1), date(2026, 12, 31), "Q2 FY2027"),
        (date(2026, 2, 14), 7, date(2026, 1, 1), date(2026, 3, 31), "Q3 FY2026"),
        (date(2026, 11, 21), 4, date(2026, 10, 1), date(2026, 12, 31), "Q3 FY2027"),
        (date(2026, 1, 5), 2, date(2025, 11, 1), date(2026, 1, 31), "Q4 FY2026"),
        (date(2026, 11, 21), 12, date(2026, 9, 1), date(2026, 11, 30), "Q4 FY2026"),
        (date(2026, 12, 1), 12, date(2026, 12, 1), date(2027, 2, 28), "Q1 FY2027"),
    ],
)
def test_a_quarter_follows_the_fiscal_year(
    day: date, first_month: int, start: date, end: date, label: str
) -> None:
    assert quarter_of(day, first_month=first_month) == Period(start, end, label)


@pytest.mark.parametrize(
    ("day", "first_month", "start", "end", "label"),
    [
        (date(2026, 11, 21), 1, date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (date(2026, 11, 21), 7, date(2026, 7, 1), date(2027, 6, 30), "FY2027"),
        (date(2026, 6, 30), 7, date(2025, 7, 1), date(2026, 6, 30), "FY2026"),
        (date(2024, 2, 29), 3, date(2023, 3, 1), date(2024, 2, 29), "FY2024"),
    ],
)
def test_a_year_is_named_by_the_year_it_ends_in(
    day: date, first_month: int, start: date, end: date, label: str
) -> None:
    assert year_of(day, first_month=first_month) == Period(start, end, label)


@pytest.mark.parametrize("first_month", [0, 13, -1])
def test_a_fiscal_year_starts_in_a_real_month(first_month: int) -> None:
    with pytest.raises(ValueError, match="month 1 to 12"):
        quarter_of(date(2026, 1, 1), first_month=first_month)


@given(days, first_months)
def test_quarters_tile_the_year_and_months_tile_quarters(day: date, first_month: int) -> None:
    year = year_of(day, first_month=first_month)
    quarter = quarter_of(day, first_month=first_month)
    assert year.contains(day)
    assert quarter.contains(day)
    assert month_of(day).contains(day)
    assert len(months_in(year)) == 12
    assert len(months_in(quarter)) == 3
    assert year.start <= quarter.start
    assert quarter.end <= year.end
    after = quarter_of(quarter.end + timedelta(days=1), first_month=first_month)
    assert after.start == quarter.end + timedelta(days=1)


def test_months_in_gives_first_days_over_a_year_end() -> None:
    period = Period(date(2026, 11, 15), date(2027, 1, 2), "")
    assert months_in(period) == (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "first_month", "label"),
    [
        (date(2026, 10, 1), date(2026, 12, 31), 1, "Q4 2026"),
        (date(2026, 10, 1), date(2026, 12, 31), 7, "Q2 FY2027"),
        (date(2026, 10, 1), date(2026, 10, 31), 2, "October 2026"),
        (date(2026, 10, 1), date(2026, 12, 31), 2, "1 Oct 2026 to 31 Dec 2026"),
    ],
)
def test_a_stored_period_keeps_its_days_and_takes_its_name_from_the_fiscal_year(
    start: date, end: date, first_month: int, label: str
) -> None:
    assert period_between(start, end, first_month=first_month) == Period(start, end, label)


def test_a_week_runs_from_monday_to_sunday() -> None:
    assert week_of(date(2026, 11, 22)) == Period(date(2026, 11, 16), date(2026, 11, 22), "Week 47 2026")
    assert week_of(date(2027, 1, 1)) == Period(date(2026, 12, 28), date(2027, 1, 3), "Week 53 2026")


@given(days, st.integers(1, 60))
def test_weeks_back_are_whole_adjoining_weeks_ending_with_today(day: date, count: int) -> None:
    weeks = weeks_back(day, count=count)
    assert len(weeks) == count
    assert weeks[-1].contains(day)
    assert all(week.days == 7 and week.start.weekday() == 0 for week in weeks)
    assert all(b.start - a.end == timedelta(days=1) for a, b in itertools.pairwise(weeks))


@given(days, st.integers(-5, 500), st.sets(days, max_size=5), st.sets(st.integers(0, 500), max_size=9))
def test_business_days_agree_with_counting_them(
    start: date, length: int, elsewhere: set[date], offsets: set[int]
) -> None:
    end = start + timedelta(days=length)
    holidays = elsewhere | {start + timedelta(days=offset) for offset in offsets}
    run = [start + timedelta(days=offset) for offset in range(max(0, length + 1))]
    counted = sum(1 for day in run if day.weekday() < 5 and day not in holidays)
    assert business_days(start, end, holidays=holidays) == counted


def test_a_holiday_written_twice_counts_once() -> None:
    christmas = date(2026, 12, 25)
    assert business_days(date(2026, 12, 21), date(2026, 12, 27), holidays=[christmas, christmas]) == 4


@pytest.mark.parametrize(
    ("day", "first_month", "before", "after"),
    [
        (date(2026, 11, 30), 1, "Q3 2026", "Q1 2027"),
        (date(2026, 1, 1), 1, "Q4 2025", "Q2 2026"),
        (date(2026, 11, 30), 7, "Q1 FY2027", "Q3 FY2027"),
        (date(2026, 6, 30), 7, "Q3 FY2026", "Q1 FY2027"),
    ],
)
def test_the_quarters_before_and_after_one(day: date, first_month: int, before: str, after: str) -> None:
    quarter = quarter_of(day, first_month=first_month)
    assert quarter_before(quarter, first_month=first_month).label == before
    assert quarter_after(quarter, first_month=first_month).label == after


def test_a_quarter_is_named_by_its_key_or_by_today() -> None:
    today = date(2026, 11, 30)
    assert quarter_named("", today=today, first_month=1) == quarter_of(today, first_month=1)
    assert quarter_named("2026-Q2", today=today, first_month=1) == quarter_of(date(2026, 5, 1), first_month=1)
    assert quarter_named("FY2026-Q2", today=today, first_month=1) is None
