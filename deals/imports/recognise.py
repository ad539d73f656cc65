"""Which CRM a table comes from and which of its columns is what. Pure. What is not certain is refused in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from deals.imports.read import LOOKED_AT, BadFile, Line
from deals.imports.sources import NEEDED, ROLES, SOURCES, Source


@dataclass(frozen=True, slots=True)
class Layout:
    """A recognised table: `columns` tells the place of each role found, `header` is the line of the headers."""

    source: Source
    columns: dict[str, int]
    header: Line

    def cell(self, line: Line, role: str) -> str:
        """The text in the role's column; empty when there is no such column."""
        place = self.columns.get(role)
        return line.cells[place] if place is not None and place < len(line.cells) else ""

    @property
    def named(self) -> dict[str, str]:
        """Role → the header it was found under."""
        return {role: self.header.cells[place] for role, place in self.columns.items()}

    @property
    def unused(self) -> list[str]:
        used = set(self.columns.values())
        return [cell for place, cell in enumerate(self.header.cells) if cell and place not in used]

    def header_of(self, *roles: str) -> str:
        """The header under which the first of the roles found stands."""
        return next((self.named[role] for role in roles if role in self.columns), "")


def recognise(table: Sequence[Line]) -> Layout:
    """The layout of a table of deals. Raises BadFile naming the columns found and what is missing or double."""
    guesses = [_match(source, line) for line in table[:LOOKED_AT] for source in SOURCES]
    best = max(guesses, key=lambda layout: (not _missing(layout), len(layout.columns)))
    missing = _missing(best)
    if missing or not best.columns:
        raise BadFile(*_refusal(best, missing, table[0]))
    _refuse_doubles(best)
    return best


def plain(header: str) -> str:
    """A header as it is compared: small letters, single blanks."""
    text = unicodedata.normalize("NFKC", header).strip("\ufeff\"'“”").replace("_", " ")
    return " ".join(text.split()).casefold()


def _match(source: Source, line: Line) -> Layout:
    headers = [plain(cell) for cell in line.cells]
    places = {
        role: headers.index(name)
        for role, names in source.headers.items()
        for name in reversed(names)
        if name in headers
    }
    return Layout(source, places, line)


def _missing(layout: Layout) -> list[tuple[str, ...]]:
    return [group for group in NEEDED if not any(role in layout.columns for role in group)]


def _refuse_doubles(layout: Layout) -> None:
    headers = [plain(cell) for cell in layout.header.cells]
    for role, names in layout.source.headers.items():
        found = [cell for cell, header in zip(layout.header.cells, headers, strict=True) if header in names]
        if len(found) > 1:
            columns = " and ".join(f"“{cell}”" for cell in found)
            raise BadFile(
                f"Both {columns} could be {ROLES[role]}. Leave one of them out of the export and try again."
            )


def _refusal(best: Layout, missing: list[tuple[str, ...]], first: Line) -> list[str]:
    header = best.header if best.columns else first
    found = ", ".join(f"“{cell}”" for cell in header.cells if cell)
    lacking = "; ".join(_wanted(best.source, group) for group in missing)
    looks = f" It looks like {best.source.name}." if len(best.columns) > 2 else ""
    return [
        f"This is not a table of deals we know.{looks}",
        f"Columns found: {found}.",
        f"Missing: {lacking}.",
    ]


def _wanted(source: Source, group: tuple[str, ...]) -> str:
    """The missing role with the header it usually has: 'the deal's id (such as “Opportunity ID”)'."""
    roles = [role for role in group if role in source.headers] or list(group)
    example = next((source.headers[role][0] for role in roles if role in source.headers), "")
    such_as = f" (such as “{example}”)" if example else ""
    return " or ".join(ROLES[role] for role in roles) + such_as
