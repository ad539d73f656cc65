"""A pasted or uploaded table as entries of revenue, each row checked. Pure; one wrong row and nothing is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from alignment.models import Team
from deals.goals.months import is_sum
from deals.imports import cells
from deals.imports.cells import BadCell, shown
from deals.imports.read import BadFile, Line
from deals.sheets.amounts import amount

SHOWN = 20
NOTE = 300
HEADERS = {
    "day": (
        "day",
        "date",
        "won on",
        "invoiced on",
        "invoice date",
        "closed on",
        "close date",
        "datum",
        "tag",
    ),
    "amount": ("amount", "revenue", "value", "sum", "betrag", "umsatz"),
    "note": ("note", "notes", "description", "what", "customer", "invoice", "text", "notiz", "kunde"),
    "team": ("team",),
    "deal": ("deal", "deal name", "opportunity"),
}
"""What a column may be called, in small letters."""
NEGATIVE = "so it corrects another entry: correct that one instead"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: money really won or invoiced. `deal` is the deal's name as written, if any."""

    row: int
    team: Team
    day: date
    amount: Decimal
    note: str
    deal: str

    @property
    def what(self) -> str:
        """The deal and the note as one."""
        return told(self.deal, self.note)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what; `unused` are headings nobody reads."""

    at: Mapping[str, int]
    unused: tuple[str, ...]
    headed: bool


def read(
    table: Sequence[Line], teams: Sequence[Team], *, locale: str, now: datetime
) -> tuple[list[Figure], tuple[str, ...]]:
    """The figures, and the headings of columns left out. Raises BadFile naming each wrong row.

    `teams` are those one may write for; with one alone no column of teams is needed. A day after today, in the team's
    own zone, is refused.
    """
    columns = _columns(table[0], teams)
    body = table[1:] if columns.headed else table
    reading = _Reading(
        columns, {_plain(name): team for team in teams for name in (team.slug, team.name)}, teams, locale, now
    )
    reading.month_leads = reading.which_comes_first(body)
    found = list(reading.figures(body))
    if reading.wrong:
        more = len(reading.wrong) - SHOWN
        raise BadFile(*reading.wrong[:SHOWN], *([f"And {more} more."] if more > 0 else []))
    if not found:
        raise BadFile("There is no row with an amount in it.")
    return found, columns.unused


def told(deal: str, note: str) -> str:
    """A deal's name and a note in one line, the name once."""
    if not deal or note.casefold().startswith(f"{deal.casefold()}: "):
        return note
    return deal if note.casefold() in ("", deal.casefold()) else f"{deal}: {note}"


def as_text(figures: Iterable[Figure]) -> str:
    """The figures as a table that any reader's `read` takes for the same."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t")
    writer.writerow(("team", "day", "amount", "note", "deal"))
    writer.writerows(
        (each.team.slug, each.day.isoformat(), f"{each.amount:f}", each.note, each.deal) for each in figures
    )
    return out.getvalue()


def _columns(first: Line, teams: Sequence[Team]) -> Columns:
    named = {header: role for role, headers in HEADERS.items() for header in headers}
    roles = [named.get(_plain(cell)) for cell in first.cells]
    if not any(roles):
        order = ["day", "amount", "note", "deal"]
        if len(teams) > 1:
            order.insert(0, "team")
        return Columns({role: at for at, role in enumerate(order)}, (), headed=False)
    at = {role: column for column, role in reversed(list(enumerate(roles))) if role}
    twice = sorted(
        {role for role in roles if role and roles.count(role) > 1 and role in ("day", "amount", "team")}
    )
    missing = [role for role in ("day", "amount", *(["team"] if len(teams) > 1 else [])) if role not in at]
    if twice or missing:
        said = [f"Two columns are headed as the {role}. Take one away." for role in twice]
        raise BadFile(*said, *(f"No column is headed “{role}”. Name one so." for role in missing))
    unused = (cell for column, cell in enumerate(first.cells) if cell and column not in at.values())
    return Columns(at, tuple(unused), headed=True)


@dataclass
class _Reading:
    columns: Columns
    by_name: Mapping[str, Team]
    teams: Sequence[Team]
    locale: str
    now: datetime
    month_leads: bool = False

    def __post_init__(self) -> None:
        self.wrong: list[str] = []

    def which_comes_first(self, body: Sequence[Line]) -> bool:
        """Day or month, as the days themselves show; where they do not, as is usual where the reader lives."""
        try:
            told = cells.month_first(self._cell(line, "day") for line in body)
        except BadCell as trouble:
            if "may put" not in str(trouble):
                raise BadFile(f"{trouble}.") from trouble
            told = None
        return cells.month_comes_first(self.locale) if told is None else told

    def figures(self, body: Sequence[Line]) -> Iterator[Figure]:
        for line in body:
            if is_sum(line.first) and not self._cell(line, "note"):
                continue
            try:
                yield self._figure(line)
            except BadCell as wrong:
                self.wrong.append(f"Row {line.number}: {wrong}.")

    def _figure(self, line: Line) -> Figure:
        team = self._team(self._cell(line, "team"))
        day = cells.day(self._cell(line, "day"), month_leads=self.month_leads)
        if day > team.today(self.now):
            raise BadCell(f"{day.isoformat()} lies in the future, and revenue is what was really won")
        money = amount(
            self._cell(line, "amount"), locale=self.locale, currency=team.currency, negative=NEGATIVE
        )
        if money is None:
            raise BadCell("the amount is missing")
        note, deal = (cells.words(self._cell(line, name), longest=NOTE) for name in ("note", "deal"))
        return Figure(line.number, team, day, money, note, deal)

    def _team(self, name: str) -> Team:
        team = self.by_name.get(_plain(name)) if name else self.teams[0] if len(self.teams) == 1 else None
        if team is None:
            raise BadCell(f"there is no team “{shown(name)}”" if name else "its team is missing")
        return team

    def _cell(self, line: Line, role: str) -> str:
        column = self.columns.at.get(role)
        return line.cells[column] if column is not None and column < len(line.cells) else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
