"""How the amounts and days of one table are read: settled once, by what the whole table shows.

A cell has three outcomes: a value; a question that somebody must answer for the table (TableQuestion); or a
refusal (CellError, with the row).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from decimal import Decimal

from alignment.rules.money import (
    AmbiguousAmount,
    AmountError,
    Marks,
    counts_thousandths,
    parse_amount,
    proven_mark,
)
from deals.tables import cells
from deals.tables.cells import CellError, quote
from deals.tables.csv_reader import Figure, TableError
from deals.tables.questions import MARK_CHOICES, ORDER_CHOICES, SHOWN_ROWS, Answers, TableQuestion

THREE_BEHIND = re.compile(r"(?<!\d)\d{1,3}([.,])\d{3}(?!\d)")
NOTHING = frozenset({"", "-", "–", "—"})
BELOW_ZERO = "is below zero"
NO_NEGATIVE_GOAL = "and a goal is zero or more"


@dataclass(frozen=True, slots=True)
class Reading:
    """`negative` says what to do about an amount below zero; `year_leads`: the reader's dates begin with the year."""

    marks: Marks
    month_leads: bool
    negative: str = ""
    year_leads: bool = False

    @classmethod
    def typed(cls, locale: str, *, negative: str = "") -> Reading:
        """Of single fields that somebody fills in."""
        return cls(Marks.habit(locale), cells.month_comes_first(locale), negative)

    def amount(self, cell: str, *, currency: str) -> Decimal | None:
        """None for an empty cell. Raises CellError."""
        text = cell.strip()
        if text in NOTHING:
            return None
        marks = self.marks
        if isinstance(cell, Figure):
            if cell.problem:
                raise CellError(f"“{quote(text)}” {cell.problem}")
            marks, text = Marks.stated("."), f"{cell.currency} {text}"
        try:
            return parse_amount(text, currency=currency, marks=marks)
        except AmountError as error:
            about = f"{error.about}, {self.negative}" if error.about == BELOW_ZERO else error.about
            raise CellError(f"“{quote(text.strip())}” {about}") from error

    def day(self, cell: str, *, zone: tzinfo | None = None) -> date:
        """`zone` is where a moment becomes a day. Raises CellError."""
        if self.year_leads and cells.has_short_year(cell):
            raise CellError(f"“{quote(cell)}” {cells.UNCLEAR_YEAR}")
        return cells.day(cell, month_leads=self.month_leads, zone=zone)


@dataclass(slots=True)
class AmountEvidence:
    """What the amounts of a table show of how they are written, gathered cell by cell; a few rows of each kind."""

    proofs: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Decimal mark → the first row and cell that prove it."""
    one_mark: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: {".": [], ",": []})
    """Mark → rows and cells with three digits behind that mark alone: which it is, they do not show."""

    def add(self, row: int, cell: str) -> None:
        if cell.isdigit() or isinstance(cell, Figure) or cell in NOTHING:
            return
        mark = proven_mark(cell)
        if mark:
            self.proofs.setdefault(mark, (row, cell))
        elif (match := THREE_BEHIND.search(cell)) and len(self.one_mark[match[1]]) < SHOWN_ROWS:
            self.one_mark[match[1]].append((row, cell))

    def marks(self, *, is_foreign: bool, currency: str, locale: str, stated: str) -> Marks:
        """As somebody said, as the table proves, or else as its reader writes: unless its dates are written
        otherwise, or three digits behind a mark are what the currency's decimals look like.
        """
        if stated:
            return Marks.stated(stated)
        if len(self.proofs) == 1:
            return Marks.stated(next(iter(self.proofs)))
        return Marks() if is_foreign or counts_thousandths(currency) else Marks.habit(locale)

    @property
    def has_thousandths(self) -> bool:
        """Whether an amount shows three decimals: "1.234,500"."""
        return any(re.search(rf"[{mark}]\d{{3}}(?!\d)", cell) for mark, (_, cell) in self.proofs.items())

    def unclear(self, marks: Marks) -> list[tuple[int, str]]:
        """Rows and cells that can be read in two ways, in their order."""
        return sorted(
            (row, cell) for rows in self.one_mark.values() for row, cell in rows if _is_ambiguous(cell, marks)
        )


@dataclass(slots=True)
class DayEvidence:
    """What the dates of one column show of their order, gathered cell by cell: the first rows of each kind."""

    rows: dict[str, list[tuple[int, str]]] = field(
        default_factory=lambda: {"day": [], "month": [], "unclear": [], "short": []}
    )
    """ "day" or "month" first, "unclear", "short" (two digits of the year) → rows and cells."""
    is_dotted: bool = False

    def add(self, row: int, cell: str) -> None:
        order = cells.shown_order(cell)
        if not order:
            return
        self.is_dotted = self.is_dotted or (order == "day" and cells.is_dotted(cell))
        if len(self.rows[order]) < SHOWN_ROWS:
            self.rows[order].append((row, cell))
        if len(self.rows["short"]) < SHOWN_ROWS and cells.has_short_year(cell):
            self.rows["short"].append((row, cell))

    @property
    def orders(self) -> set[str]:
        """Those that some of its dates show."""
        return {order for order in ("day", "month") if self.rows[order]}

    @property
    def order(self) -> str:
        """ "day" or "month", "unclear", "mixed" where it does not agree with itself, "" where nothing needs it.

        Dates with points say nothing of those with slashes.
        """
        if len(self.orders) > 1:
            return "mixed"
        is_plain = self.rows["month"] or any(not cells.is_dotted(cell) for _, cell in self.rows["day"])
        if self.rows["unclear"] and not is_plain:
            return "unclear"
        return next(iter(self.orders), "")


def settle(
    *,
    amounts: Iterable[tuple[int, str]],
    dates: Sequence[Sequence[str]],
    currency: str,
    locale: str,
    is_promised: bool = True,
    answers: Answers,
    negative: str = "",
) -> Reading:
    """The reading of a table with these `amounts` (row, cell) and these columns of `dates`.

    What is not shown by the table itself is read as in `locale`; the order of dates only where that is
    promised to the reader. Raises TableQuestion where that leaves two ways.
    """
    evidence, days = AmountEvidence(), [DayEvidence() for _ in dates]
    for row, cell in amounts:
        evidence.add(row, cell.strip() if not isinstance(cell, Figure) else cell)
    for column, texts in zip(days, dates, strict=True):
        for row, text in enumerate(texts):
            column.add(row, text)
    is_foreign = cells.month_comes_first(locale) and any(column.is_dotted for column in days)
    marks = evidence.marks(is_foreign=is_foreign, currency=currency, locale=locale, stated=answers.mark)
    if unclear := evidence.unclear(marks):
        raise _question_of_marks(unclear)
    month_leads = _month_leads(days, locale, answers, is_promised=is_promised)
    return Reading(marks, month_leads, negative, cells.year_comes_first(locale) and not answers.order)


def _is_ambiguous(cell: str, marks: Marks) -> bool:
    try:
        parse_amount(cell, currency="", marks=marks, allow_negative=True)
    except AmbiguousAmount:
        return True
    except AmountError:
        return False
    return False


def describe_unclear(unclear: Sequence[tuple[int, str]]) -> str:
    """Which row can be read in which two ways, and the other rows: the beginning of a question."""
    row, cell = unclear[0]
    others = list(dict.fromkeys(other for other, _ in unclear if other != row))
    named = ", ".join(map(str, others[: SHOWN_ROWS - 1])) + (" and more" if len(others) >= SHOWN_ROWS else "")
    more = f" (also {'row' if len(others) == 1 else 'rows'} {named})" if others else ""
    try:
        parse_amount(cell, currency="", marks=Marks(), allow_negative=True)
    except AmountError as error:
        about = error.about
    return f"Row {row}: “{quote(cell)}” {about}{more}. Say how amounts are written in this table."


def _question_of_marks(unclear: Sequence[tuple[int, str]]) -> TableQuestion:
    return TableQuestion("mark", describe_unclear(unclear), choices=MARK_CHOICES)


def describe_mixed(column: DayEvidence) -> str:
    return f"“{column.rows['day'][0][1]}” puts the day first and “{column.rows['month'][0][1]}” the month"


def _month_leads(days: Sequence[DayEvidence], locale: str, answers: Answers, *, is_promised: bool) -> bool:
    """One order for the table; each column must agree with itself."""
    if answers.order:
        return answers.order == "month"
    if mixed := next((column for column in days if column.order == "mixed"), None):
        raise TableError(f"{describe_mixed(mixed)}.")
    orders = {column.order for column in days} & {"day", "month"}
    if len(orders) > 1:
        raise _question_of_order("Some columns of dates put the day first, others the month. Say which.")
    unclear = next((column.rows["unclear"][0][1] for column in days if column.order == "unclear"), "")
    if not orders and unclear and not is_promised:
        raise _question_of_order(
            f"The dates in this file are ambiguous: “{unclear}” may put the day or the month first."
        )
    return orders.pop() == "month" if orders else cells.month_comes_first(locale)


def _question_of_order(sentence: str) -> TableQuestion:
    return TableQuestion("order", sentence, choices=ORDER_CHOICES)
