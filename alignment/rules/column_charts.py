"""Charts of a history in columns, each of which opens its rows: where bars, goals and marks stand. Pure; no markup.

Every column is a picture of its own, so that a finger meets it and a screen reader says it. Heights are pixels,
widths a share of the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

ZERO = Decimal(0)
HEIGHT = 72
LOW_HEIGHT = 40
MARK_STEP = 20
"""Pixels from one mark of a stack to the next."""


class Segment(NamedTuple):
    """Part of a column: its kind and its amount. Those of one column stand on each other."""

    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Column:
    """One column of bars. `label` is what it shows, in words; `path` where its rows are listed, empty for nowhere.
    `target` is a line across it; `has_change` draws a line before it.
    """

    label: str
    segments: tuple[Segment, ...]
    path: str = ""
    target: Decimal | None = None
    has_change: bool = False

    @property
    def top(self) -> Decimal:
        return sum((max(segment.amount, ZERO) for segment in self.segments), ZERO)

    @property
    def bottom(self) -> Decimal:
        return sum((min(segment.amount, ZERO) for segment in self.segments), ZERO)


class Bar(NamedTuple):
    kind: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class ColumnPicture:
    """A column as it is drawn."""

    label: str
    path: str
    bars: tuple[Bar, ...]
    target_y: int | None
    has_change: bool


@dataclass(frozen=True)
class ColumnChart:
    """Columns of bars on one scale, the oldest first; there is at least one."""

    columns: Sequence[Column]
    height: int = HEIGHT

    @property
    def base_y(self) -> int:
        return self._y(ZERO)

    @cached_property
    def pictures(self) -> tuple[ColumnPicture, ...]:
        return tuple(
            ColumnPicture(
                label=column.label,
                path=column.path,
                bars=self._bars(column),
                target_y=None if column.target is None else self._y(column.target),
                has_change=column.has_change,
            )
            for column in self.columns
        )

    def _bars(self, column: Column) -> tuple[Bar, ...]:
        bars, top, bottom = [], ZERO, ZERO
        for kind, amount in column.segments:
            if amount > 0:
                bars.append(self._bar(kind, top, top + amount))
                top += amount
            elif amount < 0:
                bars.append(self._bar("below", bottom + amount, bottom))
                bottom += amount
        return tuple(bars)

    def _bar(self, kind: str, low: Decimal, high: Decimal) -> Bar:
        y = self._y(high)
        return Bar(kind, y, max(self._y(low) - y, 1))

    def _y(self, amount: Decimal) -> int:
        low, top = self._range
        return round((self.height - 2) - (amount - low) / (top - low) * (self.height - 4))

    @cached_property
    def _range(self) -> tuple[Decimal, Decimal]:
        tops = [max(column.top, column.target or ZERO) for column in self.columns]
        return min(ZERO, *(column.bottom for column in self.columns)), max(Decimal(1), *tops)


class Mark(NamedTuple):
    """One sign in a stack: its kind, and letters under it that say more."""

    kind: str
    letters: str = ""


@dataclass(frozen=True, slots=True)
class MarkColumn:
    """One stack of marks, the oldest at the bottom."""

    label: str
    marks: tuple[Mark, ...]
    path: str = ""
    has_change: bool = False


class MarkPicture(NamedTuple):
    kind: str
    y: int
    letters: str
    letters_y: int


@dataclass(frozen=True, slots=True)
class StackPicture:
    label: str
    path: str
    marks: tuple[MarkPicture, ...]
    has_change: bool


@dataclass(frozen=True)
class MarkChart:
    """Stacks of marks, the oldest first; there is at least one."""

    columns: Sequence[MarkColumn]

    @property
    def height(self) -> int:
        return MARK_STEP * max(1, *(len(column.marks) for column in self.columns)) + 4

    @property
    def base_y(self) -> int:
        return self.height - 1

    @property
    def kinds(self) -> tuple[str, ...]:
        """Those that are there, in the order in which they first appear."""
        return tuple(dict.fromkeys(mark.kind for column in self.columns for mark in column.marks))

    @cached_property
    def pictures(self) -> tuple[StackPicture, ...]:
        return tuple(
            StackPicture(column.label, column.path, self._marks(column), column.has_change)
            for column in self.columns
        )

    def _marks(self, column: MarkColumn) -> tuple[MarkPicture, ...]:
        places = (self.height - 2 - MARK_STEP * number for number in range(1, len(column.marks) + 1))
        return tuple(
            MarkPicture(mark.kind, y, mark.letters, y + MARK_STEP - 2)
            for y, mark in zip(places, column.marks, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Forecasted:
    """What was called for a period at two points, and what was achieved; None where it is not known."""

    actual: Decimal
    first: Decimal | None
    second: Decimal | None
    goal: Decimal | None


@dataclass(frozen=True)
class ForecastBar:
    """One period as a bar of what was achieved, with the two calls and the goal as marks; in per cent of the width
    that `top` has, which all periods of a chart share."""

    values: Forecasted
    top: Decimal

    @property
    def width(self) -> str:
        return self._at(max(self.values.actual, ZERO))

    @property
    def first_at(self) -> str:
        return "" if self.values.first is None else self._at(self.values.first)

    @property
    def second_at(self) -> str:
        return "" if self.values.second is None else self._at(self.values.second)

    @property
    def goal_at(self) -> str:
        return "" if self.values.goal is None else self._at(self.values.goal)

    def _at(self, amount: Decimal) -> str:
        share = min(amount / self.top, Decimal(1)) * 98 if self.top > 0 else ZERO
        return f"{share:.2f}%"


def top_of(rows: Sequence[Forecasted]) -> Decimal:
    """The largest amount of all rows, and so the width of their chart."""
    known = [
        amount
        for row in rows
        for amount in (row.actual, row.first, row.second, row.goal)
        if amount is not None
    ]
    return max([*known, Decimal(1)])
