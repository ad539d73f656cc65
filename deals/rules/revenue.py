"""Revenue against the goal: what was actually won, and what is still needed. Pure; money as Decimal.

Goals are keyed by the first day of their calendar month, actuals by the day they were won. `today` is the
reader's present day in the team's zone: what is dated after it does not exist yet.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import NamedTuple

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
from deals.rules.pace import MonthWon, Shape, is_on_pace, sum_months

CENT = Decimal("0.01")
NOTHING = Decimal(0)
WORKING_WEEK = 5
FRESH_FOR = 2
"""Working days for which revenue from a file counts as up to date."""
HALF_A_UNIT = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a team stands in one period, from the first month with a goal on and from where its data begins.

    Without a goal for every later month there is no goal, gap or rate.
    """

    period: Period
    goal: Decimal | None
    missing_months: tuple[date, ...]
    goal_to_date: Decimal | None
    actual: Decimal
    gap: Decimal | None  # actual − goal to date: negative is behind
    needed_per_week: Decimal | None  # None too when less than a week is left
    days_gone: int  # business days, today counted
    days_total: int
    begins: date | None = None  # where goal and actual do not cover the whole period

    @property
    def has_goal(self) -> bool:
        return self.goal is not None

    @property
    def has_begun(self) -> bool:
        """Whether any business day has passed, so that something can be due."""
        return self.days_gone > 0

    @property
    def is_on_pace(self) -> bool:
        return self.gap is not None and self.goal is not None and is_on_pace(self.gap, self.goal)

    @property
    def behind(self) -> bool:
        return self.gap is not None and self.gap < 0 and not self.is_on_pace

    @property
    def still_to_win(self) -> Decimal | None:
        return None if self.goal is None else max(NOTHING, self.goal - self.actual)

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
    data_from: date | None = None,
    shape: Shape | None = None,
) -> Revenue:
    """Month, quarter and year of `today`, and its last 13 weeks. `first_month` starts the fiscal year.

    Before `data_from` nothing is known of the team. Without a `shape` the goals of the months say what is due.
    """
    ledger = _Ledger(actuals, today=today)
    now = quarter_of(today, first_month=first_month)
    month, quarter, year = (
        standing_at(
            period,
            today=today,
            goals=goals,
            won_in=ledger.won_in,
            holidays=holidays,
            data_from=data_from,
            weights=shape.weights(now) if shape else {},
        )
        for period in (month_of(today), now, year_of(today, first_month=first_month))
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
    ledger = _Ledger(actuals, today=today)
    return standing_at(period, today=today, goals=goals, won_in=ledger.won_in, holidays=holidays)


def weekly(today: date, *, actuals: Mapping[date, Decimal], count: int = RECENT_WEEKS) -> tuple[Week, ...]:
    """Monday to Sunday, oldest first; the last week is the one under way."""
    return _weekly(today, ledger=_Ledger(actuals, today=today), count=count)


def as_of(newest: datetime, imported_at: datetime | None, *, is_from_file: bool, zone: tzinfo) -> date | None:
    """The day of the file that the newest revenue comes from, or of a later import that found nothing else; None where
    people enter it. `newest` is when that entry was made.
    """
    return max(newest, imported_at or newest).astimezone(zone).date() if is_from_file else None


def is_out_of_date(as_of: date, today: date, holidays: Collection[date]) -> bool:
    """Whether revenue that came from a file on that day is older than two working days."""
    return business_days(as_of, today, holidays=holidays) - 1 > FRESH_FOR


def average(weeks: Sequence[Week]) -> Decimal:
    """The mean week, half-up to the cent; zero for no weeks."""
    if not weeks:
        return NOTHING
    return (sum((week.actual for week in weeks), NOTHING) / len(weeks)).quantize(CENT, ROUND_HALF_UP)


def _weekly(today: date, *, ledger: _Ledger, count: int) -> tuple[Week, ...]:
    return tuple(Week(week, ledger.won_in(week)) for week in weeks_back(today, count=count))


def standing_at(
    period: Period,
    *,
    today: date,
    goals: Mapping[date, Decimal],
    won_in: Callable[[Period], Decimal],
    holidays: Collection[date],
    data_from: date | None = None,
    weights: Mapping[date, Decimal] | None = None,
) -> Standing:
    """`won_in` says what was won in a part of the period up to today; `weights` are those of a `Shape`."""
    first_goal = next((month for month in months_in(period) if month in goals), period.start)
    is_ahead = data_from is not None and data_from > today
    begins = first_goal if data_from is None or is_ahead else max(first_goal, data_from)
    counted = replace(period, start=min(begins, period.end))
    missing = tuple(month for month in months_in(period) if month >= first_goal and month not in goals)
    gone = 0 if is_ahead else business_days(counted.start, min(today, counted.end), holidays=holidays)
    total = business_days(counted.start, counted.end, holidays=holidays)
    actual = won_in(counted)
    goal = due = gap = None
    if not missing:
        shares = shares_gone(counted, today=today, holidays=holidays)
        goal = goal_of(goals, shares)
        due = NOTHING if is_ahead else goal_to_date(goals, shares, weights or {})
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
        begins=counted.start if counted.start > period.start else None,
    )


def standing_by_months(
    quarter: Period,
    *,
    today: date,
    goals: Mapping[date, Decimal],
    won: Mapping[date, MonthWon],
    holidays: Collection[date],
    data_from: date,
    shape: Shape | None,
) -> Standing:
    """The standing of a quarter of which it is known what each month brought, none of it after today."""
    return standing_at(
        quarter,
        today=today,
        goals=goals,
        won_in=lambda period: sum_months(won, period),
        holidays=holidays,
        data_from=data_from,
        weights=shape.weights(quarter) if shape else {},
    )


class MonthShare(NamedTuple):
    """The shares of a month's goal that are due by a day, and that count at all."""

    due: Decimal
    whole: Decimal


def shares_gone(period: Period, *, today: date, holidays: Collection[date]) -> dict[date, MonthShare]:
    """By month: all of a past month's goal is due by `today`, of the current month the share of its business days
    so far. A period may begin within a month. The same for every team with that day and those holidays.
    """
    return {
        first: _month_share(period, month_of(first), today=today, holidays=holidays)
        for first in months_in(replace(period, start=period.start.replace(day=1)))
    }


def _month_share(period: Period, month: Period, *, today: date, holidays: Collection[date]) -> MonthShare:
    first = max(period.start, month.start)
    whole = _share(month, first, month.end, holidays) if first > month.start else Decimal(1)
    if month.end <= today:
        return MonthShare(whole, whole)
    return MonthShare(_share(month, first, today, holidays), whole)


def _share(month: Period, first: date, last: date, holidays: Collection[date]) -> Decimal:
    """The share of the month's business days from `first` to `last`."""
    total = business_days(month.start, month.end, holidays=holidays)
    return Decimal(business_days(first, last, holidays=holidays)) / total if total else NOTHING


def total_of(period: Period, months: Mapping[date, Decimal]) -> Decimal:
    """What the months of the period add up to; a month without an amount adds nothing."""
    return sum((months.get(month, NOTHING) for month in months_in(period)), NOTHING)


def full_goal_of(period: Period, goals: Mapping[date, Decimal]) -> Decimal | None:
    """What the goals of the period's months add up to; None where one is missing."""
    return total_of(period, goals) if all(month in goals for month in months_in(period)) else None


def goal_of(goals: Mapping[date, Decimal], shares: Mapping[date, MonthShare]) -> Decimal:
    """The part of the months' goals that counts, half-up to the cent where a month counts in part."""
    goal = sum((goals[month] * share.whole for month, share in shares.items()), NOTHING)
    is_whole = all(share.whole == 1 for share in shares.values())
    return goal if is_whole else goal.quantize(CENT, ROUND_HALF_UP)


def goal_to_date(
    goals: Mapping[date, Decimal],
    shares: Mapping[date, MonthShare],
    weights: Mapping[date, Decimal],
) -> Decimal:
    """The part of the goals that is due by then, half-up to the cent.

    Months with a weight share their goals by it: what is due is the share that the weights of the days gone have.
    """
    shaped = {month: share for month, share in shares.items() if month in weights}
    whole = sum((weights[month] * share.whole for month, share in shaped.items()), NOTHING)
    if not whole:
        shaped = {}
    plain = sum((goals[month] * share.due for month, share in shares.items() if month not in shaped), NOTHING)
    gone = sum((weights[month] * share.due for month, share in shaped.items()), NOTHING)
    by_shape = goal_of(goals, shaped) * gone / whole if shaped else NOTHING
    return (plain + by_shape).quantize(CENT, ROUND_HALF_UP)


def _needed_per_week(goal: Decimal | None, *, actual: Decimal, days_left: int) -> Decimal | None:
    """A week is five business days. With less than one left it is what is still to win that counts."""
    if goal is None or days_left < WORKING_WEEK:
        return None
    still = max(NOTHING, goal - actual)
    return (still * WORKING_WEEK / days_left).quantize(CENT, ROUND_HALF_UP)
