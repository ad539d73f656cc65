"""Values as a spreadsheet shows them, none of them taken for a formula."""

from __future__ import annotations

import csv
import json
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

MARK = "'"
"""Before a text that a spreadsheet would take for a formula."""
SIGNS = ("=", "+", "-", "@")


class Lines(Protocol):
    """What a file of rows is written to; the answer is handed back by `writerow`."""

    def write(self, line: str, /) -> object: ...


def rows_writer(file: Lines) -> Any:
    """A writer of CSV that quotes every cell: no separator another program goes by parts a text in two."""
    return csv.writer(file, quoting=csv.QUOTE_ALL)


def plain(value: Any) -> Any:
    """A value of a row as JSON holds it: amounts, days and times as text, so that nothing is rounded."""
    if isinstance(value, (date, time)):  # a datetime is a date too
        return value.isoformat()
    return str(value) if isinstance(value, (Decimal, UUID)) else value


def is_formula(line: str) -> bool:
    """Whether a spreadsheet could take it for one: by its first sign that can be seen, full width or not."""
    if line.startswith(("\t", "\r")):  # some spreadsheets drop it, whatever follows
        return True
    first = next((sign for sign in line if unicodedata.category(sign)[0] not in "ZC"), "")
    return unicodedata.normalize("NFKC", first).startswith(SIGNS)


def marked(text: str) -> str:
    """The text as the text it is, each of its lines."""
    return "".join(MARK + line if is_formula(line) else line for line in text.splitlines(keepends=True))


def unmarked(text: str) -> str:
    """What `marked` was given."""
    lines = text.splitlines(keepends=True)
    return "".join(line[1:] if line[0] == MARK and is_formula(line[1:]) else line for line in lines)


def as_cell(value: Any) -> str:
    """A value for a spreadsheet: a text that it would take for a formula is shown as the text it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=plain)
    if isinstance(value, str):
        return marked(value)
    return str(plain(value))
