"""What a company holds in figures: it all keeps its numbers when the currency or the fiscal year changes.

Each room registers what it keeps; alignment.apps and the others' import the place where they do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alignment.models import Company, Goal

Count = Callable[[Company], int]


@dataclass(frozen=True, slots=True)
class Kind:
    """`closed`: it says what was true on its day, and goes on saying so."""

    one: str
    several: str
    count: Count
    closed: bool

    def in_words(self, number: int) -> str:
        return f"{number:,} {self.one if number == 1 else self.several}"


KINDS: dict[str, Kind] = {}


def holds(one: str, several: str, *, closed: bool = False) -> Callable[[Count], Count]:
    """Register the function that counts one kind."""

    def register(count: Count) -> Count:
        KINDS[one] = Kind(one, several, count, closed)
        return count

    return register


def held(company: Company, *, closed: bool) -> str:
    """ "24 goals, 310 revenue entries and 12 deals"; empty where there is nothing."""
    told = [
        kind.in_words(number)
        for kind in KINDS.values()
        if kind.closed == closed and (number := kind.count(company))
    ]
    return " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))


@holds("goal", "goals")
def goals(company: Company) -> int:
    return Goal.objects.filter(team__company=company).count()
