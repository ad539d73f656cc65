"""Which CRM a table comes from and which of its columns is what.

Pure. Anything ambiguous is refused with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alignment.rules.folding import fold
from deals.imports.sources import NEEDED, ROLES, SOURCES, Source
from deals.tables.csv_reader import SAMPLE_LINES, Line, TableError
from deals.tables.headings import split_unit


@dataclass(frozen=True, slots=True)
class Layout:
    """A recognised table: `columns` is the index of each role's column, `header` the line of the headers."""

    source: Source
    columns: dict[str, int]
    header: Line

    def cell(self, line: Line, role: str) -> str:
        """The text in the role's column; empty when there is no such column."""
        index = self.columns.get(role)
        return line.cells[index] if index is not None and index < len(line.cells) else ""

    @property
    def named(self) -> dict[str, str]:
        """Role → the header of its column."""
        return {role: self.header.cells[index] for role, index in self.columns.items()}

    @property
    def unused(self) -> list[str]:
        used = set(self.columns.values())
        return [cell for index, cell in enumerate(self.header.cells) if cell and index not in used]

    def header_of(self, *roles: str) -> str:
        """The header of the first of these roles that has a column."""
        return next((self.named[role] for role in roles if role in self.columns), "")


def recognise(table: Sequence[Line]) -> Layout:
    """The layout of a table of deals.

    Raises TableError naming the columns found and what is missing or duplicate.
    """
    guesses = [_match(source, line) for line in table[:SAMPLE_LINES] for source in SOURCES]
    best = max(guesses, key=lambda layout: (not _missing(layout), len(layout.columns)))
    missing = _missing(best)
    if missing or not best.columns:
        raise TableError(*_refusal(best, missing, table[0]))
    _check_doubles(best)
    return best


def normalize(header: str) -> str:
    """A header or a name as it is compared: in lower case, with single blanks, without signs that nobody sees."""
    return " ".join(fold(header).strip("\"'“”").replace("_", " ").split())


def _match(source: Source, line: Line) -> Layout:
    columns = {}
    for role, names in source.headers.items():
        headers = _headers(line, role)
        name = next((name for name in names if name in headers), "")
        if name:
            columns[role] = headers.index(name)
    return Layout(source, columns, line)


def _headers(line: Line, role: str) -> list[str]:
    """As they are compared; that of amounts may name its currency: "Amount (EUR)"."""
    return [normalize(split_unit(cell)[0] if role == "amount" else cell) for cell in line.cells]


def _missing(layout: Layout) -> list[tuple[str, ...]]:
    return [group for group in NEEDED if not any(role in layout.columns for role in group)]


def _check_doubles(layout: Layout) -> None:
    for role, names in layout.source.headers.items():
        headers = _headers(layout.header, role)
        same = [cell for cell, header in zip(layout.header.cells, headers, strict=True) if header in names]
        if len(same) > 1:
            columns = " and ".join(f"“{cell}”" for cell in same)
            raise TableError(
                f"Both {columns} could be {ROLES[role]}. Remove one of them from the export and try again."
            )


def _refusal(best: Layout, missing: list[tuple[str, ...]], first: Line) -> list[str]:
    header = best.header if best.columns else first
    columns = ", ".join(f"“{cell}”" for cell in header.cells if cell)
    if len(header.cells) == 1:
        return [
            "All of it is in one column: it is not separated by commas, semicolons or tabs.",
            f"First row: {columns}.",
        ]
    lacking = "; ".join(_describe_role(best.source, group) for group in missing)
    looks = f" It looks like {best.source.name}." if len(best.columns) > 2 else ""
    return [
        f"This is not a table of deals in a known format.{looks}",
        f"Columns found: {columns}.",
        f"Missing: {lacking}.",
    ]


def _describe_role(source: Source, group: tuple[str, ...]) -> str:
    """The missing role with the header it usually has: 'the deal's id (such as “Opportunity ID”)'."""
    roles = [role for role in group if role in source.headers] or list(group)
    example = next((source.headers[role][0] for role in roles if role in source.headers), "")
    such_as = f" (such as “{example}”)" if example else ""
    return " or ".join(ROLES[role] for role in roles) + such_as
