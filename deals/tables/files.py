"""Pasted text, CSV or XLSX as one table: the only way in for tables.

Pure; anything that cannot be read raises TableError, nothing else. A workbook is bounded in cells and bytes
before it is parsed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from alignment.rules.spreadsheet import unmarked
from deals.rules.number_formats import describe
from deals.tables.cells import quote
from deals.tables.csv_reader import ZIP, Figure, Line, TableError, clean, decode, split
from deals.tables.hidden import Hidden, find_hidden
from deals.tables.questions import HIDDEN_CHOICES, SHOWN_ROWS, UNANSWERED, Answers, TableQuestion


@dataclass(frozen=True, slots=True)
class Limits:
    size: int  # bytes
    lines: int
    columns: int
    cells: int  # of a workbook
    unpacked: int  # bytes of a workbook


PASTED = Limits(2_000_000, 5_000, 120, 200_000, 20_000_000)
EXPORTED = Limits(20_000_000, 200_000, 500, 2_000_000, 200_000_000)
"""For commands; a page has no time for so much."""
MAX_STYLES = 2_000_000

UNREADABLE = (
    "This file cannot be read. Use a spreadsheet (XLSX) or a text file with commas, semicolons or tabs (CSV)."
)
EMPTY = "The table is empty."
_CELL = re.compile(rb"<(?:\w+:)?c[ >]")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[ >]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


@dataclass(frozen=True, slots=True)
class Table:
    """`notes` tell whoever gave it what was left unread or guessed."""

    lines: list[Line]
    notes: tuple[str, ...] = ()


def too_large(limits: Limits) -> str:
    return f"This is larger than {limits.size // 1_000_000} MB. Use fewer rows at a time."


def load(path: Path, limits: Limits = EXPORTED) -> bytes:
    """The bytes of a file. Raises TableError."""
    try:
        with path.open("rb") as file:
            return file.read(limits.size + 1)
    except OSError as error:
        raise TableError(f"“{path}” cannot be opened: {error.strerror or error}.") from error


def read_file(
    content: bytes,
    limits: Limits = PASTED,
    *,
    locale: str = "",
    encoding: str = "",
    answers: Answers = UNANSWERED,
) -> Table:
    """The table in a file, by its content and not its name. `locale` is the language of whoever gave it.

    Raises TableQuestion for a workbook with several sheets or hidden rows, unless `answers` say which.
    """
    if len(content) > limits.size:
        raise TableError(too_large(limits))
    if content.startswith(ZIP):
        return _workbook(content, limits, answers)
    text, note = decode(content, locale=locale, encoding=encoding)
    return Table(_lines(text, limits), (note,) if note else ())


def read_text(text: str, limits: Limits = PASTED) -> Table:
    """The table in a text that was pasted."""
    if len(text) > limits.size:
        raise TableError(too_large(limits))
    return Table(_lines(text, limits))


def _lines(text: str, limits: Limits) -> list[Line]:
    if not text.strip(" \t\r\n,;\ufeff"):
        raise TableError(EMPTY)
    if (
        max(text.count("\n"), text.count("\r")) > 10 * limits.lines
    ):  # blank ones and those inside quotes included
        raise TableError(_too_long(limits))
    return _checked((line for row in split(text) for line in _line(row)), limits)


def _too_long(limits: Limits) -> str:
    return f"This has more than {limits.lines:,} rows. Use fewer at a time."


def _checked(lines: Iterable[Line], limits: Limits) -> list[Line]:
    table: list[Line] = []
    for line in lines:
        if len(table) == limits.lines:
            raise TableError(_too_long(limits))
        if len(line.cells) > limits.columns:
            raise TableError(f"This has more than {limits.columns} columns. Keep only those that are needed.")
        table.append(line)
    if not table:
        raise TableError(EMPTY)
    return table


def _line(line: Line) -> Iterator[Line]:
    cells = [cell if isinstance(cell, Figure) else unmarked(cell) for cell in line.cells]
    while cells and not cells[-1]:
        cells.pop()
    if cells:
        yield replace(line, cells=tuple(cells))


def _workbook(content: bytes, limits: Limits, answers: Answers) -> Table:
    """One worksheet. Whatever a hostile file makes the libraries raise becomes one TableError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check_size(packed, limits)
            return _worksheet(content, packed, limits, answers)
    except TableError:
        raise
    except Exception as error:
        raise TableError(UNREADABLE) from error


def _check_size(packed: zipfile.ZipFile, limits: Limits) -> None:
    parts = packed.infolist()
    styles = sum(part.file_size for part in parts if "style" in part.filename or "theme" in part.filename)
    if sum(part.file_size for part in parts) > limits.unpacked or styles > MAX_STYLES:
        raise TableError(
            "This workbook is too large once it is unpacked. Save the sheet as CSV and use that."
        )
    sheets = (packed.read(part) for part in parts if part.filename.startswith("xl/worksheets/"))
    cells = sum(1 for worksheet in sheets for _ in _CELL.finditer(worksheet))
    if cells > limits.cells:
        raise TableError(f"This workbook has more than {limits.cells:,} cells. Use fewer rows at a time.")


def _worksheet(content: bytes, packed: zipfile.ZipFile, limits: Limits, answers: Answers) -> Table:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    visible = [worksheet for worksheet in book.worksheets if worksheet.sheet_state == "visible"]
    if not visible:
        raise TableError("Every sheet of this workbook is hidden. Show the one to read, then try again.")
    # openpyxl tells no hidden rows of a sheet it streams
    sources = {worksheet.title: packed.read(worksheet._worksheet_path) for worksheet in visible}  # noqa: SLF001
    title = _chosen_sheet([title for title, source in sources.items() if _VALUE.search(source)], answers)
    worksheet, source = book[title], sources[title]
    lines = _checked(_rows(worksheet, limits), limits)
    if _FORMULA.search(source):
        _check_formulas(content, worksheet)
    note = f"Only the sheet “{title}” was read." if answers.worksheet else ""
    return _without_hidden(Table(lines, (note,) if note else ()), find_hidden(source), answers)


def _chosen_sheet(titles: Sequence[str], answers: Answers) -> str:
    """The one of these sheets to read: the only one, or the one that somebody named."""
    if answers.worksheet in titles:
        return answers.worksheet
    if not titles:
        raise TableError(EMPTY)
    names = "”, “".join(map(quote, titles))
    if answers.worksheet:
        about = f"There is no visible sheet “{quote(answers.worksheet)}” with data, but “{names}”."
    elif len(titles) == 1:
        return titles[0]
    else:
        about = f"Several sheets have data: “{names}”."
    raise TableQuestion(
        "worksheet", f"{about} Say which one to read.", choices=[(title, title) for title in titles]
    )


def _without_hidden(table: Table, hidden: Hidden, answers: Answers) -> Table:
    """The table as somebody said: with its hidden rows and columns or without them."""
    rows = [line.number for line in table.lines if line.number in hidden.rows]
    columns = sorted(
        {at for line in table.lines for at, cell in enumerate(line.cells) if cell} & hidden.columns
    )
    if not rows and not columns:
        return table
    about = " and ".join(
        f"{len(names)} hidden {kind}{'s' if len(names) > 1 else ''} ({_first_of(names)})"
        for kind, names in (("row", rows), ("column", [get_column_letter(at + 1) for at in columns]))
        if names
    )
    if not answers.hidden:
        raise TableQuestion(
            "hidden",
            f"The sheet has {about}, for example by a filter. Say what to do with them.",
            choices=HIDDEN_CHOICES,
        )
    if answers.hidden == "read":
        return replace(table, notes=(*table.notes, f"Read with {about}."))
    lines = [
        line
        for hiding in table.lines
        if hiding.number not in hidden.rows
        for line in _line(replace(hiding, cells=_blanked(hiding.cells, hidden.columns)))
    ]
    if not lines:
        raise TableError(EMPTY)
    return Table(lines, (*table.notes, f"Read without {about}."))


def _first_of(names: Sequence[object]) -> str:
    return ", ".join(map(str, names[:SHOWN_ROWS])) + (" …" if len(names) > SHOWN_ROWS else "")


def _blanked(cells: Sequence[str], columns: Collection[int]) -> tuple[str, ...]:
    return tuple("" if at in columns else cell for at, cell in enumerate(cells))


def _rows(worksheet: Any, limits: Limits) -> Iterator[Line]:
    worksheet.reset_dimensions()  # the size the file states is not trusted
    rows = worksheet.iter_rows(max_row=limits.lines + 1, max_col=limits.columns + 1)
    for number, row in enumerate(rows, start=1):
        if number > limits.lines:  # blank rows count too, so that no row is left out silently
            raise TableError(_too_long(limits))
        yield from _line(Line(number, tuple(map(_text, row))))


def _check_formulas(content: bytes, worksheet: Any) -> None:
    """A program that only writes formulas stores no results, and an empty cell would be read for each."""
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    formulas = book[worksheet.title]
    formulas.reset_dimensions()
    without = [
        formula.coordinate
        for row, results in zip(formulas.iter_rows(), worksheet.iter_rows(), strict=False)
        for formula, result in zip(row, results, strict=False)
        if formula.data_type == "f" and result.value is None
    ]
    if without:
        raise TableError(
            f"{', '.join(without[:5])}{' …' if len(without) > 5 else ''}: a formula without a stored result. "
            "Open the file in your spreadsheet, save it, and try again."
        )


def _text(cell: Any) -> str:
    """A cell as a person would type it. A number stays one: see Figure."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        # fifteen digits are what a spreadsheet itself keeps
        style = describe(cell.number_format or "")
        return Figure(f"{Decimal(f'{value:.15g}'):f}", style.currency, style.problem)
    return value.isoformat()[:10] if isinstance(value, date | datetime) else clean(str(value))
