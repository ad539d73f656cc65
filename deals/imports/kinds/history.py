"""A line of a CRM's own history as changes of a deal: its stage, its amount, its close date. Pure.

A field history has a line a change (field, old, new). A history of opportunities has a line a moment, with what the
deal was then; what it was before stands beside it or in the deal's line before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal

from deals.imports.kinds.reader import LONGEST_PERSON, LONGEST_WORDS, RowReader
from deals.imports.kinds.rows import HistoryRow
from deals.imports.kinds.words import history_field
from deals.tables import cells
from deals.tables.cells import CellError, quote
from deals.tables.csv_reader import Line

FIELDS = ("stage", "amount", "close_date")


@dataclass(frozen=True, slots=True)
class HistoryReader(RowReader):
    """`latest`: deal → its values in the line before, of a history that has a line a moment."""

    latest: dict[str, dict[str, str]] = field(default_factory=dict)

    def is_deleted(self, line: Line) -> bool:
        return bool(self.flag(line, "is_deleted"))

    def key(self, line: Line) -> str:
        return self.required_id(line, "deal_id", what="deal")

    def other_days(self, line: Line) -> Iterator[tuple[str, str]]:
        if history_field(self.layout.cell(line, "field")) == "close_date":
            yield from ((role, self.layout.cell(line, role)) for role in ("old", "new"))

    def other_amounts(self, line: Line) -> Iterator[str]:
        if history_field(self.layout.cell(line, "field")) == "amount":
            yield from (self.layout.cell(line, role) for role in ("old", "new"))

    def rows(self, line: Line) -> Iterator[HistoryRow]:
        """The changes of the line; none for a field that is not followed. Raises CellError."""
        self.check_width(line)
        if self.is_deleted(line):
            return
        deal_id, moment = self.key(line), self._moment(line)
        by = self.text(line, "by", LONGEST_PERSON)
        for name, old, new in self._changes(line, deal_id):
            if old != new:
                yield HistoryRow(
                    number=line.number, deal_id=deal_id, field=name, old=old, new=new, moment=moment, by=by
                )

    def _changes(self, line: Line, deal_id: str) -> Iterator[tuple[str, str, str]]:
        if "field" in self.layout.columns:
            if name := history_field(self.layout.cell(line, "field")):
                yield name, self._value(line, name, "old"), self._value(line, name, "new")
            return
        before = self.latest.setdefault(deal_id, {})
        for name in FIELDS:
            if name not in self.layout.columns:
                continue
            new = self._value(line, name, name)
            old = before.get(name, "")
            if f"old_{name}" in self.layout.columns:
                old = self._value(line, name, f"old_{name}") or old
            before[name] = new
            yield name, old, new

    def _value(self, line: Line, name: str, role: str) -> str:
        text = self.layout.cell(line, role)
        if not text:
            return ""
        if name == "close_date":
            return self.days.day(text, role).isoformat()
        if name == "amount":
            amount = self.money(line, role).amount
            return "" if amount is None else _plain(amount)
        return cells.clean_text(text, longest=LONGEST_WORDS)

    def _moment(self, line: Line) -> datetime:
        """The moment the CRM states: in its zone where it names one, else in the company's. Raises CellError."""
        text = self.layout.cell(line, "moment")
        if not text:
            raise CellError(f"“{self.layout.header_of('moment')}” is empty")
        day, of_day, has_zone = cells.moment(text, month_leads=self.days.month_leads)
        stated = datetime.combine(day, of_day or time(), UTC if has_zone else self.terms.zone)
        if stated > datetime.combine(self.terms.today, time.max, self.terms.zone):
            raise CellError(f"“{quote(text)}” is in the future")
        return stated


def _plain(amount: Decimal) -> str:
    return f"{amount:f}".removesuffix(".00")
