"""What tells rows apart where there are no ids. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from alignment.rules.folding import fold
from deals.imports.columns import Layout
from deals.tables.cells import CellError
from deals.tables.csv_reader import Line

LONGEST_ID = 100
_TELLING = ("name", "account", "product", "opened_on", "owner")
MARK = "="
"""Before a key that was made from a row's own cells: no CRM gives such an id."""


def made_key(line: Line, columns: Sequence[int]) -> str:
    """A key from these cells, the same for every spelling of them. Raises CellError where all are empty."""
    parts = [fold(line.cells[index]) if index < len(line.cells) else "" for index in columns]
    if not any(parts):
        raise CellError("it has nothing that tells it apart from other rows")
    key = MARK + " | ".join(parts)
    if len(key) <= LONGEST_ID:
        return key
    digest = blake2b(key.encode(), digest_size=12).hexdigest()
    return f"{key[: LONGEST_ID - len(digest) - 1]}…{digest}"


def candidate_columns(layout: Layout) -> list[tuple[int, ...]]:
    """Sets of columns that may tell deals apart, each one longer: the name, with the account, with the day …"""
    present = [layout.columns[role] for role in _TELLING if role in layout.columns]
    return [tuple(present[: count + 1]) for count in range(len(present))]


def identity_columns(layout: Layout, stated: str) -> tuple[int, ...]:
    """The columns that somebody named; empty where one of them is not there."""
    keys = [key for key in stated.split("\n") if key]
    if not keys or any(key not in layout.keys for key in keys):
        return ()
    return tuple(layout.keys.index(key) for key in keys)
