"""What a worksheet's XML says before it is parsed, piece by piece: how many cells, what is hidden, what is merged.

openpyxl tells none of it of a sheet it streams.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from openpyxl.utils import range_boundaries

_CELL = re.compile(rb"<(?:\w+:)?c[ >]")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[ >]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
_HIDDEN = re.compile(rb"\b(?:hidden=[\"'](?:1|true)[\"']|(?:ht|width)=[\"']0(?:\.0*)?[\"'])")
_VISIBLE = re.compile(rb"\bhidden=[\"'](?:0|false)[\"']")
_ZERO_HEIGHT = re.compile(rb"<(?:\w+:)?sheetFormatPr\b[^>]*\bzeroHeight=[\"'](?:1|true)[\"']")
_LAST_COLUMN = 16_384
_MOST_MERGED = 100_000
_MOST_CELLS = 1 << 40


@dataclass(frozen=True, slots=True)
class Hidden:
    """`rows` count from 1, as a spreadsheet does; `columns` from 0."""

    rows: frozenset[int]
    columns: frozenset[int]


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells of one column that are merged over several rows; both rows count from 1, `column` from 0."""

    first_row: int
    last_row: int
    column: int


@dataclass(slots=True)
class WorksheetScan:
    """`cells` are those the XML has, empty ones included."""

    cells: int = 0
    has_values: bool = False
    has_formulas: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Merged] = field(default_factory=list)

    @property
    def hidden(self) -> Hidden:
        """By hand, by a filter, by a folded group, or by having no height or width."""
        return Hidden(frozenset(self.hidden_rows), frozenset(self.hidden_columns))


def scan(pieces: Iterable[bytes], *, most_cells: int = _MOST_CELLS) -> WorksheetScan:
    """All of a worksheet's XML, in pieces of any size; no further than where it has more cells than may be read."""
    result = WorksheetScan()
    number, is_default = 0, False
    for piece in _whole_tags(pieces):
        result.cells += len(_CELL.findall(piece))
        if result.cells > most_cells:
            break
        result.has_values = result.has_values or bool(_VALUE.search(piece))
        result.has_formulas = result.has_formulas or bool(_FORMULA.search(piece))
        is_default = is_default or bool(_ZERO_HEIGHT.search(piece))
        for match in _ROW.finditer(piece):
            number = _number(match[1], b"r") or number + 1
            if _HIDDEN.search(match[1]) or (is_default and not _VISIBLE.search(match[1])):
                result.hidden_rows.add(number)
        for match in _COLUMN.finditer(piece):
            if _HIDDEN.search(match[1]):
                last = min(_number(match[1], b"max"), _LAST_COLUMN)
                result.hidden_columns |= set(range(_number(match[1], b"min") - 1, last))
        result.merged += _merged(piece) if len(result.merged) < _MOST_MERGED else []
    return result


def _merged(piece: bytes) -> Iterator[Merged]:
    for match in _MERGED.finditer(piece):
        first_column, first_row, last_column, last_row = range_boundaries(match[1].decode())
        if first_column == last_column and last_row > first_row:
            yield Merged(first_row, last_row, first_column - 1)


def _whole_tags(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces that end where a tag ends."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        end = text.rfind(b">") + 1
        rest = text[end:]
        yield text[:end]
    yield rest


def _number(attributes: bytes, name: bytes) -> int:
    match = re.search(rb"(?:^|\s)" + name + rb"=[\"'](\d{1,7})[\"']", attributes)
    return int(match[1]) if match else 0
