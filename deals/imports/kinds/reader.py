"""What the kinds have in common: texts, days and amounts of one line by the roles of its columns. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo

from deals.imports.answers import Answers
from deals.imports.columns import Layout
from deals.imports.kinds.amounts import AmountReader, Money
from deals.imports.kinds.identity import LONGEST_ID
from deals.rules.identity import deal_key, is_placeholder
from deals.rules.stages import LEAVE_OUT
from deals.tables import cells
from deals.tables.cells import UNCLEAR_YEAR, CellError, quote
from deals.tables.csv_reader import Figure, Line

MAX_FIGURES = 15
"""Digits that a spreadsheet keeps of a number."""
LONGEST_NAME, LONGEST_PERSON, LONGEST_WORDS = 200, 120, 300
_ENDLESS = 1_000_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What of the company decides how a row is read: see CompanyTerms."""

    currency: str
    zone: tzinfo
    today: date
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DayReader:
    """How the dates of one file are read. In `mixed` columns some put the day first and some the month: there, those
    that do not fit the order are refused. `year_leads`: a year of two digits may stand at either end.
    """

    month_leads: bool
    zone: tzinfo
    year_leads: bool = False
    mixed: frozenset[str] = frozenset()

    def day(self, text: str, role: str) -> date:
        """Raises CellError."""
        if self.year_leads and cells.has_short_year(text):
            raise CellError(f"“{quote(text)}” {UNCLEAR_YEAR}")
        if role in self.mixed and cells.shown_order(text) == ("day" if self.month_leads else "month"):
            first, other = ("month", "day") if self.month_leads else ("day", "month")
            raise CellError(
                f"“{quote(text)}” puts the {other} first, but dates in this file put the {first} first"
            )
        return cells.day(text, month_leads=self.month_leads, zone=self.zone)


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one kind. `stages` are what somebody said of them, by stage_key."""

    layout: Layout
    amounts: AmountReader
    days: DayReader
    terms: Terms
    answers: Answers
    stages: Mapping[str, str] = field(default_factory=dict)

    def twin_key(self, line: Line) -> str:
        """What two rows of one thing share; empty where rows may repeat. Raises CellError."""
        return ""

    def other_days(self, line: Line) -> Iterator[tuple[str, str]]:
        """Dates, with their roles, in columns that hold other things too."""
        yield from ()

    def other_amounts(self, line: Line) -> Iterator[str]:
        """Amounts in columns that hold other things too."""
        yield from ()

    def part_left_out(self, line: Line) -> str:
        """Why a row is not of this import: what was said of its pipeline or record type. Empty for others."""
        for role, name in (("pipeline", "pipelines"), ("record_type", "record_types")):
            text = self.layout.cell(line, role)
            if text and getattr(self.answers, name).get(text) == LEAVE_OUT:
                return f"the {role.replace('_', ' ')} “{quote(text)}” does not belong here"
        return ""

    def counts(self, line: Line) -> bool:
        """Whether the row is one that anything may be asked for."""
        elsewhere = self.terms.elsewhere
        return not (elsewhere and self.layout.cell(line, "owner") in elsewhere) and not self.part_left_out(
            line
        )

    def text(self, line: Line, role: str, longest: int = LONGEST_NAME) -> str:
        if not (cell := self.layout.cell(line, role)):
            return ""
        try:
            return cells.clean_text(cell, longest=longest)
        except CellError as error:
            raise self._in_column(role, error) from error

    def words(self, line: Line, role: str) -> str:
        """A text that is cut where it is too long: nothing depends on its end."""
        text = self.text(line, role, _ENDLESS)
        return text if len(text) <= LONGEST_WORDS else f"{text[: LONGEST_WORDS - 1]}…"

    def day(self, line: Line, role: str) -> date | None:
        if not (cell := self.layout.cell(line, role)):
            return None
        try:
            return self.days.day(cell, role)
        except CellError as error:
            raise self._in_column(role, error) from error

    def money(self, line: Line, role: str) -> Money:
        try:
            return self.amounts.money(line, role)
        except CellError as error:
            raise self._in_column(role, error) from error

    def flag(self, line: Line, role: str) -> bool | None:
        """None where there is no such column."""
        if role not in self.layout.columns:
            return None
        try:
            return cells.parse_flag(self.layout.cell(line, role))
        except CellError as error:
            raise self._in_column(role, error) from error

    def id(self, line: Line, role: str) -> str:
        """An id as it is stored; empty for none. Raises CellError for one that a spreadsheet has changed."""
        text = self.layout.cell(line, role)
        if not text:
            return ""
        if cells.is_spoilt(text) or (isinstance(text, Figure) and len(text) > MAX_FIGURES):
            raise CellError(
                f"“{quote(text)}” is no longer an id: a spreadsheet has changed it. Format that column as text and "
                "export it again"
            )
        return deal_key(cells.clean_text(text, longest=LONGEST_ID), source=self.layout.format.source)

    def optional_id(self, line: Line, role: str) -> str:
        key = self.id(line, role)
        return "" if is_placeholder(key) or not key.strip("A0") else key

    def required_id(self, line: Line, role: str, *, what: str) -> str:
        """Raises CellError where there is none."""
        key = self.id(line, role)
        if not key:
            raise CellError(
                f"“{self.layout.header_of(role)}” is empty, so a later import could not recognise the {what}"
            )
        if is_placeholder(key):
            raise CellError(
                f"“{quote(self.layout.cell(line, role))}” is no id, so a later import could not recognise the {what}"
            )
        return key

    def _in_column(self, role: str, error: CellError) -> CellError:
        """What is wrong with a cell, with the header of its column."""
        header = self.layout.header_of(role)
        is_named = not header or f"“{header}”" in str(error)
        return error if is_named else CellError(f"{error} (column “{quote(header)}”)")

    def check_width(self, line: Line) -> None:
        """Raises CellError for a line that ends before the last column that is read, or goes on behind the headers."""
        layout = self.layout
        width = len(layout.header.cells)
        if line.width and layout.columns and line.width <= max(layout.columns.values()):
            raise CellError(f"there are {line.width} cells where the headers have {width}")
        for index, cell in enumerate(line.cells):
            has_header = index < width and (
                layout.header.cells[index] or layout.keys[index] in self.answers.columns
            )
            if cell and not has_header:
                raise CellError(
                    f"“{quote(cell)}” is under no header. Quote amounts with commas, or name the column"
                )
