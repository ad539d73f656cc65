"""Counts of the rows that hold figures:
they keep their numbers when the currency or the fiscal year changes.

Each app registers its own kinds of rows in its registry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alignment.models import Company, Goal

Count = Callable[[Company], int]


@dataclass(frozen=True, slots=True)
class Kind:
    """`closed`: it records what was true on its day and never changes."""

    one: str
    several: str
    count: Count
    closed: bool

    def in_words(self, number: int) -> str:
        return f"{number:,} {self.one if number == 1 else self.several}"


KINDS: dict[str, Kind] = {}


def holds(one: str, several: str, *, closed: bool = False) -> Callable[[Count], Count]:
    """Register the function that counts one kind of row."""

    def register(count: Count) -> Count:
        KINDS[one] = Kind(one, several, count, closed)
        return count

    return register


def held(company: Company, *, closed: bool) -> str:
    """A list in words such as "24 goals, 310 revenue entries and 12 deals"; empty if there are none."""
    counts = [
        kind.in_words(number)
        for kind in KINDS.values()
        if kind.closed == closed and (number := kind.count(company))
    ]
    return " and ".join(filter(None, (", ".join(counts[:-1]), *counts[-1:])))


@holds("goal", "goals")
def goals(company: Company) -> int:
    return Goal.objects.filter(team__company=company).count()
