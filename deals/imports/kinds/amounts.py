"""In which currency the amount of a row is, and what it is worth in the company's. Pure.

The row's currency is its currency column, else a sign or code in the cell, else the heading's, else the file's answer.
A foreign amount is taken as the CRM itself converted it, else at a rate entered for this import, else refused: it is
never booked as if it were ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from alignment.rules.currencies import codes_called, is_called
from alignment.rules.money import (
    LIMIT,
    STORED_DECIMALS,
    AmountError,
    Marks,
    counts_thousandths,
    currency_beside,
    decimals_of,
    parse_amount,
    proven_mark,
)
from deals.imports.columns import Layout
from deals.imports.kinds.rows import Foreign
from deals.rules.stages import stage_key
from deals.tables.amounts_and_days import BELOW_ZERO, NOTHING, THREE_BEHIND
from deals.tables.cells import CellError, quote
from deals.tables.csv_reader import Figure, Line
from deals.tables.headings import split_unit

_LONGEST_PLAIN = 13
THOUSAND = 1000
_THREE_BEHIND_A_COMMA = re.compile(r"\d{1,3}(,\d{3})+")
REFUSE = "-"
"""Instead of a rate: rows in that currency are refused."""


class UnclearCurrencyError(CellError):
    """Several currencies are written so: `sign` is what to ask about."""

    def __init__(self, sign: str, message: str) -> None:
        super().__init__(message)
        self.sign = sign


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` is in the company's currency; `foreign` what the file has where that is another."""

    amount: Decimal | None
    foreign: Foreign | None = None


@dataclass(frozen=True, slots=True)
class AmountReader:
    """How the amounts of one file are read. `stated` is the currency of amounts that name none; `unit` what they count;
    `converted` the currency of the column that the CRM has converted, where it does not name it.
    """

    layout: Layout
    currency: str
    marks: Marks
    signs: Mapping[str, str]
    rates: Mapping[str, Decimal]
    stated: str = ""
    unit: Decimal = Decimal(1)
    converted: str = ""
    decimal_mark: str = ""  # somebody stated it: other marks are refused
    negative: str = ""  # what to say of an amount below zero
    allow_negative: bool = False
    has_thousandths: bool = False  # its amounts show three decimals

    @property
    def is_plain(self) -> bool:
        """Whether digits alone are the amount they say."""
        return self.unit == 1 and not self.layout.format.divisors

    def money(self, line: Line, role: str) -> Money:
        """Raises CellError."""
        cell = self.layout.cell(line, role)
        if cell in NOTHING:
            return Money(None)
        code = self.code(line, role)
        if code == self.currency:
            return Money(self._number(cell, role, code))
        converted = self._converted(line) if role == "amount" else None  # it converts no other
        rate = self.rates.get(code)
        if converted is None and rate is None:
            raise CellError(self._describe_foreign(line, role, code))
        amount = self._number(cell, role, code)
        if converted is not None or rate is None:
            return self._as_converted(cell, amount, converted, code)
        ours = (amount * rate).quantize(Decimal(1).scaleb(-decimals_of(self.currency)), ROUND_HALF_UP)
        if abs(ours) >= LIMIT:
            raise CellError(f"“{quote(cell)}” is too large at a rate of {rate}")
        exact = ours.quantize(Decimal(1).scaleb(-STORED_DECIMALS))
        return Money(exact, Foreign(amount=amount, currency=code, rate=rate))

    def _as_converted(self, cell: str, amount: Decimal, converted: Decimal | None, code: str) -> Money:
        """An amount as the CRM has converted it. Nothing is nothing in every currency."""
        if not amount and not converted:
            return Money(converted)
        if converted is not None and not (amount and is_rate(converted / amount)):
            raise CellError(f"“{quote(cell)}” in {code} cannot be {converted} in {self.currency}")
        return Money(converted, Foreign(amount=amount, currency=code))

    def code(self, line: Line, role: str) -> str:
        """The code of the currency that the amount in this role is in.

        Raises UnclearCurrencyError where it may be several, CellError where it is none or two.
        """
        cell = self.layout.cell(line, role)
        beside = self._beside(cell)
        column = self.layout.cell(line, "currency")
        if column:
            code = self.named(column)
            if beside and not is_called(beside, code):
                raise CellError(
                    f"“{quote(cell)}” is in {quote(beside)}, but “{self.layout.header_of('currency')}” says "
                    f"{quote(column)}"
                )
            return code
        return self.named(beside) if beside else self._heading_code(role) or self.stated or self.currency

    def _beside(self, cell: str) -> str:
        """What names a currency beside the figures of a cell."""
        if isinstance(cell, Figure):
            return cell.currency
        return "" if cell.isdigit() else currency_beside(cell, currency=self.currency)

    def named(self, text: str) -> str:
        """The code of the currency that is called so: the company's first, then the only one."""
        if is_called(text, self.currency):
            return self.currency
        codes = codes_called(text)
        if len(codes) == 1:
            return codes[0]
        if not codes:
            raise CellError(f"“{quote(text)}” is no currency")
        if answer := self.signs.get(stage_key(text)):
            return answer
        raise UnclearCurrencyError(
            text,
            f"the amount is in {quote(text)}, which may be {_join(codes)}, but the company uses {self.currency}",
        )

    def converted_code(self, line: Line) -> str:
        """The currency of the amount that the CRM has converted; empty where nobody knows."""
        text = self.layout.cell(line, "converted_currency")
        if text:
            return self.named(text)
        return self._heading_code("converted_amount") or self.converted

    def _converted(self, line: Line) -> Decimal | None:
        cell = self.layout.cell(line, "converted_amount")
        if cell in NOTHING or self.converted_code(line) != self.currency:
            return None
        return self._number(cell, "converted_amount", self.currency)

    def _number(self, cell: str, role: str, code: str) -> Decimal:
        """As the column counts. Raises CellError."""
        marks = self.marks
        is_text = not isinstance(cell, Figure)
        if is_text and self.is_plain and len(cell) < _LONGEST_PLAIN and cell.isdigit() and cell.isascii():
            return Decimal(f"{cell}.00")
        if isinstance(cell, Figure):
            if cell.problem:
                raise CellError(f"“{quote(cell)}” {cell.problem}")
            marks = Marks.stated(".")
        divisor = self.layout.format.divisors.get(self._plain_header(role), 1)
        self._check_mark(cell)
        try:
            if divisor != 1:
                return self._scaled(cell, _parts(cell) / divisor, code)
            number = parse_amount(cell, currency=code, marks=marks, allow_negative=self.allow_negative)
        except AmountError as error:
            raise CellError(f"“{quote(cell)}” {self._describe(error)}") from error
        if is_text:
            self._check_thousandths(cell, number, code)
        return number if self.unit == 1 else self._scaled(cell, number * self.unit, code)

    def _check_mark(self, cell: str) -> None:
        """Raises CellError for an amount that contradicts how somebody said amounts are written."""
        if not self.decimal_mark or isinstance(cell, Figure):
            return
        mark = proven_mark(cell)
        if mark and mark != self.decimal_mark:
            name = {".": "a point", ",": "a comma"}[mark]
            raise CellError(
                f"“{quote(cell)}” has {name} before its decimals, unlike the other amounts of this file"
            )

    def _check_thousandths(self, cell: str, number: Decimal, code: str) -> None:
        """Raises CellError for "4,000" among amounts like "9.900,50": it would be booked as 4."""
        behind = THREE_BEHIND.search(cell)
        if (
            self.decimal_mark
            or self.has_thousandths
            or counts_thousandths(code)
            or not behind
            or proven_mark(cell)
        ):
            return
        if behind[1] == self.marks.decimal and number < THOUSAND:
            name = {".": "a point", ",": "a comma"}[behind[1]]
            raise CellError(
                f"“{quote(cell)}” may be thousands, and other amounts of this file have {name} before their decimals"
            )

    def _scaled(self, cell: str, number: Decimal, code: str) -> Decimal:
        exact = number.quantize(Decimal(1).scaleb(-decimals_of(code)), ROUND_HALF_UP)
        if exact != number or abs(exact) >= LIMIT:
            raise CellError(f"“{quote(cell)}” is no amount in {code} once it is counted in full")
        return exact.quantize(Decimal(1).scaleb(-STORED_DECIMALS))

    def _describe(self, error: AmountError) -> str:
        if error.about == BELOW_ZERO and self.negative:
            return f"{error.about}, {self.negative}"
        return error.about

    def _describe_foreign(self, line: Line, role: str, code: str) -> str:
        """Why an amount in another currency is refused: what says so, and that there is no rate."""
        cell, column = self.layout.cell(line, role), self.layout.cell(line, "currency")
        beside = self._beside(cell)
        if column:
            about = f"the amount is in {quote(column)}"
        elif beside:
            about = f"“{quote(cell)}” is in {quote(beside)}"
        else:
            heading = self._heading_code(role)
            about = (
                f"“{quote(self.layout.header_of(role))}” says {code}" if heading else f"the file says {code}"
            )
        return f"{about}, but the company uses {self.currency}; no rate was entered for {code}"

    def _heading_code(self, role: str) -> str:
        """The code of the currency that the heading of the column names: "Amount (EUR)"."""
        name = _currency_in(self.layout.header_of(role))
        return self.named(name) if name else ""

    def _plain_header(self, role: str) -> str:
        return " ".join(self.layout.header_of(role).casefold().split())


@lru_cache(maxsize=256)
def _currency_in(heading: str) -> str:
    """What a heading calls the currency below it; empty where it names none."""
    return next((unit.currency for unit in split_unit(heading)[1] if unit.currency), "")


def _parts(cell: str) -> Decimal:
    """An amount in millionths of its unit, as programs write it: digits alone. Raises CellError."""
    if not cell.isascii() or not cell.isdigit() or len(cell) > 24:
        raise CellError(f"“{quote(cell)}” is not an amount")
    return Decimal(cell)


def _join(codes: Sequence[str]) -> str:
    names = codes if len(codes) < 5 else (*codes[:4], "another")
    return f"{', '.join(names[:-1])} or {names[-1]}"


def read_rate(text: str) -> Decimal | None:
    """A rate as somebody entered it; None for what is no rate above zero, or may be another: "25,400"."""
    if _THREE_BEHIND_A_COMMA.fullmatch(text.strip()):
        return None
    try:
        rate = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return rate if is_rate(rate) else None


def is_rate(rate: Decimal) -> bool:
    """Whether it can be kept: above zero with nine decimals."""
    return rate.is_finite() and 0 < rate < Decimal(10) ** 9 and round(rate, 9) > 0
