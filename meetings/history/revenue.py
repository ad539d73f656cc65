"""Revenue against the goal, by week."""

from __future__ import annotations

from decimal import Decimal

from alignment.rules.column_charts import Column, ColumnChart, Segment
from alignment.rules.formatting import compact_apart, signed
from alignment.rules.percentages import whole_per_cent
from alignment.rules.periods import Period
from alignment.rules.revenue_kinds import words_of
from deals.pages.spans import revenue_path
from deals.rules.pace import is_on_pace
from meetings.history.queries import Figures
from meetings.history.values import (
    Cell,
    HistoryChart,
    HistoryTable,
    Part,
    Scope,
    amount_cell,
    column_head,
)
from meetings.rules.team_history import goal_within

NOTHING = Decimal(0)


def revenue_chart(scope: Scope, figures: Figures) -> HistoryChart:
    """Compared are only the weeks that have a goal, the running one up to today."""
    rows = [
        (column, figures.won_in(column), _goal(scope, column, figures), _path(scope, column))
        for column in scope.columns
    ]
    participle = words_of(scope.team.revenue_kind).participle
    with_goal = [(won, goal) for _, won, goal, _ in rows if goal is not None]
    won = sum((won for _, won, _, _ in rows), NOTHING)
    won_there = sum((amount for amount, _ in with_goal), NOTHING)
    goal = sum((amount for _, amount in with_goal), NOTHING)
    per_cent = whole_per_cent(won_there, goal) if goal else None
    won_text, goal_text, there_text = compact_apart(scope.m, won, goal, won_there)
    return HistoryChart(
        key="revenue",
        title="Revenue against goal",
        label="Revenue",
        figure=won_text if per_cent is None else f"{per_cent}%",
        detail=f"{participle}, no goal set"
        if per_cent is None
        else f"of the goal: {there_text} of {goal_text}",
        sentence=_sentence(
            scope, participle, won_text, there_text, goal_text, len(with_goal), goal, won_there
        ),
        parts=(Part("", ColumnChart([_column(scope, *row) for row in rows])),),
        table=HistoryTable(
            (column_head(scope), participle.capitalize(), "Goal", "Difference"),
            tuple(
                (
                    scope.heading_cell(column),
                    amount_cell(amount, scope.m, path if amount else ""),
                    amount_cell(target, scope.m),
                    _difference(amount, target, scope),
                )
                for column, amount, target, path in rows
            ),
        ),
        tone="bad" if won_there < goal and not is_on_pace(won_there - goal, goal) else "",
    )


def _goal(scope: Scope, column: Period, figures: Figures) -> Decimal | None:
    days = Period(column.start, min(column.end, scope.today), column.label)
    return goal_within(days, figures.goals)


def _path(scope: Scope, column: Period) -> str:
    return revenue_path(scope.team, column) if scope.reads else ""


def _column(scope: Scope, column: Period, won: Decimal, goal: Decimal | None, path: str) -> Column:
    won_text, goal_text = compact_apart(scope.m, won, goal)
    target = f", goal {goal_text}" if goal is not None else ""
    kind = "now" if column.contains(scope.today) else "past"
    return Column(
        label=f"{scope.days_of(column)}: {won_text}{target}",
        segments=(Segment(kind, won),),
        path=path,
        target=goal,
        has_change=scope.has_change(column),
    )


def _difference(won: Decimal, goal: Decimal | None, scope: Scope) -> Cell:
    difference = None if goal is None else won - goal
    return Cell(signed(difference, scope.m), difference)


def _sentence(
    scope: Scope,
    participle: str,
    won: str,
    won_there: str,
    goal: str,
    columns: int,
    goal_amount: Decimal,
    amount: Decimal,
) -> str:
    if not columns or not goal_amount:
        return f"{won} {participle} in {scope.weeks} weeks. No goal was set for them."
    if columns < len(scope.columns):
        weeks = scope.weeks // len(scope.columns) * columns
        start = f"{weeks} of the {scope.weeks} weeks have a goal: {won_there} {participle} of {goal}"
    else:
        start = f"{won_there} {participle} of the {goal} that is the goal of these {scope.weeks} weeks"
    if amount >= goal_amount:
        return f"{start}: the goal was reached."
    missing, _ = compact_apart(scope.m, goal_amount - amount, goal_amount)
    return f"{start}: {missing} short."
