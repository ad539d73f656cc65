"""A team's history in columns of weeks: which weeks, the goal in them, and on whose side something was. Pure.

Days are those of the team's own zone; the caller turns moments into days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from alignment.rules.percentages import whole_per_cent
from alignment.rules.periods import (
    RECENT_WEEKS,
    WEEKS_OF_YEAR,
    Period,
    business_days,
    month_of,
    months_in,
    weeks_back,
)
from alignment.rules.roles import PRINCIPAL_ROLES, PRINCIPAL_SIDES
from meetings.rules.misses import Fault
from meetings.rules.outcomes import Outcome

SPANS = (RECENT_WEEKS, WEEKS_OF_YEAR)
"""Over how many weeks a history may be read."""
COLUMNS = RECENT_WEEKS
"""Whatever the span, it is read in so many columns: of one week, or of four."""
LEAST_DECIDED = 10
"""Below so many cases no percentage is given."""
CENT = Decimal("0.01")


def columns_back(today: date, *, weeks: int) -> tuple[Period, ...]:
    """The `weeks` up to the one of `today` as 13 columns, the oldest first. Raises ValueError where they do not go
    into 13."""
    if weeks % COLUMNS:
        raise ValueError(f"{weeks} weeks do not go into {COLUMNS} columns.")
    every, size = weeks_back(today, count=weeks), weeks // COLUMNS
    return tuple(
        Period(every[first].start, every[first + size - 1].end, every[first].label)
        for first in range(0, weeks, size)
    )


def position_of(day: date, columns: Sequence[Period]) -> int | None:
    """In which column the day lies; None for a day outside."""
    size = columns[0].days
    position = (day - columns[0].start).days // size
    return position if 0 <= position < len(columns) else None


def goal_within(period: Period, goals: Mapping[date, Decimal]) -> Decimal | None:
    """The goal of these days: of each month the share that its Mondays to Fridays in them have. `goals` by the first
    day of their month; None where one of the months has none."""
    total = Decimal(0)
    for first in months_in(period):
        goal, month = goals.get(first), month_of(first)
        if goal is None:
            return None
        start, end = max(period.start, month.start), min(period.end, month.end)
        part = business_days(start, end, holidays=())
        total += goal * part / business_days(month.start, month.end, holidays=())
    return total.quantize(CENT)


@dataclass(frozen=True, slots=True)
class Term:
    """Who had a seat on the team from when until when, its last day counted; `until` is None while they have it."""

    user: int
    name: str
    role: str
    side: str
    since: date
    until: date | None = None

    def is_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def overlaps(self, period: Period) -> bool:
        return self.since <= period.end and (self.until is None or self.until >= period.start)


def side_on(terms: Iterable[Term], user: int | None, day: date) -> str:
    """For which side this person spoke on that day: "ceo" or "leader"; empty for anybody else."""
    sides = (term.side for term in terms if term.user == user and term.is_on(day))
    return next((side for side in sides if side in PRINCIPAL_SIDES), "")


def holders_in(terms: Iterable[Term], role: str, period: Period) -> tuple[str, ...]:
    """Who was the CEO or the sales leader in these days, one after the other."""
    in_order = sorted(
        (term for term in terms if term.role == role and term.overlaps(period)), key=lambda term: term.since
    )
    return tuple(dict.fromkeys(term.name for term in in_order))


@dataclass(frozen=True, slots=True)
class SeatChange:
    """A principal's seat that somebody took from somebody else."""

    day: date
    role: str
    name: str
    predecessor: str


def seat_changes(terms: Sequence[Term], period: Period) -> tuple[SeatChange, ...]:
    """Those within the days, the oldest first. A team's first CEO and sales leader follow nobody."""
    changes: list[SeatChange] = []
    for role in PRINCIPAL_ROLES:
        in_order = sorted((term for term in terms if term.role == role), key=lambda term: term.since)
        changes += [
            SeatChange(term.since, role, term.name, before.name)
            for before, term in pairwise(in_order)
            if period.contains(term.since) and before.user != term.user
        ]
    return tuple(sorted(changes, key=lambda change: change.day))


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of so many cases."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.part + other.part, self.whole + other.whole)

    @property
    def per_cent(self) -> int | None:
        """None below ten cases."""
        return whole_per_cent(self.part, self.whole) if self.whole >= LEAST_DECIDED else None

    @property
    def in_words(self) -> str:
        """ "9 of 12 (75%)", "3 of 4", "none due"."""
        if not self.whole:
            return "none"
        share = f" ({self.per_cent}%)" if self.per_cent is not None else ""
        return f"{self.part} of {self.whole}{share}"


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """What became of one meeting. `moved_by` are the sides that moved it, of one that was held or missed at another
    time than planned."""

    id: int
    day: date
    outcome: Outcome
    fault: str = ""
    is_moved: bool = False
    moved_by: frozenset[str] = frozenset()

    @property
    def missed_by(self) -> frozenset[str]:
        """Whose miss it was: one side, both, or nobody's where that is not known."""
        is_known = self.outcome == Outcome.MISSED and self.fault
        return Fault(self.fault).sides if is_known else frozenset()
