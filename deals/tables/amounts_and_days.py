"""How the amounts and days of one table are read: settled once, by what the whole table shows.

A cell has three outcomes: a value; a question that somebody must answer for the table (TableQuestion); or a
refusal (CellError, with the row).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal

from alignment.rules.money import (
    AmbiguousAmount,
    AmountError,
    Marks,
    counts_thousandths,
    parse_amount,
)
from deals.tables import cells
from deals.tables.cells import CellError, UnclearOrder, quote
from deals.tables.csv_reader import Figure, TableError
from deals.tables.questions import MARK_CHOICES, ORDER_CHOICES, SHOWN_ROWS, Answers, TableQuestion

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
    written = [(row, cell.strip()) for row, cell in amounts if not isinstance(cell, Figure)]
    marks = _marks([cell for _, cell in written], dates, currency, locale, answers)
    unclear = [(row, cell) for row, cell in written if _is_ambiguous(cell, marks)]
    if unclear:
        raise _question_of_marks(unclear)
    month_leads = _month_leads(dates, locale, answers, is_promised=is_promised)
    return Reading(marks, month_leads, negative, cells.year_comes_first(locale) and not answers.order)


def _marks(
    written: Sequence[str], dates: Sequence[Sequence[str]], currency: str, locale: str, answers: Answers
) -> Marks:
    """As somebody said, as the table proves, or else as its reader writes: unless its dates are written
    otherwise, or three digits behind a mark are what the currency's decimals look like.
    """
    if answers.mark:
        return Marks.stated(answers.mark)
    proven = Marks.proven(written)
    if proven:
        return proven
    is_foreign = cells.month_comes_first(locale) and any(
        cells.is_dotted(day) for days in dates for day in days
    )
    return Marks() if is_foreign or counts_thousandths(currency) else Marks.habit(locale)


def _is_ambiguous(cell: str, marks: Marks) -> bool:
    try:
        parse_amount(cell, currency="", marks=marks, allow_negative=True)
    except AmbiguousAmount:
        return True
    except AmountError:
        return False
    return False


def _question_of_marks(unclear: Sequence[tuple[int, str]]) -> TableQuestion:
    row, cell = unclear[0]
    others = list(dict.fromkeys(other for other, _ in unclear if other != row))
    named = ", ".join(map(str, others[: SHOWN_ROWS - 1])) + (" and more" if len(others) >= SHOWN_ROWS else "")
    more = f" (also {'row' if len(others) == 1 else 'rows'} {named})" if others else ""
    try:
        parse_amount(cell, currency="", marks=Marks(), allow_negative=True)
    except AmountError as error:
        about = error.about
    return TableQuestion(
        "mark",
        f"Row {row}: “{quote(cell)}” {about}{more}. Say how amounts are written in this table.",
        choices=MARK_CHOICES,
    )


def _month_leads(dates: Sequence[Sequence[str]], locale: str, answers: Answers, *, is_promised: bool) -> bool:
    """One order for the table; each column must agree with itself."""
    if answers.order:
        return answers.order == "month"
    orders, unclear = set[bool](), None
    for days in dates:
        try:
            order = cells.detect_month_first(days)
        except UnclearOrder as error:
            unclear = error
        except CellError as error:
            raise TableError(f"{error}.") from error
        else:
            orders |= {order} if order is not None else set()
    if len(orders) > 1:
        raise _question_of_order("Some columns of dates put the day first, others the month. Say which.")
    if not orders and unclear and not is_promised:
        raise _question_of_order(f"The dates in this file are ambiguous: {unclear}.")
    return orders.pop() if orders else cells.month_comes_first(locale)


def _question_of_order(sentence: str) -> TableQuestion:
    return TableQuestion("order", sentence, choices=ORDER_CHOICES)
