"""Months, fiscal quarters and years, weeks and business days. Pure: dates in, dates out, no zones.

A date here is always a day in the team's own zone; the caller turns a moment into a day.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

#: Days outside these are typing errors.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SATURDAY = 5
QUARTER_KEY = re.compile(r"(FY)?([0-9]{4})-Q([1-4])")
RECENT_WEEKS = 13
"""A quarter of a year: the period over which commitments and meetings are measured, and the average won."""
WEEKS_OF_YEAR = 52
"""A year, as meetings are measured over it beside the recent weeks."""


@dataclass(frozen=True, slots=True)
class Period:
    """A run of days; `end` is its last day, not the day after."""

    start: date
    end: date
    label: str

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """Calendar days, both ends counted."""
        return (self.end - self.start).days + 1


def month_of(day: date) -> Period:
    """The calendar month, labelled "November 2026"."""
    return _months(day.year, day.month, count=1, label=f"{MONTH_NAMES[day.month - 1]} {day.year}")


def quarter_of(day: date, *, first_month: int) -> Period:
    """The fiscal quarter of a year that starts in `first_month`: "Q4 2026", else "Q2 FY2027"."""
    year, months_gone = _fiscal(day, first_month)
    quarter = months_gone // 3
    month_index = first_month - 1 + quarter * 3
    label = f"Q{quarter + 1} {_year_name(year, first_month)}"
    return _months(year + month_index // 12, month_index % 12 + 1, count=3, label=label)


def quarter_before(quarter: Period, *, first_month: int) -> Period:
    return quarter_of(quarter.start - timedelta(days=1), first_month=first_month)


def quarter_after(quarter: Period, *, first_month: int) -> Period:
    return quarter_of(quarter.end + timedelta(days=1), first_month=first_month)


def is_quarter_label(label: str) -> bool:
    """Whether a period is labelled as the fiscal quarter it is, and not as a month or by its days."""
    return label[:1] == "Q"


def key_of_quarter(quarter: Period) -> str:
    """How a fiscal quarter is named in addresses and keys: "2026-Q4", "FY2027-Q2"."""
    return "-".join(reversed(quarter.label.split(" ")))


def quarter_with_key(key: str, *, first_month: int) -> Period | None:
    """The fiscal quarter of such a key; None where it is none of a company whose year starts in `first_month`."""
    parts = QUARTER_KEY.fullmatch(key)
    if parts is None or not FIRST_DAY.year < int(parts[2]) < LAST_DAY.year:
        return None
    year = year_numbered(int(parts[2]), first_month=first_month)
    quarter = quarter_of(months_in(year)[(int(parts[3]) - 1) * 3], first_month=first_month)
    return quarter if key_of_quarter(quarter) == key else None


def quarter_named(key: str, *, today: date, first_month: int) -> Period | None:
    """That of a key of an address; the one of `today` where none is named, None where the key is none."""
    if not key:
        return quarter_of(today, first_month=first_month)
    return quarter_with_key(key, first_month=first_month)


def year_of(day: date, *, first_month: int) -> Period:
    """The fiscal year, named by the calendar year in which it ends: "2026", or "FY2027"."""
    year, _ = _fiscal(day, first_month)
    return _months(year, first_month, count=12, label=_year_name(year, first_month))


def year_numbered(number: int, *, first_month: int) -> Period:
    """The fiscal year named `number`: the one that ends in that calendar year."""
    return year_of(date(number, 12 if first_month == 1 else first_month - 1, 1), first_month=first_month)


def period_between(start: date, end: date, *, first_month: int) -> Period:
    """A stored period by its first and last day, named as the month or the fiscal quarter it is today; "1 Feb 2026 to
    30 Apr 2026" where the fiscal year has begun in another month since.
    """
    for period in (month_of(start), quarter_of(start, first_month=first_month)):
        if (period.start, period.end) == (start, end):
            return period
    named = (f"{day.day} {MONTH_NAMES[day.month - 1][:3]} {day.year}" for day in (start, end))
    return Period(start, end, " to ".join(named))


def months_in(period: Period) -> tuple[date, ...]:
    """The first day of every calendar month the period touches, oldest first."""
    first = period.start.year * 12 + period.start.month - 1
    last = period.end.year * 12 + period.end.month - 1
    return tuple(date(index // 12, index % 12 + 1, 1) for index in range(first, last + 1))


def week_of(day: date) -> Period:
    """Monday to Sunday, labelled by its ISO week: "Week 48 2026"."""
    monday = day - timedelta(days=day.weekday())
    iso = day.isocalendar()
    return Period(monday, monday + timedelta(days=6), f"Week {iso.week} {iso.year}")


def weeks_back(day: date, *, count: int) -> tuple[Period, ...]:
    """`count` whole weeks, oldest first; the last one contains `day`."""
    return tuple(week_of(day - timedelta(weeks=back)) for back in range(count - 1, -1, -1))


def business_days(start: date, end: date, *, holidays: Collection[date]) -> int:
    """Mondays to Fridays from `start` to `end`, both counted, less holidays; 0 when end < start."""
    if end < start:
        return 0
    weeks, rest = divmod((end - start).days + 1, 7)
    first = start.weekday()
    worked = weeks * 5 + sum(1 for offset in range(rest) if (first + offset) % 7 < SATURDAY)
    return worked - len({day for day in holidays if start <= day <= end and day.weekday() < SATURDAY})


def last_working_day_before(day: date, holidays: Collection[date]) -> date:
    """Neither a Saturday, a Sunday nor one of the holidays."""
    day -= timedelta(days=1)
    while day.weekday() >= SATURDAY or day in holidays:
        day -= timedelta(days=1)
    return day


def _fiscal(day: date, first_month: int) -> tuple[int, int]:
    """The calendar year in which the fiscal year started, and the whole months gone since."""
    if not 1 <= first_month <= 12:
        raise ValueError(f"A fiscal year starts in month 1 to 12, not {first_month}.")
    year = day.year if day.month >= first_month else day.year - 1
    return year, (day.month - first_month) % 12


def _year_name(started: int, first_month: int) -> str:
    return str(started) if first_month == 1 else f"FY{started + 1}"


def _months(year: int, month: int, *, count: int, label: str) -> Period:
    after = year * 12 + month - 1 + count
    return Period(date(year, month, 1), _last_day(after), label)


def _last_day(month_index: int) -> date:
    """The day before the month numbered `month_index` (years * 12 + month - 1) begins."""
    last = month_index - 1
    if last % 12 == 11:
        return date(last // 12, 12, 31)
    return date(month_index // 12, month_index % 12 + 1, 1) - timedelta(days=1)
