"""Commitments done in time, by week and side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from django.http import QueryDict
from django.urls import reverse

from alignment.rules.column_charts import LOW_HEIGHT, Column, ColumnChart, Segment
from alignment.rules.formatting import number_of
from alignment.rules.periods import Period
from deals.rules.spans import DaySpan
from meetings.history.queries import Due
from meetings.history.values import (
    Cell,
    HistoryChart,
    HistoryTable,
    Part,
    Scope,
    column_head,
    count_cell,
)
from meetings.rules.team_history import Tally, position_of
from meetings.rules.track_record import HEALTHY

OTHERS = ""
Tallies = dict[tuple[str, int], Tally]


def commitments_chart(scope: Scope, facts: Sequence[Due]) -> HistoryChart:
    """Both sides, the reader's own first; people who spoke for neither are in the table alone."""
    tallies = _tallies(scope, facts)
    paths = [_path(scope, column) for column in scope.columns]
    by_side = {side: _sum(tallies, side) for side in (*scope.sides, OTHERS)}
    total = sum(by_side.values(), Tally())
    sides = [side for side in (*scope.sides, OTHERS) if side or by_side[side].whole]
    own, other = (f"{scope.within(side)} {by_side[side].in_words}" for side in scope.sides)
    return HistoryChart(
        key="commitments",
        title="Commitments done in time",
        label="Done in time",
        figure=f"{total.part} of {total.whole}" if total.whole else "–",
        detail=f"{own}, {other}" if total.whole else "no commitment due",
        sentence=_sentence(scope, by_side, total),
        parts=tuple(
            Part(f"{scope.name_of(side)}: {by_side[side].in_words}", _chart(scope, side, tallies, paths))
            for side in scope.sides
            if by_side[side].whole
        ),
        table=HistoryTable(
            (
                column_head(scope),
                *(f"{_head(scope, side)}, {what}" for side in sides for what in ("due", "in time")),
            ),
            tuple(
                (
                    scope.heading_cell(column),
                    *(
                        cell
                        for side in sides
                        for cell in _cells(tallies.get((side, position), Tally()), paths[position])
                    ),
                )
                for position, column in enumerate(scope.columns)
            ),
        ),
        tone="bad"
        if total.whole and Decimal(total.part) / total.whole < Decimal(HEALTHY.numerator) / 10
        else "",
    )


def _tallies(scope: Scope, facts: Sequence[Due]) -> Tallies:
    due = Counter((fact.side, position_of(fact.day, scope.columns)) for fact in facts)
    done = Counter((fact.side, position_of(fact.day, scope.columns)) for fact in facts if fact.on_time)
    return {
        (side, position): Tally(done[side, position], count)
        for (side, position), count in due.items()
        if position is not None
    }


def _sum(tallies: Tallies, side: str) -> Tally:
    return sum((tally for (of_side, _), tally in tallies.items() if of_side == side), Tally())


def _head(scope: Scope, side: str) -> str:
    return scope.name_of(side) if side else "Others"


def _sentence(scope: Scope, by_side: dict[str, Tally], total: Tally) -> str:
    if not total.whole:
        return f"No commitment fell due in these {scope.weeks} weeks."
    parts = [f"{scope.within(side)} {by_side[side].in_words}" for side in scope.sides]
    others = f", others {by_side[OTHERS].in_words}" if by_side[OTHERS].whole else ""
    return f"Done by their day: {', '.join(parts)}{others}. The week is the one in which they fell due."


def _chart(scope: Scope, side: str, tallies: Tallies, paths: Sequence[str]) -> ColumnChart:
    columns = []
    for position, column in enumerate(scope.columns):
        tally = tallies.get((side, position), Tally())
        late = tally.whole - tally.part
        text = f"{tally.part} of {tally.whole} in time" if tally.whole else "none due"
        columns.append(
            Column(
                label=f"{scope.days_of(column)}: {text}",
                segments=(Segment("done", Decimal(tally.part)), Segment("late", Decimal(late))),
                path=paths[position] if tally.whole else "",
                has_change=scope.has_change(column),
            )
        )
    return ColumnChart(columns, LOW_HEIGHT)


def _cells(tally: Tally, path: str) -> tuple[Cell, Cell]:
    return count_cell(tally.whole, path), count_cell(tally.part)


def _path(scope: Scope, column: Period) -> str:
    """The commitments that fell due in these days, done or not."""
    if not scope.reads:
        return ""
    query = QueryDict(mutable=True)
    query.update({"team": scope.team.slug, "state": "all", "due": DaySpan.of(column).key})
    return f"{reverse('meetings:commitments')}?{query.urlencode(safe='.')}"


def commitments_in_words(tally: Tally) -> str:
    """ "5 of 6 commitments in time"."""
    return (
        f"{tally.part} of {number_of(tally.whole, 'commitment')} in time"
        if tally.whole
        else "no commitment due"
    )
