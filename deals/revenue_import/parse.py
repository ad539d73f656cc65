"""A pasted or uploaded table of revenue, each row checked. Pure; one wrong row refuses the whole table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from alignment.models import Team
from alignment.rules.folding import fold
from deals.rules.sums import is_sum_word, labels_sum, seems_sum
from deals.tables import cells
from deals.tables.amounts_and_days import Reading, settle
from deals.tables.cells import CellError, quote
from deals.tables.checks import check_currencies, check_whole, describe_rows, refuse
from deals.tables.csv_reader import Line, TableError
from deals.tables.headings import check_headings, split_unit
from deals.tables.questions import UNANSWERED, Answers

NOTE_LENGTH = 300
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
"""What a column may be called, in lower case."""
NEGATIVE = "so it corrects another entry: correct that one instead"


@dataclass(frozen=True, slots=True)
class RevenueRow:
    """One row: money actually won or invoiced. `deal` is the deal's name as written, if any."""

    number: int  # the row in the table
    team: Team
    day: date
    amount: Decimal
    note: str
    deal: str

    @property
    def facts(self) -> tuple[int, int, date, Decimal, str, str]:
        """Its fields in their order, with the team's key."""
        return self.number, self.team.pk, self.day, self.amount, self.note, self.deal

    @property
    def description(self) -> str:
        """The deal and the note as one."""
        return describe_entry(self.deal, self.note)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what. `unused` are the headings that are not read."""

    at: Mapping[str, int]
    unused: tuple[str, ...]
    has_headings: bool

    def cell(self, line: Line, role: str) -> str:
        column = self.at.get(role)
        return line.cells[column] if column is not None and column < len(line.cells) else ""


@dataclass(frozen=True, slots=True)
class RevenueTable:
    """What was read: the rows, the headings of columns not used, and the rows left out as sums."""

    rows: list[RevenueRow]
    unused: tuple[str, ...]
    sums: tuple[str, ...]


def read_rows(
    table: Sequence[Line],
    teams: Sequence[Team],
    *,
    locale: str,
    now: datetime,
    answers: Answers = UNANSWERED,
) -> RevenueTable:
    """Raises TableError naming each wrong row, TableQuestion where the table can be read in two ways.

    `teams` are those that entries may be added for; with only one, no team column is needed. A day after
    today, in the team's own zone, is refused.
    """
    columns = _columns(table[0], teams)
    header, body = (table[0], table[1:]) if columns.has_headings else (None, table)
    check_whole(body, header, amount_at=columns.at["amount"])
    refuse([*check_headings([header] if header else [], [columns.at["amount"]], teams[0].currency)])
    check_currencies(
        body,
        header,
        teams[0].currency,
        used=[columns.at[role] for role in ("day", "amount", "team") if role in columns.at],
    )
    reading = settle(
        amounts=((line.number, columns.cell(line, "amount")) for line in body),
        dates=[[columns.cell(line, "day") for line in body]],
        currency=teams[0].currency,
        locale=locale,
        answers=answers,
        negative=NEGATIVE,
    )
    by_name: dict[str, set[Team]] = {}
    for team in teams:
        for name in (team.slug, team.name):
            by_name.setdefault(_plain(name), set()).add(team)
    reader = _RowReader(columns, by_name, teams, reading, now)
    rows = list(reader.rows(body))
    refuse(reader.errors)
    if not rows:
        raise TableError("No row has an amount.")
    return RevenueTable(rows, columns.unused, describe_rows(reader.sums))


def describe_entry(deal: str, note: str) -> str:
    """A deal's name and a note in one line, the name once."""
    if not deal or note.casefold().startswith(f"{deal.casefold()}: "):
        return note
    return deal if note.casefold() in ("", deal.casefold()) else f"{deal}: {note}"


def _columns(first: Line, teams: Sequence[Team]) -> Columns:
    named = {header: role for role, headers in HEADERS.items() for header in headers}
    roles = [named.get(_plain(cell)) or _amount_with_unit(cell) for cell in first.cells]
    if not any(roles):
        order = ["day", "amount", "note", "deal"]
        if len(teams) > 1:
            order.insert(0, "team")
        return Columns({role: at for at, role in enumerate(order)}, (), has_headings=False)
    at = {role: column for column, role in reversed(list(enumerate(roles))) if role}
    twice = sorted(
        {role for role in roles if role and roles.count(role) > 1 and role in ("day", "amount", "team")}
    )
    missing = [role for role in ("day", "amount", *(["team"] if len(teams) > 1 else [])) if role not in at]
    if twice or missing:
        doubles = [f"Two columns are the {role}. Remove one of them." for role in twice]
        raise TableError(*doubles, *(f"There is no column “{role}”. Add this heading." for role in missing))
    unused = (cell for column, cell in enumerate(first.cells) if cell and column not in at.values())
    return Columns(at, tuple(unused), has_headings=True)


def _amount_with_unit(heading: str) -> str | None:
    """The role of "Amount (EUR)"."""
    return "amount" if _plain(split_unit(heading)[0]) in HEADERS["amount"] else None


@dataclass
class _RowReader:
    columns: Columns
    by_name: Mapping[str, set[Team]]
    teams: Sequence[Team]
    reading: Reading
    now: datetime

    def __post_init__(self) -> None:
        self.errors: list[str] = []
        self.sums: list[Line] = []
        self.total = Decimal(0)

    def rows(self, body: Sequence[Line]) -> Iterator[RevenueRow]:
        for line in body:
            if self._is_sum(line):
                self.sums.append(line)
                continue
            try:
                row = self._row(line)
                self._check_sum(row)
            except CellError as error:
                self.errors.append(f"Row {line.number}: {error}.")
            else:
                self.total += row.amount
                yield row

    def _is_sum(self, line: Line) -> bool:
        """A row that seems a sum and has no day; a team may be called like one."""
        day = self.columns.cell(line, "day")
        if day and not labels_sum(day):
            return False
        team = self.columns.cell(line, "team")
        others = [cell for cell in line.cells if cell != team or _plain(cell) not in self.by_name]
        return bool(others) and seems_sum(others)

    def _check_sum(self, row: RevenueRow) -> None:
        """A row with a day is data, but not one called a sum that has the sum of the rows above."""
        if is_sum_word(row.note or row.deal) and self.total and row.amount == self.total:
            raise CellError(
                f"“{quote(row.note or row.deal)}” is the sum of the rows above. Take the row out, or write another note"
            )

    def _row(self, line: Line) -> RevenueRow:
        team = self._team(self.columns.cell(line, "team"))
        day = self.reading.day(self.columns.cell(line, "day"), zone=team.zone)
        if day > team.today(self.now):
            raise CellError(f"{day.isoformat()} is in the future, and revenue is what was actually won")
        money = self.reading.amount(self.columns.cell(line, "amount"), currency=team.currency)
        if money is None:
            raise CellError("the amount is missing")
        note, deal = (
            cells.clean_text(self.columns.cell(line, name), longest=NOTE_LENGTH) for name in ("note", "deal")
        )
        return RevenueRow(line.number, team, day, money, note, deal)

    def _team(self, name: str) -> Team:
        named = self.by_name.get(_plain(name), set()) if name else set(self.teams)
        if len(named) == 1:
            return next(iter(named))
        if not name:
            raise CellError("its team is missing")
        if named:
            raise CellError(
                f"{len(named)} teams are called “{quote(name)}”; write the short name in its address"
            )
        raise CellError(f"there is no team “{quote(name)}”")


def _plain(text: str) -> str:
    return fold(text)
