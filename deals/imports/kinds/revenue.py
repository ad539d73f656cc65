"""A line as money actually won, invoiced or recurring. Pure; raises CellError for what cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.rules.folding import fold
from deals.imports.kinds.reader import LONGEST_PERSON, RowReader
from deals.imports.kinds.rows import RevenueRow
from deals.imports.kinds.words import CREDITS, NO_REVENUE, REVENUE_KINDS, meaning
from deals.rules.sums import labels_sum, seems_sum
from deals.tables.cells import CellError, quote
from deals.tables.csv_reader import Line

NEGATIVE = "and nobody has said that amounts below zero are credits"


@dataclass(frozen=True, slots=True)
class RevenueReader(RowReader):
    def is_deleted(self, line: Line) -> bool:
        return False

    def key(self, line: Line) -> str:
        return self.optional_id(line, "external_id")

    def is_sum(self, line: Line) -> bool:
        """A row that seems a sum and has no day."""
        day = self.layout.cell(line, "day")
        return seems_sum(line.cells) and (not day or labels_sum(day))

    def row(self, line: Line) -> RevenueRow:
        self.check_width(line)
        day = self.day(line, "day")
        if day is None:
            raise CellError(f"“{self.layout.header_of('day')}” is empty")
        if day > self.terms.today:
            raise CellError(f"{day.isoformat()} is in the future, and revenue is what was actually won")
        money = self.money(line, "amount")
        if money.amount is None:
            raise CellError("the amount is missing")
        self._check_unread(line, may_be_credit=money.amount < 0)
        return RevenueRow(
            number=line.number,
            external_id=self.key(line),
            day=day,
            amount=money.amount,
            foreign=money.foreign,
            kind=self._kind(line),
            deal_id=self.optional_id(line, "deal_id"),
            deal=self.text(line, "deal"),
            account=self.text(line, "account"),
            account_id=self.optional_id(line, "account_id"),
            team=self.text(line, "team", LONGEST_PERSON),
            owner=self.text(line, "owner", LONGEST_PERSON),
            note=self.words(line, "note"),
        )

    def _check_unread(self, line: Line, *, may_be_credit: bool) -> None:
        """Raises CellError for a row that a column which is not read calls no revenue at all."""
        refused = NO_REVENUE if may_be_credit else NO_REVENUE | CREDITS
        read = self.layout.columns.values()
        for at, cell in enumerate(line.cells):
            if cell and at not in read and fold(cell) in refused:
                about = f"“{quote(cell)}” in “{quote(self.layout.keys[at])}” says that it is no revenue"
                raise CellError(f"{about}. Take the row or that column out of the file")

    def _kind(self, line: Line) -> str:
        text = self.layout.cell(line, "revenue_kind")
        if not text:
            return self.answers.revenue_kind
        kind = meaning(text, REVENUE_KINDS)
        if not kind:
            raise CellError(f"“{quote(text)}” is no kind of revenue: won, invoiced or recurring")
        return kind
