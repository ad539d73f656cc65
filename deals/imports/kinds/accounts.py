"""A line as an account. Pure; raises CellError for what cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from alignment.rules.folding import fold
from deals.imports.kinds.amounts import UnclearCurrencyError
from deals.imports.kinds.reader import LONGEST_PERSON, RowReader
from deals.imports.kinds.rows import AccountRow
from deals.imports.kinds.words import ACCOUNT_STATUSES, meaning
from deals.tables.cells import CellError, quote
from deals.tables.csv_reader import Line

_COUNT = re.compile(r"\d{1,3}(?:([., '’\u202f\xa0])\d{3}(?:\1\d{3})*)?|\d+")
LARGEST = 10_000_000
NEGATIVE = "and an account's revenue is zero or more"


@dataclass(frozen=True, slots=True)
class AccountReader(RowReader):
    def is_deleted(self, line: Line) -> bool:
        return bool(self.flag(line, "is_deleted"))

    def key(self, line: Line) -> str:
        """The account's id; empty where there is no column of ids: accounts are known by their names then."""
        if "external_id" not in self.layout.columns:
            return ""
        return self.required_id(line, "external_id", what="account")

    def twin_key(self, line: Line) -> str:
        return self.key(line) or fold(self.layout.cell(line, "name"))

    def row(self, line: Line) -> AccountRow | None:
        """None for an account that the CRM has deleted."""
        self.check_width(line)
        if self.is_deleted(line):
            return None
        name = self.text(line, "name")
        if not name:
            raise CellError(f"“{self.layout.header_of('name')}” is empty")
        return AccountRow(
            number=line.number,
            external_id=self.key(line),
            name=name,
            status=meaning(self.layout.cell(line, "status"), ACCOUNT_STATUSES),
            employees=self._employees(line),
            annual_revenue=self._annual_revenue(line),
            owner=self.text(line, "owner", LONGEST_PERSON),
            owner_email=self.text(line, "owner_email", 254),
        )

    def _annual_revenue(self, line: Line) -> Decimal | None:
        """None where it is in another currency: it is an order of size, and no reason to refuse an account."""
        try:
            is_ours = self.amounts.code(line, "annual_revenue") == self.amounts.currency
        except UnclearCurrencyError:
            return None
        return self.money(line, "annual_revenue").amount if is_ours else None

    def _employees(self, line: Line) -> int | None:
        """A whole number; None for a band such as "51-200", which is no number."""
        text = self.layout.cell(line, "employees")
        if not _COUNT.fullmatch(text):
            return None
        number = int(re.sub(r"\D", "", text))
        if number > LARGEST:
            raise CellError(f"“{quote(text)}” is no number of employees")
        return number
