"""Which rows and columns of a worksheet nobody sees, from its XML: openpyxl tells neither of a sheet it streams."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_HIDDEN = re.compile(rb"\b(?:hidden=[\"'](?:1|true)[\"']|(?:ht|width)=[\"']0(?:\.0*)?[\"'])")
_VISIBLE = re.compile(rb"\bhidden=[\"'](?:0|false)[\"']")
_ZERO_HEIGHT = re.compile(rb"<(?:\w+:)?sheetFormatPr\b[^>]*\bzeroHeight=[\"'](?:1|true)[\"']")
_LAST_COLUMN = 16_384


@dataclass(frozen=True, slots=True)
class Hidden:
    """`rows` count from 1, as a spreadsheet does; `columns` from 0."""

    rows: frozenset[int]
    columns: frozenset[int]


def find_hidden(source: bytes) -> Hidden:
    """Hidden by hand, by a filter, by a folded group, or by having no height or width."""
    return Hidden(frozenset(_rows(source)), frozenset(_columns(source)))


def _rows(source: bytes) -> Iterator[int]:
    is_default = bool(_ZERO_HEIGHT.search(source))
    number = 0
    for match in _ROW.finditer(source):
        number = _number(match[1], b"r") or number + 1
        if _HIDDEN.search(match[1]) or (is_default and not _VISIBLE.search(match[1])):
            yield number


def _columns(source: bytes) -> Iterator[int]:
    for match in _COLUMN.finditer(source):
        if _HIDDEN.search(match[1]):
            last = min(_number(match[1], b"max"), _LAST_COLUMN)
            yield from range(_number(match[1], b"min") - 1, last)


def _number(attributes: bytes, name: bytes) -> int:
    match = re.search(rb"(?:^|\s)" + name + rb"=[\"'](\d{1,7})[\"']", attributes)
    return int(match[1]) if match else 0
