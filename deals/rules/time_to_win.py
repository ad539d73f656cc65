"""How long a win usually takes, and from how many cases on that may be said. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median

LEAST_DECIDED = 10
"""Below so many decided deals no percentage and no median is given."""
LEAST_AS_OLD = 5
"""Fewer wins that took as long as a deal is old do not say how much longer it takes."""
Spans = Iterable[tuple[date | None, date | None]]
"""When deals began, and when they were won."""


def usual_days(spans: Spans) -> int | None:
    """The median of the days from the beginning of a deal to its win, half a day rounded up.

    None for fewer than ten, and where most were entered on the day they were won: that is when they were typed.
    """
    return median_days(days_taken(spans))


def days_taken(spans: Spans) -> list[int]:
    """The days that each win took, the shortest first."""
    return sorted((won - began).days for began, won in spans if began and won and began <= won)


def median_days(days: Sequence[int]) -> int | None:
    usual = int(median(days) + 0.5) if len(days) >= LEAST_DECIDED else 0
    return usual or None


def days_to_go(days: Sequence[int], age: int) -> int | None:
    """How much longer a deal of this age takes, if it is won: the median of what the wins took that lasted as long as
    it has or longer, less its age. `days` are those of all wins, the shortest first. None where fewer than five did.
    """
    first, last = bisect_left(days, age), len(days) - 1
    if len(days) - first < LEAST_AS_OLD:
        return None
    middle = first + (last - first) // 2, first + (last - first + 1) // 2
    return (days[middle[0]] + days[middle[1]] + 1) // 2 - age
