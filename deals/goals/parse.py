"""A pasted or uploaded table as goals: teams by months or months by teams, with or without headings. Pure.

Nothing is guessed silently: an unknown team or month, a cell that is not an amount, and a goal given twice
are each named by row and column, and the whole table is refused. An empty cell changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeVar

from alignment.models import Team
from alignment.models.goals import GoalKey
from alignment.rules.folding import fold
from alignment.rules.periods import Period, month_of, months_in
from deals.goals import months as spoken
from deals.tables.amounts_and_days import NO_NEGATIVE_GOAL, Reading, settle
from deals.tables.cells import CellError, quote
from deals.tables.checks import cut_amount, describe_rows, refuse
from deals.tables.csv_reader import Line, TableError
from deals.tables.headings import check_headings
from deals.tables.questions import UNANSWERED, Answers

Head = TypeVar("Head", int, date)
"""What a row or a column is about: a team, or a month."""


LISTED_SUMS = 10
"""Sums that a note names."""


@dataclass(frozen=True, slots=True)
class GoalTable:
    """The goals in a table, and what to tell of how it was read: what stood where, what was left out as a sum."""

    goals: dict[GoalKey, Decimal]
    notes: tuple[str, ...]


@dataclass
class _Goals:
    """The goals in a table, its errors, and the rows and columns that are sums."""

    teams: Sequence[Team]
    year: Period
    locale: str
    currency: str
    reading: Reading
    goals: dict[GoalKey, Decimal] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    sum_columns: list[str] = field(default_factory=list)
    sum_rows: list[Line] = field(default_factory=list)

    def month(self, text: str) -> date | None:
        return spoken.month(text, locale=self.locale, year=self.year)

    def team(self, text: str) -> int | None:
        """By its name, in any case, or its short name in addresses; only when exactly one fits."""
        matching = self._teams_called(text)
        return matching[0].pk if len(matching) == 1 else None

    def _teams_called(self, text: str) -> list[Team]:
        name = " ".join(text.split())
        exact = [team for team in self.teams if name in (team.name, team.slug)]
        return exact or [team for team in self.teams if fold(text) == fold(team.name)]

    def unknown(self, text: str) -> str:
        if number := len(self._teams_called(text)):
            return f"{number} teams are called “{quote(text)}”; write the short name in its address."
        names = {team.name.casefold(): team.name for team in self.teams}
        near = get_close_matches(text.casefold(), names, n=1, cutoff=0.7)
        return f"there is no team “{quote(text)}”" + (f"; did you mean “{names[near[0]]}”?" if near else ".")

    def add_goal(self, team_id: int, month: date, text: str) -> None:
        name = next(team.name for team in self.teams if team.pk == team_id)
        label = f"{name}, {month_of(month).label}"
        try:
            amount = self.reading.amount(text, currency=self.currency)
        except CellError as error:
            self.errors.append(f"{label}: {error}.")
            return
        if amount is None:
            return
        if (team_id, month) in self.goals:
            self.errors.append(f"{label} is in the table twice.")
        self.goals[team_id, month] = amount


def read(
    table: Sequence[Line],
    teams: Sequence[Team],
    *,
    year: Period,
    locale: str,
    currency: str,
    answers: Answers = UNANSWERED,
) -> GoalTable:
    """Raises TableError with a sentence for each error."""
    goals = _Goals(teams, year, locale, currency, Reading.typed(locale, negative=NO_NEGATIVE_GOAL))
    goals.reading = settle(
        amounts=_amounts(goals, table),
        dates=(),
        currency=currency,
        locale=locale,
        answers=answers,
        negative=NO_NEGATIVE_GOAL,
    )
    if any(goals.month(cell) for cell in table[0].cells[1:]):
        _months_across(goals, table)
        how = "a row for each team and a column for each month"
    elif any(goals.month(line.cells[0]) for line in table[:2]):
        _months_down(goals, table)
        how = "a row for each month and a column for each team"
    else:
        _without_months(goals, table)
        how = f"the months of {year.label} in their order, without headings"
    refuse([*check_headings(table[:1], [0], currency), *goals.errors])
    if not goals.goals:
        raise TableError("The table has no goals.")
    return GoalTable(goals.goals, _notes(goals, how))


def _notes(goals: _Goals, how: str) -> tuple[str, ...]:
    months = sorted({month for _, month in goals.goals})
    teams = len({team for team, _ in goals.goals})
    until = f" to {month_of(months[-1]).label}" if len(months) > 1 else ""
    number = f"{len(goals.goals)} {'goal' if len(goals.goals) == 1 else 'goals'}"
    of_teams = f"{teams} {'team' if teams == 1 else 'teams'}, {month_of(months[0]).label}{until}"
    notes = [f"Read as {how}: {number} of {of_teams}."]
    columns = [f"column “{quote(heading)}”" for heading in goals.sum_columns]
    rows = [f"row {row}" for row in describe_rows(goals.sum_rows)]
    if columns or rows:
        kinds = ((columns, "column"), (rows, "row"))
        counted = " and ".join(
            f"{len(names)} {kind}{'s' * (len(names) > 1)}" for names, kind in kinds if names
        )
        left_out = [*columns, *rows]
        more = f"; and {len(left_out) - LISTED_SUMS} more" if len(left_out) > LISTED_SUMS else ""
        notes.append(f"Left out as sums, {counted}: {'; '.join(left_out[:LISTED_SUMS])}{more}.")
    return tuple(notes)


def _amounts(goals: _Goals, table: Sequence[Line]) -> list[tuple[int, str]]:
    """Every cell that may be an amount: no month, no team."""
    return [
        (line.number, cell)
        for line in table
        for cell in line.cells
        if cell and not goals.month(cell) and not goals.team(cell)
    ]


def _months_across(goals: _Goals, table: Sequence[Line]) -> None:
    if goals.month(table[0].cells[0]):
        goals.errors.append(
            f"Row {table[0].number} begins with a month. Leave its first cell empty or write “Team” there, so that "
            "each month is above its amounts."
        )
        return
    heads = dict(_heads(table[0], goals.month, lambda text: "this is not a month.", goals))
    for line, team in _named(table[1:], goals.team, goals.unknown, goals):
        _cells(goals, line, {column: (team, month) for column, month in heads.items()}, head=table[0])


def _months_down(goals: _Goals, table: Sequence[Line]) -> None:
    if goals.month(table[0].cells[0]):
        width = max(len(line.cells) for line in table) - 1
        if width != len(goals.teams):
            goals.errors.append(
                f"The table has {width} columns of amounts without team names, but the company has "
                f"{len(goals.teams)} teams. Add a first row with the names of the teams."
            )
            return
        heads, body = {column: team.pk for column, team in enumerate(goals.teams, start=1)}, table
    else:
        heads, body = dict(_heads(table[0], goals.team, goals.unknown, goals)), table[1:]
    head = None if body is table else table[0]
    for line, month in _named(body, goals.month, lambda text: f"“{quote(text)}” is not a month.", goals):
        _cells(goals, line, {column: (team, month) for column, team in heads.items()}, head=head)


def _without_months(goals: _Goals, table: Sequence[Line]) -> None:
    """Rows of a team's name and the twelve months of the year, or only the months, team by team."""
    if _is_heading(table[0]):
        text = quote(table[0].cells[1])
        goals.errors.append(
            f"Row {table[0].number}: “{text}” is not a month. Write months such as 2027-03 or Mar 2027."
        )
    elif not all(_is_amount(goals, line.cells[0]) for line in table):
        for line, team_id in _named(table, goals.team, goals.unknown, goals):
            _year(goals, line, team_id, start=1)
    elif len(table) == len(goals.teams):
        for line, team in zip(table, goals.teams, strict=True):
            _year(goals, line, team.pk, start=0)
    else:
        goals.errors.append(
            f"The table has {len(table)} rows without team names, but the company has "
            f"{len(goals.teams)} teams. Begin each row with its team."
        )


def _year(goals: _Goals, line: Line, team: int, *, start: int) -> None:
    """One row's amounts as the months of the year in their order."""
    months, number = months_in(goals.year), len(line.cells) - start
    if number > len(months):
        goals.errors.append(
            f"Row {line.number} has {number} amounts, but a year has 12 months. "
            "Add a first row with the months."
        )
        return
    _cells(goals, line, {column: (team, month) for column, month in enumerate(months, start=start)})


def _is_heading(line: Line) -> bool:
    return len(line.cells) > 1 and not any(
        character.isdigit() for cell in line.cells[1:] for character in cell
    )


def _is_amount(goals: _Goals, text: str) -> bool:
    if goals.team(text):
        return False
    try:
        return goals.reading.amount(text, currency=goals.currency) is not None
    except CellError:
        return False


def _heads(
    line: Line, known: Callable[[str], Head | None], unknown: Callable[[str], str], goals: _Goals
) -> Iterator[tuple[int, Head]]:
    """What each column is about. Sums are left out; the same heading twice is an error."""
    columns: dict[Head, int] = {}
    for column, text in enumerate(line.cells[1:], start=1):
        head = known(text) if text else None
        if head is None:
            if text and spoken.heads_sum(text):
                goals.sum_columns.append(text)
            elif text:
                goals.errors.append(f"Row {line.number}, column {column + 1}: {unknown(text)}")
        elif head in columns:
            goals.errors.append(f"Row {line.number}: “{quote(text)}” is there twice.")
        else:
            columns[head] = column
            yield column, head


def _named(
    table: Sequence[Line],
    known: Callable[[str], Head | None],
    unknown: Callable[[str], str],
    goals: _Goals,
) -> Iterator[tuple[Line, Head]]:
    """The rows and what each is about; sums are left out."""
    for line in table:
        head = known(line.cells[0]) if line.cells[0] else None
        if head is not None:
            yield line, head
        elif spoken.is_sum(line.cells[0]):
            goals.sum_rows.append(line)
        else:
            problem = unknown(line.cells[0]) if line.cells[0] else "its first cell is empty."
            goals.errors.append(f"Row {line.number}: {problem}")


def _cells(
    goals: _Goals, line: Line, goals_by_column: dict[int, GoalKey], *, head: Line | None = None
) -> None:
    for column, (team_id, month) in goals_by_column.items():
        if column < len(line.cells):
            goals.add_goal(team_id, month, line.cells[column])
    width = len(head.cells) if head else 1 + len(goals_by_column)
    if len(line.cells) < width and (cut := cut_amount(line)):
        goals.errors.append(
            f"Row {line.number}: “{quote(cut)}” may be one amount or two cells. Put quotes around amounts with commas."
        )
    if head is None:
        return
    for column, cell in enumerate(line.cells[1:], start=1):
        if cell and not (column < len(head.cells) and head.cells[column]):
            goals.errors.append(
                f"Row {line.number}, column {column + 1}: “{quote(cell)}” is below no heading. "
                "Check that every column has its month or team."
            )
