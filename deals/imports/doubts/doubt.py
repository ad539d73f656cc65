"""What questions are made from, and how they quote rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from deals.imports.answers import Answers
from deals.imports.columns import Layout
from deals.imports.questions import SampleRow
from deals.imports.survey import Named, Survey
from deals.tables.questions import SHOWN_ROWS


@dataclass(frozen=True, slots=True)
class Doubt:
    """A survey and the answers so far. `currency` is the company's; `unclear_amounts` can be read in two ways."""

    layout: Layout
    survey: Survey
    answers: Answers
    currency: str
    unclear_amounts: list[tuple[int, str]] = field(default_factory=list)

    @property
    def unread_columns(self) -> tuple[tuple[str, str], ...]:
        """As choices."""
        taken = set(self.layout.columns.values())
        return tuple((key, key) for at, key in enumerate(self.layout.keys) if at not in taken)


def quoted(named: Named | None) -> tuple[SampleRow, ...]:
    """Their first rows, by number: the cells come later."""
    return numbered(named.rows if named else ())


def numbered(numbers: Iterable[int]) -> tuple[SampleRow, ...]:
    return tuple(SampleRow(number, ()) for number in sorted(set(numbers))[:SHOWN_ROWS])


def counted(named: Named) -> str:
    return "1 row" if named.count == 1 else f"{named.count:,} rows"
