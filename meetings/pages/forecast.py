"""The forecast of a team: its calls of this period week by week, and what came of those before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from alignment.models import Team, User
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import Period
from alignment.rules.revenue_kinds import words_of
from deals.pages.spans import revenue_path
from deals.rules.revenue import full_goal_of, total_of
from meetings.forecast.history import (
    YEARS_BACK,
    by_period,
    calls_of,
    counted_calls,
    counted_from,
    goals_by_month,
    last_expectations,
    won_by_month,
)
from meetings.models import Call, Expectation
from meetings.rules.calls import (
    LEAST_FOR_AVERAGE,
    LEAST_FOR_RANGE,
    Accuracy,
    CallResult,
    Nearer,
    Point,
    accuracy_of,
    call_at,
    call_when_both_in,
    who_was_nearer,
)

RECENT = 5
"""How many calls of a period are shown before the earlier ones, which are folded."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """One meeting’s call, and how the commit changed since the one before."""

    call: Call
    change: Decimal | None
    counts: bool
    """Whether its preparation was submitted, or the meeting started."""


@dataclass(frozen=True, slots=True)
class RunningPeriod:
    period: Period
    goal: Decimal | None
    won: Decimal
    won_path: str
    lines: tuple[CallLine, ...]  # the newest first

    @property
    def line(self) -> str:
        """The newest commit beside the goal, amounts in braces; empty where one of them is missing."""
        if not self.lines or self.goal is None:
            return ""
        commit = self.lines[0].call.commit
        standing = f"Commit {{{commit}}} is"
        if commit == self.goal:
            return f"{standing} as high as the goal"
        side = "short of" if commit < self.goal else "above"
        return f"{standing} {{{abs(self.goal - commit)}}} {side} the goal"

    @property
    def recent(self) -> tuple[CallLine, ...]:
        return self.lines[:RECENT]

    @property
    def earlier(self) -> tuple[CallLine, ...]:
        return self.lines[RECENT:]


@dataclass(frozen=True, slots=True)
class NearerLine:
    """Whose number was nearer at the last meeting for which both gave one; for the two alone."""

    nearer: Nearer
    leader: str
    ceo: str
    commit: Decimal
    amount: Decimal
    on: date


class PointResult(NamedTuple):
    """What the call at a point of the period was worth; `call` is the number of its row."""

    point: Point
    result: CallResult | None
    call: int


@dataclass(frozen=True, slots=True)
class PastPeriod:
    period: Period
    goal: Decimal | None
    won: Decimal
    won_path: str
    results: tuple[PointResult, ...]
    nearer: NearerLine | None


@dataclass(frozen=True, slots=True)
class ForecastPage:
    team: Team
    m: MoneyFormat
    running: tuple[RunningPeriod, ...]
    past: tuple[PastPeriod, ...]
    accuracy: tuple[tuple[Point, Accuracy], ...]

    points = tuple(Point)
    least_for_average = LEAST_FOR_AVERAGE
    least_for_range = LEAST_FOR_RANGE

    @property
    def participle(self) -> str:
        return words_of(self.team.revenue_kind).participle

    @property
    def has_averages(self) -> bool:
        return any(accuracy.average is not None for _, accuracy in self.accuracy)

    @property
    def most_measured(self) -> int:
        """Of how many periods there is an error, at the point with the most."""
        return max(accuracy.periods for _, accuracy in self.accuracy)

    @property
    def is_empty(self) -> bool:
        return not self.running and not self.past


def build_page(team: Team, user: User, *, today: date) -> ForecastPage:
    periods = by_period(
        team, calls_of(team, user, ended_since=today - YEARS_BACK).select_related("meeting", "by")
    )
    known = list(periods) or [Period(today, today, "")]
    goals, won = goals_by_month(team, known), won_by_month(team, known)
    expected = last_expectations(team, user, today=today)
    running = tuple(
        RunningPeriod(
            period,
            full_goal_of(period, goals),
            total_of(period, won),
            revenue_path(team, period),
            _lines(calls),
        )
        for period, calls in reversed(periods.items())
        if period.end >= today
    )
    past = tuple(
        _past(team, period, calls, goals=goals, won=won, expected=expected.get((period.start, period.end)))
        for period, calls in periods.items()
        if period.end < today
    )
    alike = [row for row in past if periods[row.period][-1].days.kind == team.call_period]
    return ForecastPage(
        team=team,
        m=MoneyFormat(team.currency, user.locale),
        running=running,
        past=past,
        accuracy=tuple((point, _accuracy(point, alike)) for point in Point),
    )


def _lines(calls: Sequence[Call]) -> tuple[CallLine, ...]:
    changes = [None, *(later.commit - earlier.commit for earlier, later in pairwise(calls))]
    lines = [
        CallLine(call, change, counted_from(call) is not None)
        for call, change in zip(calls, changes, strict=True)
    ]
    return tuple(reversed(lines))


def _past(
    team: Team,
    period: Period,
    calls: Sequence[Call],
    *,
    goals: Mapping[date, Decimal],
    won: Mapping[date, Decimal],
    expected: Expectation | None,
) -> PastPeriod:
    actual, goal, counted = total_of(period, won), full_goal_of(period, goals), counted_calls(team, calls)
    stated = [(point, call_at(point, period, counted)) for point in Point]
    return PastPeriod(
        period=period,
        goal=goal,
        won=actual,
        won_path=revenue_path(team, period),
        results=tuple(
            PointResult(point, CallResult(call.commit, call.best_case, actual, goal), call.id)
            if call
            else PointResult(point, None, 0)
            for point, call in stated
        ),
        nearer=_nearer(team, calls, expected, actual=actual) if expected else None,
    )


def _nearer(
    team: Team, calls: Sequence[Call], expected: Expectation, *, actual: Decimal
) -> NearerLine | None:
    before = [call for call in calls if call.meeting.starts_at <= expected.meeting.starts_at]
    if not before:
        return None
    call = _counted_beside(expected) or before[-1]
    return NearerLine(
        nearer=who_was_nearer(leader=call.commit, ceo=expected.amount, actual=actual),
        leader=expected.leader.name if expected.leader else "The sales leader",
        ceo=expected.ceo.name,
        commit=call.commit,
        amount=expected.amount,
        on=team.today(expected.meeting.starts_at),
    )


def _counted_beside(expected: Expectation) -> Call | None:
    """The call of the same meeting that counted when both numbers were in: a later one may know the CEO’s."""
    meeting = expected.meeting
    days = (expected.starts_on, expected.ends_on)
    calls = [call for call in meeting.calls.all() if (call.starts_on, call.ends_on) == days]
    return call_when_both_in(calls, submitted_at=meeting.submitted_at, expected_at=expected.changed_at)


def _accuracy(point: Point, past: Sequence[PastPeriod]) -> Accuracy:
    """Over periods of one length: an error of a month is no error of a quarter."""
    results = (row.result for period in past for row in period.results if row.point == point)
    return accuracy_of([result.error for result in results if result and result.error is not None])
