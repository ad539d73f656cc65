"""A pasted or uploaded table as goals: teams by months or months by teams, with or without headings. Pure.

Nothing is guessed silently: a team or a month that is not known, a cell that is no amount, a goal said twice are each
named by row and column, and then nothing is read at all. An empty cell says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeVar

from alignment.models import Team
from alignment.models.goals import Place
from alignment.periods import Period, month_of, months_in
from deals.goals import months as spoken
from deals.imports.cells import BadCell, shown
from deals.imports.read import BadFile, Line
from deals.sheets.amounts import goal

SHOWN = 20
Head = TypeVar("Head", int, date)
"""What a row or a column is about: a team, or a month."""


@dataclass
class Pasted:
    """The goals a table says, and what is wrong with it."""

    teams: Sequence[Team]
    year: Period
    locale: str
    currency: str
    found: dict[Place, Decimal] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def month(self, text: str) -> date | None:
        return spoken.month(text, locale=self.locale, year=self.year)

    def team(self, text: str) -> int | None:
        """By its name, in any case, or its short name in addresses."""
        name = " ".join(text.split())
        exact = (team for team in self.teams if name in (team.name, team.slug))
        alike = (team for team in self.teams if name.casefold() == " ".join(team.name.split()).casefold())
        team = next(exact, None) or next(alike, None)
        return team.pk if team else None

    def unknown(self, text: str) -> str:
        names = {team.name.casefold(): team.name for team in self.teams}
        near = get_close_matches(text.casefold(), names, n=1, cutoff=0.7)
        return f"there is no team “{shown(text)}”" + (f"; did you mean “{names[near[0]]}”?" if near else ".")

    def put(self, team: int, month: date, text: str) -> None:
        name = next(each.name for each in self.teams if each.pk == team)
        place = f"{name}, {month_of(month).label}"
        try:
            amount = goal(text, locale=self.locale, currency=self.currency)
        except BadCell as wrong:
            self.wrong.append(f"{place}: {wrong}.")
            return
        if amount is None:
            return
        if (team, month) in self.found:
            self.wrong.append(f"{place} stands there twice.")
        self.found[team, month] = amount


def read(
    table: Sequence[Line], teams: Sequence[Team], *, year: Period, locale: str, currency: str
) -> dict[Place, Decimal]:
    """The goals the table says. Raises BadFile with a sentence for each thing that is wrong."""
    pasted = Pasted(teams, year, locale, currency)
    if any(pasted.month(cell) for cell in table[0].cells[1:]):
        _months_across(pasted, table)
    elif any(pasted.month(line.cells[0]) for line in table[:2]):
        _months_down(pasted, table)
    else:
        _without_months(pasted, table)
    if pasted.wrong:
        more = len(pasted.wrong) - SHOWN
        raise BadFile(*pasted.wrong[:SHOWN], *([f"And {more} more."] if more > 0 else []))
    if not pasted.found:
        raise BadFile("There is no goal in it.")
    return pasted.found


def _months_across(pasted: Pasted, table: Sequence[Line]) -> None:
    heads = dict(_heads(table[0], pasted.month, lambda text: "this is no month.", pasted))
    for line, team in _named(table[1:], pasted.team, pasted.unknown, pasted):
        _cells(pasted, line, {column: (team, month) for column, month in heads.items()})


def _months_down(pasted: Pasted, table: Sequence[Line]) -> None:
    if pasted.month(table[0].cells[0]):
        width = max(len(line.cells) for line in table) - 1
        if width != len(pasted.teams):
            pasted.wrong.append(
                f"It has {width} columns of amounts without the names of teams above them, and the company has "
                f"{len(pasted.teams)} teams. Begin with a row of the teams’ names."
            )
            return
        heads, body = {column: team.pk for column, team in enumerate(pasted.teams, start=1)}, table
    else:
        heads, body = dict(_heads(table[0], pasted.team, pasted.unknown, pasted)), table[1:]
    for line, month in _named(body, pasted.month, lambda text: f"“{shown(text)}” is no month.", pasted):
        _cells(pasted, line, {column: (team, month) for column, team in heads.items()})


def _without_months(pasted: Pasted, table: Sequence[Line]) -> None:
    """Rows of a team's name and the twelve months of the year, or of the twelve months alone for every team in order."""
    if _is_heading(table[0]):
        text = shown(table[0].cells[1])
        pasted.wrong.append(
            f"Row {table[0].number}: “{text}” is no month. Write months such as 2027-03 or Mar 2027."
        )
    elif not all(_is_amount(pasted, line.cells[0]) for line in table):
        for line, team in _named(table, pasted.team, pasted.unknown, pasted):
            _year(pasted, line, team, start=1)
    elif len(table) == len(pasted.teams):
        for line, each in zip(table, pasted.teams, strict=True):
            _year(pasted, line, each.pk, start=0)
    else:
        pasted.wrong.append(
            f"It has {len(table)} rows without the names of teams, and the company has {len(pasted.teams)} teams. "
            "Begin each row with its team."
        )


def _year(pasted: Pasted, line: Line, team: int, *, start: int) -> None:
    """One row's amounts as the months of the year in their order."""
    months, number = months_in(pasted.year), len(line.cells) - start
    if number > len(months):
        pasted.wrong.append(
            f"Row {line.number} has {number} amounts, and a year has 12 months. Begin with a row of the months."
        )
        return
    _cells(pasted, line, {column: (team, month) for column, month in enumerate(months, start=start)})


def _is_heading(line: Line) -> bool:
    return len(line.cells) > 1 and not any(
        character.isdigit() for cell in line.cells[1:] for character in cell
    )


def _is_amount(pasted: Pasted, text: str) -> bool:
    if pasted.team(text):
        return False
    try:
        return goal(text, locale=pasted.locale, currency=pasted.currency) is not None
    except BadCell:
        return False


def _heads(
    line: Line, known: Callable[[str], Head | None], unknown: Callable[[str], str], pasted: Pasted
) -> Iterator[tuple[int, Head]]:
    """What each column is about; sums are left out, the same twice is wrong."""
    seen: dict[Head, str] = {}
    for column, text in enumerate(line.cells[1:], start=1):
        head = known(text) if text else None
        if head is None:
            if text and not spoken.heads_sum(text):
                pasted.wrong.append(f"Row {line.number}, column {column + 1}: {unknown(text)}")
        elif head in seen:
            pasted.wrong.append(f"Row {line.number}: “{shown(text)}” stands there twice.")
        else:
            seen[head] = text
            yield column, head


def _named(
    table: Sequence[Line], known: Callable[[str], Head | None], unknown: Callable[[str], str], pasted: Pasted
) -> Iterator[tuple[Line, Head]]:
    """The rows and what each is about; sums are left out."""
    for line in table:
        head = known(line.cells[0]) if line.cells[0] else None
        if head is not None:
            yield line, head
        elif not spoken.is_sum(line.cells[0]):
            said = unknown(line.cells[0]) if line.cells[0] else "its first cell is empty."
            pasted.wrong.append(f"Row {line.number}: {said}")


def _cells(pasted: Pasted, line: Line, places: dict[int, Place]) -> None:
    for column, place in places.items():
        if column < len(line.cells):
            pasted.put(*place, line.cells[column])
