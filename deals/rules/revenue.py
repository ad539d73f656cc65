"""Revenue against the goal: what was actually won, and what is still needed. Pure; money as Decimal.

Goals are keyed by the first day of their calendar month, actuals by the day they were won. `today` is the
reader's present day in the team's zone: what is dated after it does not exist yet.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from alignment.rules.periods import (
    RECENT_WEEKS,
    Period,
    business_days,
    month_of,
    months_in,
    quarter_of,
    weeks_back,
    year_of,
)

CENT = Decimal("0.01")
NOTHING = Decimal(0)
WORKING_WEEK = 5
HALF_A_UNIT = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a team stands in one period. Without a goal for every month there is no goal, gap or rate."""

    period: Period
    goal: Decimal | None
    missing_months: tuple[date, ...]
    goal_to_date: Decimal | None
    actual: Decimal
    gap: Decimal | None  # actual − goal to date: negative is behind
    needed_per_week: Decimal | None  # None too when no business day is left
    days_gone: int  # business days, today counted
    days_total: int

    @property
    def has_goal(self) -> bool:
        return self.goal is not None

    @property
    def behind(self) -> bool:
        """Under half a unit is at its goal: nobody is "behind by $0"."""
        return self.gap is not None and self.gap <= -HALF_A_UNIT

    @property
    def share_of_goal(self) -> Decimal | None:
        """Actual ÷ the whole period's goal: 0.63 is 63 %; None without a goal above zero."""
        return self.actual / self.goal if self.goal else None

    @property
    def days_left(self) -> int:
        return self.days_total - self.days_gone


@dataclass(frozen=True, slots=True)
class Week:
    period: Period
    actual: Decimal


@dataclass(frozen=True, slots=True)
class Revenue:
    month: Standing
    quarter: Standing
    year: Standing
    weeks: tuple[Week, ...]
    average_week: Decimal


class _Ledger:
    """Running totals over the days up to and including today: the sum of any period by two look-ups."""

    def __init__(self, actuals: Mapping[date, Decimal], *, today: date) -> None:
        self.days = sorted(day for day in actuals if day <= today)
        self.totals = list(accumulate((actuals[day] for day in self.days), initial=NOTHING))

    def won_in(self, period: Period) -> Decimal:
        first, after = bisect_left(self.days, period.start), bisect_right(self.days, period.end)
        return self.totals[after] - self.totals[first]


def revenue(
    today: date,
    *,
    first_month: int,
    goals: Mapping[date, Decimal],
    actuals: Mapping[date, Decimal],
    holidays: Collection[date],
) -> Revenue:
    """Month, quarter and year of `today`, and its last 13 weeks. `first_month` starts the fiscal year."""
    ledger = _Ledger(actuals, today=today)
    month, quarter, year = (
        _standing(period, today=today, goals=goals, actual=ledger.won_in(period), holidays=holidays)
        for period in (
            month_of(today),
            quarter_of(today, first_month=first_month),
            year_of(today, first_month=first_month),
        )
    )
    weeks = _weekly(today, ledger=ledger, count=RECENT_WEEKS)
    return Revenue(month=month, quarter=quarter, year=year, weeks=weeks, average_week=average(weeks))


def standing(
    period: Period,
    *,
    today: date,
    goals: Mapping[date, Decimal],
    actuals: Mapping[date, Decimal],
    holidays: Collection[date],
) -> Standing:
    """The standing of one period of whole months, past, present or future."""
    actual = _Ledger(actuals, today=today).won_in(period)
    return _standing(period, today=today, goals=goals, actual=actual, holidays=holidays)


def weekly(today: date, *, actuals: Mapping[date, Decimal], count: int = RECENT_WEEKS) -> tuple[Week, ...]:
    """Monday to Sunday, oldest first; the last week is the one under way."""
    return _weekly(today, ledger=_Ledger(actuals, today=today), count=count)


def average(weeks: Sequence[Week]) -> Decimal:
    """The mean week, half-up to the cent; zero for no weeks."""
    if not weeks:
        return NOTHING
    return (sum((week.actual for week in weeks), NOTHING) / len(weeks)).quantize(CENT, ROUND_HALF_UP)


def _weekly(today: date, *, ledger: _Ledger, count: int) -> tuple[Week, ...]:
    return tuple(Week(week, ledger.won_in(week)) for week in weeks_back(today, count=count))


def _standing(
    period: Period,
    *,
    today: date,
    goals: Mapping[date, Decimal],
    actual: Decimal,
    holidays: Collection[date],
) -> Standing:
    missing = tuple(month for month in months_in(period) if month not in goals)
    gone = business_days(period.start, min(today, period.end), holidays=holidays)
    total = business_days(period.start, period.end, holidays=holidays)
    goal = due = gap = None
    if not missing:
        goal = sum((goals[month] for month in months_in(period)), NOTHING)
        due = goal_to_date(goals, shares_gone(period, today=today, holidays=holidays))
        gap = actual - due
    return Standing(
        period=period,
        goal=goal,
        missing_months=missing,
        goal_to_date=due,
        actual=actual,
        gap=gap,
        needed_per_week=_needed_per_week(goal, actual=actual, days_left=total - gone),
        days_gone=gone,
        days_total=total,
    )


def shares_gone(period: Period, *, today: date, holidays: Collection[date]) -> dict[date, Decimal]:
    """The share of each month's goal that is due by `today`: all of a past month, of the current month the
    share of its business days so far. The same for every team with that day and those holidays.
    """
    shares = {}
    for first in months_in(period):
        month = month_of(first)
        if month.end <= today:
            shares[first] = Decimal(1)
        else:
            shares[first] = _share_gone(month, today=today, holidays=holidays) if first <= today else NOTHING
    return shares


def goal_to_date(goals: Mapping[date, Decimal], shares: Mapping[date, Decimal]) -> Decimal:
    """The part of the months' goals that is due by then, half-up to the cent."""
    return sum((goals[first] * share for first, share in shares.items()), NOTHING).quantize(
        CENT, ROUND_HALF_UP
    )


def _share_gone(month: Period, *, today: date, holidays: Collection[date]) -> Decimal:
    total = business_days(month.start, month.end, holidays=holidays)
    return Decimal(business_days(month.start, today, holidays=holidays)) / total if total else NOTHING


def _needed_per_week(goal: Decimal | None, *, actual: Decimal, days_left: int) -> Decimal | None:
    """A week is five business days."""
    if goal is None or days_left == 0:
        return None
    still = max(NOTHING, goal - actual)
    return (still * WORKING_WEEK / days_left).quantize(CENT, ROUND_HALF_UP)
