"""Pasted text, CSV or XLSX as one table: the only way in for tables.

Pure; anything that cannot be read raises TableError, nothing else. A workbook is bounded in cells and bytes
before it is parsed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
from deals.tables.csv_reader import Figure, Line, TableError, TextTable, clean, from_text, open_text
from deals.tables.questions import HIDDEN_CHOICES, SHOWN_ROWS, UNANSWERED, Answers, TableQuestion
from deals.tables.signatures import describe_other_file, is_zip
from deals.tables.worksheet_scan import Hidden, WorksheetScan, scan


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
IMPORTED = Limits(50_000_000, 500_000, 500, 5_000_000, 400_000_000)
"""For imports, which are read row by row in the background."""
MAX_STYLES = 2_000_000

UNREADABLE = (
    "This file cannot be read. Use a spreadsheet (XLSX) or a text file with commas, semicolons or tabs (CSV)."
)
EMPTY = "The table is empty."
_PIECE = 1 << 20
NOTHING_HIDDEN = Hidden(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Table:
    """`notes` tell whoever gave it what was left unread or guessed."""

    lines: list[Line]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedTable:
    """A file that was opened. `lines` goes through it, as often as needed, and raises TableError where it cannot.

    `worksheet` and `worksheets` (those with data) are of a workbook, `text` is of a text; `hidden` are the hidden rows
    and columns that have cells, `merged_rows` how many rows were filled from merged cells.
    """

    lines: Callable[[], Iterator[Line]]
    notes: tuple[str, ...] = ()
    text: TextTable | None = None
    worksheet: str = ""
    worksheets: tuple[str, ...] = ()
    hidden: Hidden = NOTHING_HIDDEN
    merged_rows: int = 0


def too_large(limits: Limits) -> str:
    return f"This is larger than {limits.size // 1_000_000} MB. Use fewer rows at a time."


def load(path: Path, limits: Limits = IMPORTED) -> bytes:
    """The bytes of a file, one more than the limits allow where it is larger. Raises TableError."""
    try:
        with path.open("rb") as file:
            return file.read(limits.size + 1)
    except OSError as error:
        raise TableError(f"“{path}” cannot be opened: {error.strerror or error}.") from error


def open_file(
    content: bytes,
    limits: Limits,
    *,
    locale: str = "",
    encoding: str = "",
    delimiter: str = "",
    answers: Answers = UNANSWERED,
) -> OpenedTable:
    """The table in a file, by its content and not its name. `locale` is the language of whoever gave it.

    Raises TableQuestion for a workbook with several sheets or hidden rows, unless `answers` say which.
    """
    if len(content) > limits.size:
        raise TableError(too_large(limits))
    if is_zip(content):
        return _workbook(content, limits, answers)
    table = open_text(content, locale=locale, encoding=encoding, delimiter=delimiter)
    return _text_table(table, limits)


def read_file(
    content: bytes,
    limits: Limits = PASTED,
    *,
    locale: str = "",
    encoding: str = "",
    answers: Answers = UNANSWERED,
) -> Table:
    """All of the table in a file: see open_file."""
    opened = open_file(content, limits, locale=locale, encoding=encoding, answers=answers)
    return Table(list(opened.lines()), opened.notes)


def read_text(text: str, limits: Limits = PASTED) -> Table:
    """The table in a text that was pasted."""
    if len(text) > limits.size:
        raise TableError(too_large(limits))
    return Table(list(_text_table(from_text(text), limits).lines()))


def _text_table(table: TextTable, limits: Limits) -> OpenedTable:
    if not table.content.strip(b" \t\r\n,;\xef\xbb\xbf"):
        raise TableError(EMPTY)
    if (
        max(table.content.count(b"\n"), table.content.count(b"\r")) > 10 * limits.lines
    ):  # blank ones and those inside quotes included
        raise TableError(_too_long(limits))

    def lines() -> Iterator[Line]:
        return _checked((line for row in table.lines() for line in _line(row)), limits)

    return OpenedTable(lines, (table.note,) if table.note else (), text=table)


def _too_long(limits: Limits) -> str:
    return f"This has more than {limits.lines:,} rows. Use fewer at a time."


def _checked(lines: Iterable[Line], limits: Limits) -> Iterator[Line]:
    count = 0
    for count, line in enumerate(lines, start=1):
        if count > limits.lines:
            raise TableError(_too_long(limits))
        if len(line.cells) > limits.columns:
            raise TableError(f"This has more than {limits.columns} columns. Keep only those that are needed.")
        yield line
    if not count:
        raise TableError(EMPTY)


def _line(line: Line) -> Iterator[Line]:
    cells = [cell if "'" not in cell or isinstance(cell, Figure) else unmarked(cell) for cell in line.cells]
    while cells and not cells[-1]:
        cells.pop()
    if cells:
        yield Line(line.number, tuple(cells), line.delimiter, line.width)


def _workbook(content: bytes, limits: Limits, answers: Answers) -> OpenedTable:
    """One worksheet. Whatever a hostile file makes the libraries raise becomes one TableError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if not any(name.startswith("xl/") for name in packed.namelist()):
                raise TableError(describe_other_file(content))
            return _worksheet(content, _scans(packed, limits), limits, answers)
    except TableError:
        raise
    except Exception as error:
        raise TableError(UNREADABLE) from error


def _scans(packed: zipfile.ZipFile, limits: Limits) -> dict[str, WorksheetScan]:
    """By the name of the part. Raises TableError for a workbook beyond its limits, before anything is parsed."""
    parts = packed.infolist()
    styles = sum(part.file_size for part in parts if "style" in part.filename or "theme" in part.filename)
    if sum(part.file_size for part in parts) > limits.unpacked or styles > MAX_STYLES:
        raise TableError(
            "This workbook is too large once it is unpacked. Save the sheet as CSV and use that."
        )
    scans = {
        part.filename: scan(_pieces(packed, part), most_cells=limits.cells)
        for part in parts
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    }
    if sum(result.cells for result in scans.values()) > limits.cells:
        raise TableError(f"This workbook has more than {limits.cells:,} cells. Use fewer rows at a time.")
    return scans


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with packed.open(part) as file:
        while piece := file.read(_PIECE):
            yield piece


def _worksheet(
    content: bytes, scans: dict[str, WorksheetScan], limits: Limits, answers: Answers
) -> OpenedTable:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    visible = {
        worksheet.title: worksheet for worksheet in book.worksheets if worksheet.sheet_state == "visible"
    }
    if not visible:
        raise TableError("Every sheet of this workbook is hidden. Show the one to read, then try again.")
    of_title = {
        title: scans[worksheet._worksheet_path]  # noqa: SLF001 openpyxl tells no part of a sheet otherwise
        for title, worksheet in visible.items()
    }
    titles = tuple(title for title, result in of_title.items() if result.has_values)
    title = _selected_worksheet(titles, answers)
    worksheet, result = visible[title], of_title[title]
    if result.has_formulas:
        _check_formulas(content, worksheet)
    opened = OpenedTable(
        lambda: _worksheet_lines(worksheet, result, limits),
        (f"Only the sheet “{title}” was read.",) if answers.worksheet else (),
        worksheet=title,
        worksheets=titles,
        merged_rows=sum(cells.last_row - cells.first_row for cells in result.merged),
    )
    return _without_hidden(opened, result.hidden, answers)


def _worksheet_lines(worksheet: Any, result: WorksheetScan, limits: Limits) -> Iterator[Line]:
    """Whatever parsing raises in the middle of a sheet becomes one TableError."""
    try:
        yield from _checked(_filled(_rows(worksheet, limits), result), limits)
    except TableError:
        raise
    except Exception as error:
        raise TableError(UNREADABLE) from error


def _filled(lines: Iterator[Line], result: WorksheetScan) -> Iterator[Line]:
    """The value of cells that are merged over several rows stands in each of them."""
    if not result.merged:
        yield from lines
        return
    starting: dict[int, list[tuple[int, int]]] = {}
    for merged in result.merged:
        starting.setdefault(merged.first_row, []).append((merged.column, merged.last_row))
    filling: dict[int, tuple[str, int]] = {}
    for line in lines:
        cells = list(line.cells)
        for column, (value, last_row) in filling.items():
            if line.number <= last_row and value:
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cells[column] or value
        for column, last_row in starting.get(line.number, ()):
            filling[column] = (cells[column] if column < len(cells) else "", last_row)
        yield Line(line.number, tuple(cells), line.delimiter, line.width)


def _selected_worksheet(titles: Sequence[str], answers: Answers) -> str:
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


def _without_hidden(opened: OpenedTable, hidden: Hidden, answers: Answers) -> OpenedTable:
    """The table as somebody said: with its hidden rows and columns or without them."""
    hidden = _with_cells(opened, hidden) if hidden.rows or hidden.columns else NOTHING_HIDDEN
    if not hidden.rows and not hidden.columns:
        return opened
    about = describe_hidden(hidden)
    if not answers.hidden:
        raise TableQuestion(
            "hidden",
            f"The sheet has {about}, for example by a filter. Say what to do with them.",
            choices=HIDDEN_CHOICES,
        )
    if answers.hidden == "read":
        return replace(opened, notes=(*opened.notes, f"Read with {about}."), hidden=hidden)

    return replace(
        opened,
        lines=lambda: _visible_lines(opened, hidden),
        notes=(*opened.notes, f"Read without {about}."),
        hidden=hidden,
    )


def _visible_lines(opened: OpenedTable, hidden: Hidden) -> Iterator[Line]:
    is_empty = True
    for hiding in opened.lines():
        if hiding.number not in hidden.rows:
            for line in _line(replace(hiding, cells=_blanked(hiding.cells, hidden.columns))):
                is_empty = False
                yield line
    if is_empty:
        raise TableError(EMPTY)


def _with_cells(opened: OpenedTable, hidden: Hidden) -> Hidden:
    """Of these rows and columns those that have a cell with text."""
    rows, columns = set[int](), set[int]()
    for line in opened.lines():
        if line.number in hidden.rows:
            rows.add(line.number)
        if hidden.columns:
            columns |= {at for at, cell in enumerate(line.cells) if cell} & hidden.columns
    return Hidden(frozenset(rows), frozenset(columns))


def describe_hidden(hidden: Hidden) -> str:
    """ "2 hidden rows (3, 4) and 1 hidden column (B)"."""
    rows, columns = sorted(hidden.rows), [get_column_letter(at + 1) for at in sorted(hidden.columns)]
    return " and ".join(
        f"{len(names)} hidden {kind}{'s' if len(names) > 1 else ''} ({_first_of(names)})"
        for kind, names in (("row", rows), ("column", columns))
        if names
    )


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
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) != (0, 0, 0):
        return value.isoformat(" ", "seconds")
    return value.isoformat()[:10] if isinstance(value, date | datetime) else clean(str(value))
