"""What was called for a period after one and two thirds of it, against what was achieved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from alignment.rules.column_charts import ForecastBar, Forecasted, top_of
from alignment.rules.formatting import compact, signed
from alignment.rules.percentages import whole_per_cent
from alignment.rules.periods import Period
from alignment.rules.revenue_kinds import words_of
from alignment.rules.roles import Role
from deals.pages.spans import revenue_path
from deals.rules.revenue import full_goal_of
from meetings.forecast.history import counted_calls
from meetings.history.queries import Figures
from meetings.history.values import (
    CallRow,
    Cell,
    HistoryChart,
    HistoryTable,
    Scope,
    amount_cell,
    text_cell,
)
from meetings.models import Call
from meetings.rules.calls import CallResult, Point, StatedCall, call_at, point_days
from meetings.rules.team_history import holders_in

POINTS = (Point.THIRD, Point.TWO_THIRDS)


@dataclass(frozen=True, slots=True)
class CalledPeriod:
    """A period with what was called for it at the two points; `is_over` once its last day has passed."""

    period: Period
    actual: Decimal
    goal: Decimal | None
    calls: Mapping[Point, StatedCall | None]
    is_over: bool

    def commit(self, point: Point) -> Decimal | None:
        call = self.calls[point]
        return call.commit if call else None

    def result(self, point: Point) -> CallResult | None:
        """None while the period runs, and where nothing was called by then."""
        call = self.calls[point]
        if call is None or not self.is_over:
            return None
        return CallResult(call.commit, call.best_case, self.actual, self.goal)

    @property
    def last_result(self) -> CallResult | None:
        return self.result(Point.TWO_THIRDS) or self.result(Point.THIRD)


def called_periods(
    scope: Scope, calls: Mapping[Period, Sequence[Call]], figures: Figures
) -> tuple[CalledPeriod, ...]:
    """Called as the team calls now, by quarter or month, the newest first; of the running one only points that have
    passed.
    """
    rows = []
    for period, of_period in calls.items():
        if of_period[-1].days.kind != scope.team.call_period:
            continue
        counted = counted_calls(scope.team, of_period)
        stated = {point: call_at(point, period, counted) for point in POINTS}
        is_over = period.end < scope.today
        rows.append(
            CalledPeriod(
                period=period,
                actual=figures.won_in(period),
                goal=full_goal_of(period, figures.goals),
                calls={
                    point: call if is_over or _has_passed(point, period, scope) else None
                    for point, call in stated.items()
                },
                is_over=is_over,
            )
        )
    return tuple(rows)


def _has_passed(point: Point, period: Period, scope: Scope) -> bool:
    return point_days(period)[point] <= scope.today


def calls_chart(scope: Scope, rows: Sequence[CalledPeriod]) -> HistoryChart:
    participle = words_of(scope.team.revenue_kind).participle
    over = [row for row in rows if row.is_over]
    newest = next((row for row in over if row.last_result), None)
    figure, detail = _sum(newest)
    values = [
        Forecasted(row.actual, row.commit(Point.THIRD), row.commit(Point.TWO_THIRDS), row.goal)
        for row in rows
    ]
    top = top_of(values)
    return HistoryChart(
        key="calls",
        title="The call against the result",
        label="The last call",
        figure=figure,
        detail=detail,
        sentence=_sentence(scope, over, newest),
        calls=tuple(
            CallRow(
                label=row.period.label,
                text=_text(row, participle, scope),
                bar=ForecastBar(value, top),
                path=revenue_path(scope.team, row.period),
                first_path=_path(scope, row.calls[Point.THIRD]),
                second_path=_path(scope, row.calls[Point.TWO_THIRDS]),
            )
            for row, value in zip(rows, values, strict=True)
        ),
        table=HistoryTable(
            (
                "Period",
                "Sales leader",
                "Goal",
                "Called after one third",
                "Called after two thirds",
                participle.capitalize(),
                "Call less result",
            ),
            tuple(_cells(scope, row) for row in rows),
        ),
    )


def _path(scope: Scope, call: StatedCall | None) -> str:
    return f"{reverse('meetings:forecast', args=(scope.team.slug,))}?call={call.id}" if call else ""


def _sum(newest: CalledPeriod | None) -> tuple[str, str]:
    result = newest.last_result if newest else None
    if newest is None or result is None:
        return "–", "no result yet"
    point = "two thirds" if newest.result(Point.TWO_THIRDS) else "one third"
    return _deviation(result), f"of the goal, {newest.period.label}, against the call after {point}"


def _deviation(result: CallResult) -> str:
    """How far the result was from the commit, in per cent of the goal: "4% below", "on the call"."""
    if not result.difference:
        return "on the call"
    side = "below" if result.difference > 0 else "above"
    if result.error is None:
        return side
    return f"{whole_per_cent(abs(result.error), 1) or '<1'}% {side}"


def _sentence(scope: Scope, over: Sequence[CalledPeriod], newest: CalledPeriod | None) -> str:
    if newest is None:
        return "No period that was called is over yet in these weeks."
    named = {Point.THIRD: "one third", Point.TWO_THIRDS: "two thirds"}
    parts = [
        f"{compact(newest.commit(point), scope.m)} after {named[point]}"
        for point in POINTS
        if newest.commit(point) is not None
    ]
    text = (
        f"{newest.period.label}: called {' and '.join(parts)}, and {compact(newest.actual, scope.m)} came in."
    )
    results = [result for row in over if (result := row.last_result)]
    if len(results) == 1:
        return text
    less = sum(result.difference > 0 for result in results)
    more = sum(result.difference < 0 for result in results)
    return f"{text} Of {len(results)} periods, {less} came in below the last call and {more} above it."


def _text(row: CalledPeriod, participle: str, scope: Scope) -> str:
    won = f"{compact(row.actual, scope.m)} {participle}{'' if row.is_over else ' so far'}"
    goal = f" of a goal of {compact(row.goal, scope.m)}" if row.goal is not None else ""
    return f"{won}{goal}"


def _cells(scope: Scope, row: CalledPeriod) -> tuple[Cell, ...]:
    result = row.last_result
    difference = result.difference if result else None
    return (
        Cell(row.period.label, row.period.label, is_number=False),
        text_cell(", then ".join(holders_in(scope.terms, Role.LEADER, row.period))),
        amount_cell(row.goal, scope.m),
        *(amount_cell(row.commit(point), scope.m, _path(scope, row.calls[point])) for point in POINTS),
        amount_cell(row.actual, scope.m, revenue_path(scope.team, row.period)),
        Cell(signed(difference, scope.m), difference),
    )
