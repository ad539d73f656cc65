"""Meetings held, moved and missed, and by whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile

from django.http import QueryDict
from django.urls import reverse

from alignment.rules.column_charts import Mark, MarkChart, MarkColumn
from alignment.rules.formatting import day, number_of
from alignment.rules.periods import Period
from alignment.rules.roles import PRINCIPAL_SIDES, Side
from deals.rules.spans import DaySpan
from meetings.history.values import (
    HistoryChart,
    HistoryTable,
    Part,
    Scope,
    column_head,
    count_cell,
    review_path,
    text_cell,
)
from meetings.rules.misses import Fault
from meetings.rules.outcomes import Outcome
from meetings.rules.team_history import MeetingFact, position_of

BOTH = frozenset(PRINCIPAL_SIDES)
UNKNOWN, OTHERS = "nobody on record", "others"
LETTERS = {Side.CEO: "C", Side.LEADER: "L"}


def meetings_chart(scope: Scope, facts: Sequence[MeetingFact]) -> HistoryChart:
    by_column: dict[int, list[MeetingFact]] = defaultdict(list)
    for fact in facts:
        position = position_of(fact.day, scope.columns)
        if position is not None:
            by_column[position].append(fact)
    counts = Counter(fact.outcome for fact in facts)
    due, streak = counts[Outcome.HELD] + counts[Outcome.MISSED], _held_in_a_row(facts)
    rows = [
        (column, of_column, _path(scope, column, of_column))
        for column, of_column in zip(
            scope.columns, map(by_column.__getitem__, range(len(scope.columns))), strict=True
        )
    ]
    return HistoryChart(
        key="meetings",
        title="Meetings held, moved and missed",
        label="Meetings held",
        figure=f"{counts[Outcome.HELD]} of {due}" if due else "–",
        detail=f"{streak} in a row" if due else "none yet",
        sentence=_sentence(scope, facts, counts, due, streak),
        parts=(
            Part(
                "", MarkChart([_column(scope, column, of_column, path) for column, of_column, path in rows])
            ),
        )
        if facts
        else (),
        table=HistoryTable(
            (column_head(scope), "Held", "Moved", "Missed", "Missed by", "Excused"),
            tuple(
                (
                    scope.heading_cell(column),
                    count_cell(_count(of_column, Outcome.HELD), path),
                    count_cell(sum(fact.is_moved for fact in of_column)),
                    count_cell(_count(of_column, Outcome.MISSED)),
                    text_cell(_missed_by(scope, of_column)),
                    count_cell(_count(of_column, Outcome.EXCUSED)),
                )
                for column, of_column, path in rows
            ),
        ),
        tone="bad" if counts[Outcome.MISSED] and not streak else "",
    )


def _count(facts: Iterable[MeetingFact], outcome: Outcome) -> int:
    return sum(fact.outcome == outcome for fact in facts)


def _held_in_a_row(facts: Sequence[MeetingFact]) -> int:
    counted = [fact.outcome for fact in facts if fact.outcome != Outcome.EXCUSED]
    return sum(1 for _ in takewhile(lambda outcome: outcome == Outcome.HELD, reversed(counted)))


def _sentence(
    scope: Scope, facts: Sequence[MeetingFact], counts: Counter[Outcome], due: int, streak: int
) -> str:
    excused = counts[Outcome.EXCUSED]
    if not due:
        extra = f" {number_of(excused, 'meeting was', 'meetings were')} excused." if excused else ""
        return f"No meeting took place or was due in these {scope.weeks} weeks.{extra}"
    row = f", the last {streak} in a row" if 1 < streak < due else ""
    parts = [f"{counts[Outcome.HELD]} of {number_of(due, 'meeting')} held{row}."]
    missed = [fact for fact in facts if fact.outcome == Outcome.MISSED]
    if missed:
        parts.append(
            f"{len(missed)} missed: {_by_whom(scope, (fact.missed_by for fact in missed), others=UNKNOWN)}."
        )
    moved = [fact for fact in facts if fact.is_moved]
    if moved:
        parts.append(
            f"{len(moved)} moved: {_by_whom(scope, (fact.moved_by for fact in moved), others='others')}."
        )
    if excused:
        parts.append(f"{excused} excused, which counts for neither.")
    return " ".join(parts)


def _by_whom(scope: Scope, sides: Iterable[frozenset[str]], *, others: str) -> str:
    """ "1 by you, 2 by Joe Keller, 1 by both", of one meeting "by you"; the reader's own first."""
    counts = Counter(sides)
    named = [(frozenset({side}), scope.within(side)) for side in scope.sides]
    named += [(BOTH, "both"), (frozenset(), others)]
    parts = [(counts[side], f"by {name}") for side, name in named if counts[side]]
    return parts[0][1] if len(parts) == 1 else ", ".join(f"{count} {by}" for count, by in parts)


def _missed_by(scope: Scope, facts: Iterable[MeetingFact]) -> str:
    sides = [fact.missed_by for fact in facts if fact.outcome == Outcome.MISSED]
    return _by_whom(scope, sides, others=UNKNOWN).removeprefix("by ") if sides else ""


def _column(scope: Scope, column: Period, facts: Sequence[MeetingFact], path: str) -> MarkColumn:
    texts = "; ".join(_in_words(scope, fact) for fact in facts) or "no meeting"
    return MarkColumn(
        label=texts if len(facts) == 1 else f"{scope.days_of(column)}: {texts}",
        marks=tuple(_mark(fact) for fact in facts),
        path=path,
        has_change=scope.has_change(column),
    )


def _mark(fact: MeetingFact) -> Mark:
    if fact.outcome == Outcome.MISSED:
        return Mark("missed", "".join(LETTERS[side] for side in PRINCIPAL_SIDES if side in fact.missed_by))
    is_moved = fact.outcome == Outcome.HELD and fact.is_moved
    return Mark("moved" if is_moved else str(fact.outcome))


def _in_words(scope: Scope, fact: MeetingFact) -> str:
    moved = ""
    if fact.is_moved:
        by = " and ".join(scope.within(side) for side in scope.sides if side in fact.moved_by)
        moved = f", moved by {by}" if by else ", moved"
    why = f", {Fault(fact.fault).in_words}" if fact.outcome == Outcome.MISSED and fact.fault else ""
    return f"{day(fact.day)} {fact.outcome}{moved}{why}"


def _path(scope: Scope, column: Period, facts: Sequence[MeetingFact]) -> str:
    """The meeting itself, or the list of several."""
    if not scope.reads or not facts:
        return ""
    if len(facts) == 1:
        return review_path(facts[0].id)
    query = QueryDict(mutable=True)
    query.update({"team": scope.team.slug, "show": "over", "days": DaySpan.of(column).key})
    return f"{reverse('meetings:list')}?{query.urlencode(safe='.')}"
