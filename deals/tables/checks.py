"""What makes a whole table unusable: cells under no header, amounts cut in two, another currency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from alignment.rules.currencies import is_called, is_currency
from deals.tables.cells import quote
from deals.tables.csv_reader import Line, TableError
from deals.tables.headings import is_currency_heading

MAX_ERRORS = 20
"""Wrong rows that are listed."""

_GROUP_HEAD = re.compile(r"\D{0,4}\d{1,3}")
_GROUP_TAIL = re.compile(r"\d{3}(\D.{0,8})?")
_WHOLE = re.compile(r"\D{0,4}\d+")
_DECIMALS = re.compile(r"\d\d")
_NUMERIC = re.compile(r"-?[\d.]+%?")
_COUNTED = re.compile(
    r"%|probab|wahrscheinl|quantity|qty|menge|anzahl|number|count|days|age\b|score|year|jahr|employee|headcount|seats|"
    r"users|units|licen[cs]es|\bid\b",
    re.IGNORECASE,
)
"""Headers of columns that hold a number of their own."""


def check_whole(body: Sequence[Line], header: Line | None, *, amount_at: int | None) -> None:
    """Refuse rows that have more than their headers name, or an amount cut in two by its own commas: nothing
    that is written down is ignored. Raises TableError.
    """
    errors = [f"Row {line.number}: {problem}." for line in body if (problem := _too_wide(line, header))]
    if not errors and amount_at is not None:
        errors = [
            f"Row {line.number}: “{quote(cut)}” may be one amount or two cells. Put quotes around amounts with commas."
            for line, cut in _cut_amounts(body, header, amount_at)
        ]
    refuse(errors)


def describe_rows(lines: Iterable[Line]) -> tuple[str, ...]:
    """Rows as they are quoted to whoever gave the table."""
    return tuple(f"{line.number}: {', '.join(filter(None, line.cells))}" for line in lines)


def refuse(errors: Sequence[str]) -> None:
    """Raises TableError with the first errors, if there are any."""
    more = len(errors) - MAX_ERRORS
    if errors:
        raise TableError(*errors[:MAX_ERRORS], *([f"And {more} more."] if more > 0 else []))


def _too_wide(line: Line, header: Line | None) -> str:
    if header is None:
        return ""
    for column, cell in enumerate(line.cells):
        if cell and not (column < len(header.cells) and header.cells[column]):
            return f"“{quote(cell)}” is under no header. Quote amounts with commas, or name the column"
    return ""


def _cut_amounts(body: Sequence[Line], header: Line | None, at: int) -> list[tuple[Line, str]]:
    """Rows like 2026-01-05,1,250: unless the next column is one of numbers, as its header says or its cells prove."""
    title = header.cells[at + 1] if header and at + 1 < len(header.cells) else ""
    following = [line.cells[at + 1] if at + 1 < len(line.cells) else "" for line in body]
    if is_counted(title) or (all(map(is_number, following)) and not all(map(is_rest, following))):
        return []
    return [(line, cut) for line in body if (cut := cut_at(line, at))]


def is_counted(title: str) -> bool:
    """Whether the column so called holds a number of its own."""
    return bool(_COUNTED.search(title))


def is_number(cell: str) -> bool:
    return bool(_NUMERIC.fullmatch(cell))


def is_rest(cell: str) -> bool:
    """Whether the cell may be the thousands or the decimals of an amount before it."""
    return bool(_GROUP_TAIL.fullmatch(cell) or _DECIMALS.fullmatch(cell))


def cut_at(line: Line, at: int) -> str:
    """ "1,250" or "1250,50" where that may have been written without quotes into a line separated by commas."""
    if line.delimiter != "," or at + 1 >= len(line.cells):
        return ""
    left, right = line.cells[at], line.cells[at + 1]
    is_cut = _is_grouped(left, right) or (_WHOLE.fullmatch(left) and _DECIMALS.fullmatch(right))
    return f"{left},{right}" if is_cut else ""


def _is_grouped(left: str, right: str) -> bool:
    return bool(_GROUP_HEAD.fullmatch(left) and _GROUP_TAIL.fullmatch(right))


def cut_amount(line: Line) -> str:
    """ "1,250" where that may have been written without quotes anywhere in a line separated by commas; else empty."""
    if line.delimiter != ",":
        return ""
    pairs = zip(line.cells, line.cells[1:], strict=False)
    return next((f"{left},{right}" for left, right in pairs if _is_grouped(left, right)), "")


def check_currencies(
    body: Sequence[Line], header: Line | None, currency: str, *, used: Iterable[int] = ()
) -> None:
    """Refuse rows in another currency, as any column of currencies says, whatever its header, and any that is
    called one and holds one. Raises TableError.
    """
    taken = set(used)
    errors = []
    for column in range(max((len(line.cells) for line in body), default=0)):
        codes = [
            (line.number, line.cells[column])
            for line in body
            if column < len(line.cells) and line.cells[column]
        ]
        title = header.cells[column] if header and column < len(header.cells) else ""
        enough = any if is_currency_heading(title) else all
        if column in taken or not enough(is_currency(code) for _, code in codes):
            continue
        errors += [
            f"Row {row}: {f'“{quote(title)}” says' if title else 'the currency is'} {quote(code)}, "
            f"but the company uses {currency}."
            for row, code in codes
            if not is_called(code, currency)
        ]
    refuse(errors)
