"""How long a win usually takes, and from how many cases on that may be said. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from statistics import median

LEAST_DECIDED = 10
"""Below so many decided deals no percentage and no median is given."""


def usual_days(spans: Iterable[tuple[date | None, date | None]]) -> int | None:
    """The median of the days from the beginning of a deal to its win, half a day rounded up; `spans` are these two.

    None for fewer than ten, and where most were entered on the day they were won: that is when they were typed.
    """
    days = [(won - began).days for began, won in spans if began and won and began <= won]
    usual = int(median(days) + 0.5) if len(days) >= LEAST_DECIDED else 0
    return usual or None
