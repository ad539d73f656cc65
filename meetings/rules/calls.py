"""The forecast call: for which periods one is stated, how far it was from what came, and who was nearer. Pure.

A call is two totals of a period, both with what is won already: the commit, which the sales leader stands behind,
and the best case, if the named upside comes too. Errors are signed: (call − actual) ÷ goal, so that a goal of its
own size makes teams and periods comparable and a period in which nothing was won still has one. It is taken at
three fixed moments of the period, because a call of its last week is no forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

from alignment.rules.call_periods import CallPeriod
from alignment.rules.percentages import whole_per_cent
from alignment.rules.periods import Period, month_of, period_between, quarter_of

NEXT_WITHIN_WEEKS = 3
"""In so many last weeks of a period the next one is called too."""
FIRST_WEEK = timedelta(days=6)
LEAST_FOR_AVERAGE = 4
LEAST_FOR_RANGE = 8
LONGEST_MONTH = 31
MOST_MEASURES = 3
"""A plan for the gap has at most so many measures."""


class CalledDays(NamedTuple):
    """A period for which something was called: its first and last day, which stay as they were called."""

    starts_on: date
    ends_on: date
    is_part_of_quarter: bool = False
    """No longer than a month, and yet what a moved fiscal year left of a quarter."""

    @property
    def kind(self) -> str:
        """Whether it was called as a month or as a quarter."""
        is_month = self.is_as_short_as_a_month and not self.is_part_of_quarter
        return CallPeriod.MONTH if is_month else CallPeriod.QUARTER

    @property
    def is_as_short_as_a_month(self) -> bool:
        return (self.ends_on - self.starts_on).days < LONGEST_MONTH


def is_part_of_quarter(period: Period, *, kind: str) -> bool:
    """Of a period that is called now by a team that calls by quarter or month, `kind`."""
    return kind == CallPeriod.QUARTER and CalledDays(period.start, period.end).is_as_short_as_a_month


def call_period_of(day: date, *, kind: str, first_month: int) -> Period:
    return month_of(day) if kind == CallPeriod.MONTH else quarter_of(day, first_month=first_month)


def find_call_periods(
    today: date, *, kind: str, first_month: int, earlier: Iterable[CalledDays] = ()
) -> tuple[Period, ...]:
    """The period that runs, and in its last three weeks the next one.

    `earlier` is what was called before: a period keeps the days it was called with, also after
    the company's fiscal year was moved. The part of a fiscal quarter that was not called is a period of its own, so
    that no day has two calls: it begins the day after what was called before it and ends the day before what was
    called after it.
    """
    called = [
        period_between(days.starts_on, days.ends_on, first_month=first_month)
        for days in earlier
        if days.kind == kind
    ]

    def period_on(day: date) -> Period:
        known = max((period for period in called if period.contains(day)), key=_start_of, default=None)
        return known or _uncalled_part(
            call_period_of(day, kind=kind, first_month=first_month), day, called, first_month=first_month
        )

    now = period_on(today)
    if now.end - today >= timedelta(weeks=NEXT_WITHIN_WEEKS):
        return (now,)
    return (now, period_on(now.end + timedelta(days=1)))


def _start_of(period: Period) -> date:
    return period.start


def _uncalled_part(period: Period, day: date, called: Iterable[Period], *, first_month: int) -> Period:
    """What is left of it around a day for which nothing was called."""
    start, end, a_day = period.start, period.end, timedelta(days=1)
    for other in called:
        if other.end < day:
            start = max(start, other.end + a_day)
        else:
            end = min(end, other.start - a_day)
    return period_between(start, end, first_month=first_month)


class Point(StrEnum):
    """When in a period its call is measured."""

    START = "start"
    THIRD = "third"
    TWO_THIRDS = "two_thirds"

    @property
    def label(self) -> str:
        return {"start": "At the start", "third": "After one third"}.get(self.value, "After two thirds")


def point_days(period: Period) -> dict[Point, date]:
    """The days whose end each point is: the first day, and where one and two thirds of the days have begun."""
    third, two_thirds = (timedelta(days=period.days * part // 3) for part in (1, 2))
    return {
        Point.START: period.start,
        Point.THIRD: period.start + third,
        Point.TWO_THIRDS: period.start + two_thirds,
    }


@dataclass(frozen=True, slots=True)
class StatedCall:
    """A call from the day on which it began to count."""

    on: date
    commit: Decimal
    best_case: Decimal
    id: int = 0
    """The number of its row."""


def call_at(point: Point, period: Period, calls: Sequence[StatedCall]) -> StatedCall | None:
    """The last one, in their order, that counted by the end of the point's day. At the start, where none was stated
    ahead, the first of the first week: a weekly meeting falls into it.
    """
    day = point_days(period)[point]
    counted = [call for call in calls if call.on <= day]
    if counted:
        return counted[-1]
    first_week = [call for call in calls if call.on <= period.start + FIRST_WEEK]
    return first_week[0] if first_week and point == Point.START else None


@dataclass(frozen=True, slots=True)
class CallResult:
    """A call of a period that is over, beside what came of it."""

    commit: Decimal
    best_case: Decimal
    actual: Decimal
    goal: Decimal | None

    @property
    def difference(self) -> Decimal:
        """Call less actual: above zero, less came than was committed."""
        return self.commit - self.actual

    @property
    def error(self) -> Decimal | None:
        """The difference ÷ the goal; None without a goal above zero."""
        return self.difference / self.goal if self.goal else None

    @property
    def lay_between(self) -> bool:
        """Whether the actual lay between commit and best case."""
        return self.commit <= self.actual <= self.best_case

    @property
    def exceeded_both(self) -> bool:
        """Whether more came than the best case."""
        return self.actual > self.best_case

    @property
    def in_words(self) -> str:
        if not self.difference:
            return "came in on the commit"
        side = "under" if self.difference > 0 else "over"
        if self.error is None:
            return f"came in {side} the commit"
        per_cent = whole_per_cent(abs(self.error), 1)
        size = f"{per_cent}%" if per_cent else "less than 1%"
        return f"came in {side} the commit by {size} of the goal"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Over several periods at one point: None where there are too few."""

    periods: int
    average: Decimal | None
    average_size: Decimal | None
    """Of the errors without their signs: errors in both directions do not cancel here."""
    lowest: Decimal | None
    highest: Decimal | None


def accuracy_of(errors: Sequence[Decimal]) -> Accuracy:
    """The average from four periods, the range from eight."""
    count = len(errors)
    with_average, with_range = count >= LEAST_FOR_AVERAGE, count >= LEAST_FOR_RANGE
    return Accuracy(
        periods=count,
        average=sum(errors, Decimal(0)) / count if with_average else None,
        average_size=sum(map(abs, errors), Decimal(0)) / count if with_average else None,
        lowest=min(errors) if with_range else None,
        highest=max(errors) if with_range else None,
    )


class Dated(Protocol):
    """A call of one meeting, with the moment at which it was stated."""

    @property
    def at(self) -> datetime: ...


AnyCall = TypeVar("AnyCall", bound=Dated)


def call_when_both_in(
    calls: Sequence[AnyCall], *, submitted_at: datetime | None, expected_at: datetime
) -> AnyCall | None:
    """Of the calls of one meeting and period, in their order, the one that stood when the two numbers could be read:
    the preparation was submitted, a call was stated, and the CEO’s number was in. Without a submission they were
    read from the start of the meeting, so it is the last one. None without any call.
    """
    if not calls:
        return None
    if submitted_at is None:
        return calls[-1]
    both_in = max(submitted_at, expected_at, calls[0].at)
    return [call for call in calls if call.at <= both_in][-1]


class Nearer(StrEnum):
    LEADER = "leader"
    CEO = "ceo"
    BOTH = "both"


def who_was_nearer(*, leader: Decimal, ceo: Decimal, actual: Decimal) -> Nearer:
    by_leader, by_ceo = abs(leader - actual), abs(ceo - actual)
    if by_leader == by_ceo:
        return Nearer.BOTH
    return Nearer.LEADER if by_leader < by_ceo else Nearer.CEO
