"""Pasted text, CSV or XLSX as lines of cells. Pure; what cannot be read raises BadFile with sentences, never anything else."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl import load_workbook

from deals.imports.read import BadFile, Line, decoded

MAX_BYTES = 2_000_000
MAX_UNPACKED = 20_000_000
MAX_LINES = 5_000
MAX_CELLS = 120
"""In one line."""
ZIP = b"PK\x03\x04"
CENT = Decimal("0.01")
QUOTED = "'"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula when a cell begins with it."""

TOO_LARGE = f"This is larger than {MAX_BYTES // 1_000_000} MB. Give fewer rows at a time."
TOO_LONG = f"This has more than {MAX_LINES:,} rows. Give fewer at a time."
TOO_WIDE = f"This has more than {MAX_CELLS} columns. Give only those that are needed."
UNREADABLE = (
    "This file cannot be read. Give a spreadsheet (XLSX) or a text file of commas, semicolons or tabs (CSV)."
)
EMPTY = "There is nothing in it."


def file_lines(content: bytes) -> list[Line]:
    """The lines of an uploaded file, by what it holds, whatever it is called."""
    if len(content) > MAX_BYTES:
        raise BadFile(TOO_LARGE)
    if content.startswith(ZIP):
        return _checked(_workbook(content))
    try:
        text = decoded(content)
    except BadFile as trouble:
        raise BadFile(UNREADABLE) from trouble
    return text_lines(text)


def text_lines(text: str) -> list[Line]:
    """The lines of a text that was pasted, or of a CSV file."""
    if len(text) > MAX_BYTES:
        raise BadFile(TOO_LARGE)
    try:
        return _checked(_split(text))
    except csv.Error as trouble:
        raise BadFile(f"The text is no table ({trouble}).") from trouble


def _checked(lines: Iterable[Line]) -> list[Line]:
    found: list[Line] = []
    for line in lines:
        if len(found) == MAX_LINES:
            raise BadFile(TOO_LONG)
        if len(line.cells) > MAX_CELLS:
            raise BadFile(TOO_WIDE)
        found.append(line)
    if not found:
        raise BadFile(EMPTY)
    return found


def _split(text: str) -> Iterator[Line]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    for number, cells in enumerate(rows, start=1):
        yield from _line(number, cells)


def _delimiter(text: str) -> str:
    """What parts the first line that says anything: a spreadsheet's clipboard has tabs, a CSV commas or semicolons."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return "\t" if "\t" in first else ";" if ";" in first else ","


def _line(number: int, cells: Iterable[str]) -> Iterator[Line]:
    plain = [_unquoted(cell.strip()) for cell in cells]
    while plain and not plain[-1]:
        plain.pop()
    if plain:
        yield Line(number, tuple(plain))


def _unquoted(cell: str) -> str:
    """Without the mark that keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith(QUOTED) and cell[1:].startswith(FORMULA) else cell


def _workbook(content: bytes) -> Iterator[Line]:
    """The first sheet. Everything a hostile file can make the libraries raise is one sentence."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise BadFile(TOO_LARGE)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not believed
        rows = sheet.iter_rows(max_row=MAX_LINES + 1, max_col=MAX_CELLS + 1, values_only=True)
        found: list[Line] = []
        for number, row in enumerate(rows, start=1):
            if number > MAX_LINES:  # also where only blank rows stand between: nothing is left out unsaid
                raise BadFile(TOO_LONG)
            found += _line(number, map(_text, row))
        return iter(found)
    except BadFile:
        raise
    except Exception as trouble:
        raise BadFile(UNREADABLE) from trouble


def _text(value: Any) -> str:
    """A cell as a person would type it, so that it can be read in one way only."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{Decimal(repr(value)).quantize(CENT, ROUND_HALF_UP):f}"
    return value.isoformat()[:10] if isinstance(value, date | datetime) else str(value)
