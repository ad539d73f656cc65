"""Columns of a grouped report: a value stands once, in the first row of its group. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from deals.tables.csv_reader import Line

FIRST_COLUMNS = 3
"""Where a report groups by: the columns that stand first."""
MOST_GROUPS = 5_000
_ROWS_TO_ASK = 6


@dataclass(slots=True)
class _Column:
    values: set[str] = field(default_factory=set)
    rows: int = 0
    blanks: int = 0
    behind_sums: int = 0
    is_possible: bool = True

    def add(self, cell: str, *, is_behind_sum: bool) -> None:
        self.rows += 1
        if not cell:
            self.blanks += 1
            self.is_possible = self.is_possible and bool(self.values)
        elif cell in self.values or len(self.values) > MOST_GROUPS:
            self.is_possible = False
        else:
            self.behind_sums += is_behind_sum and bool(self.values)
            self.values.add(cell)

    @property
    def has_groups(self) -> bool:
        return self.is_possible and self.blanks > 0


@dataclass(slots=True)
class GroupEvidence:
    """What the first columns show: see `certain` and `possible`."""

    columns: list[_Column] = field(default_factory=lambda: [_Column() for _ in range(FIRST_COLUMNS)])

    def add(self, line: Line, *, is_behind_sum: bool) -> None:
        for at, column in enumerate(self.columns):
            if column.is_possible:
                column.add(line.cells[at] if at < len(line.cells) else "", is_behind_sum=is_behind_sum)

    @property
    def certain(self) -> list[int]:
        """Columns with a sum behind each of several groups: a report wrote them."""
        return [
            at
            for at, column in enumerate(self.columns)
            if column.has_groups and len(column.values) > 1 and column.behind_sums == len(column.values) - 1
        ]

    @property
    def possible(self) -> list[int]:
        """Columns that look so: most of their cells are blank, and no value stands twice."""
        certain = self.certain
        return [
            at
            for at, column in enumerate(self.columns)
            if at not in certain
            and column.has_groups
            and column.rows >= _ROWS_TO_ASK
            and len(column.values) * 2 <= column.rows
            and len(column.values) > 1
        ]


def filled(lines: Iterable[Line], columns: Sequence[int], *, below: int) -> Iterator[Line]:
    """The lines behind the row `below` with each blank of these columns as the row above it has it."""
    latest: dict[int, str] = {}
    for line in lines:
        if line.number <= below:
            yield line
            continue
        cells = list(line.cells)
        for at in columns:
            cells += [""] * (at + 1 - len(cells))
            if cells[at]:
                latest[at] = cells[at]
            cells[at] = latest.get(at, "")
        yield Line(
            line.number, tuple(cells), line.delimiter, max(line.width, len(cells)) if line.width else 0
        )
