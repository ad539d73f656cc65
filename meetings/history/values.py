"""What a chart of a team's history consists of: a sentence, a picture, and the table behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse

from alignment.models import Team, User
from alignment.rules.column_charts import ColumnChart, ForecastBar, MarkChart
from alignment.rules.formatting import MoneyFormat, day, money
from alignment.rules.periods import Period
from alignment.rules.roles import PRINCIPAL_SIDES, Side
from deals.tables.writer import Value
from meetings.rules.team_history import SeatChange, Term, holders_in, seat_changes

DAYS_OF_A_WEEK = 7


class Cell(NamedTuple):
    """`text` is what the page shows, `value` what the file holds. `path` opens the rows behind it."""

    text: str
    value: Value
    path: str = ""
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """The first cell of a row is its heading."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def body(self) -> list[tuple[Cell, tuple[Cell, ...]]]:
        """The heading of each row, and its other cells."""
        return [(row[0], row[1:]) for row in self.rows]

    @property
    def lines(self) -> list[tuple[Value, ...]]:
        """As a file has them, its heading first."""
        return [self.heads, *(tuple(cell.value for cell in row) for row in self.rows)]


class Part(NamedTuple):
    """A picture under a heading of its own, where a chart has several."""

    title: str
    chart: ColumnChart | MarkChart


class CallRow(NamedTuple):
    """A period in the chart of calls. `first` and `second` open the calls."""

    label: str
    text: str
    bar: ForecastBar
    path: str
    first_path: str
    second_path: str


@dataclass(frozen=True, slots=True)
class HistoryChart:
    """One of the charts. `label`, `figure` and `detail` are its sum for the head of the page."""

    key: str
    title: str
    label: str
    figure: str
    detail: str
    sentence: str
    table: HistoryTable
    parts: tuple[Part, ...] = ()
    calls: tuple[CallRow, ...] = ()
    tone: str = ""


@dataclass(frozen=True)
class Scope:
    """Whose history is read by whom, over which columns. `terms` are all seats the team ever had."""

    team: Team
    reader: User
    reads: bool
    """Whether the reader may open records: everybody with a seat, no admin without one."""
    side: str
    """The side the reader speaks for."""
    today: date
    weeks: int
    columns: tuple[Period, ...]
    terms: tuple[Term, ...]

    @cached_property
    def m(self) -> MoneyFormat:
        return MoneyFormat(self.team.currency, self.reader.locale)

    @cached_property
    def span(self) -> Period:
        """From the first day of the first column to today."""
        return Period(self.columns[0].start, self.today, f"{self.weeks} weeks")

    @property
    def sides(self) -> tuple[str, str]:
        """The reader's own side first; the CEO's for everybody else."""
        ceo, leader = PRINCIPAL_SIDES
        return (leader, ceo) if self.side == Side.LEADER else (ceo, leader)

    def days_of(self, column: Period) -> str:
        """ "16 Nov", or "26 Oct to 22 Nov" of a column of several weeks."""
        return self._days[column.start]

    @cached_property
    def _days(self) -> dict[date, str]:
        """Spelled once: every chart and every table names them, and each time costs a look at the clock."""
        return {column.start: _days_of(column) for column in self.columns}

    def heading_cell(self, column: Period) -> Cell:
        return Cell(self.days_of(column), column.start, is_number=False)

    @cached_property
    def changes(self) -> tuple[SeatChange, ...]:
        return seat_changes(self.terms, self.span)

    def has_change(self, column: Period) -> bool:
        return any(column.contains(change.day) for change in self.changes)

    def name_of(self, side: str) -> str:
        """Who stands for this side over the whole span: "You", a name, or the role where it changed hands."""
        names = holders_in(self.terms, side, self.span)
        if len(names) != 1:
            return "The CEO" if side == Side.CEO else "The sales leader"
        holder = self.team.holder(side)
        is_reader = holder is not None and holder.pk == self.reader.pk
        return "You" if is_reader else names[0]

    def within(self, side: str) -> str:
        """The same in the middle of a sentence."""
        name = self.name_of(side)
        return name[0].lower() + name[1:] if name in ("You", "The CEO", "The sales leader") else name


def column_head(scope: Scope) -> str:
    return "Week of" if scope.weeks == len(scope.columns) else "Weeks"


def _days_of(column: Period) -> str:
    is_week = column.days == DAYS_OF_A_WEEK
    return day(column.start) if is_week else f"{day(column.start)} to {day(column.end)}"


def amount_cell(amount: Decimal | None, m: MoneyFormat, path: str = "") -> Cell:
    return Cell(money(amount, m), amount, path)


def count_cell(count: int, path: str = "") -> Cell:
    return Cell(str(count), Decimal(count), path if count else "")


def text_cell(text: str) -> Cell:
    return Cell(text or "–", text, is_number=False)


def review_path(meeting: int) -> str:
    return reverse("meetings:review", args=(meeting,))
