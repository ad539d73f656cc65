"""The quarter on one page: its parts, who reads which, who held the seats when, and the deals that are named. Pure.

Days are those of the team's own zone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

from alignment.rules.call_periods import CallPeriod
from alignment.rules.percentages import whole_per_cent
from alignment.rules.periods import Period
from meetings.rules.calls import CalledDays, Point, point_days
from meetings.rules.team_history import Term

MOST_DEALS = 3
"""So many wins are named, and so many losses."""
MOST_DECISIONS = 8
"""More would not leave the page one sheet."""
A_DAY = timedelta(days=1)


class Part(StrEnum):
    """In the order of the page."""

    RESULT = "result"
    SIZES = "sizes"
    COMMITTED = "committed"
    CALLS = "calls"
    DEALS = "deals"
    COMMITMENTS = "commitments"
    DECISIONS = "decisions"
    AGREEMENT = "agreement"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Part.RESULT: "Goal and result",
    Part.SIZES: "Won by size",
    Part.COMMITTED: "What we committed and what came",
    Part.CALLS: "The call against the result",
    Part.DEALS: "Wins and losses",
    Part.COMMITMENTS: "Commitments done in time",
    Part.DECISIONS: "Decisions",
    Part.AGREEMENT: "What is agreed for the next quarter",
}
EVERY_PART = tuple(Part)
"""What others read until the CEO says otherwise: the team's other pages say all of it already."""


def known_parts(names: Iterable[object]) -> tuple[Part, ...]:
    """Stored names as parts, in the order of the page; what is none is left out."""
    stored = set(map(str, names))
    return tuple(part for part in Part if part in stored)


def readable_parts(opened: Collection[Part], *, is_principal: bool) -> tuple[Part, ...]:
    """All of them for the CEO and the sales leader, for everybody else what is open."""
    return tuple(part for part in Part if is_principal or part in opened)


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """Who had a seat in the quarter; `since` and `until` only where they had it for a part of it."""

    name: str
    since: date | None = None
    until: date | None = None


def held_seats(terms: Iterable[Term], role: str, quarter: Period) -> tuple[HeldSeat, ...]:
    """Who was the CEO, or the sales leader, one after the other. Somebody who took the seat again the day after they
    left it never left."""
    in_order = sorted(
        (term for term in terms if term.role == role and term.overlaps(quarter)), key=lambda term: term.since
    )
    joined: list[Term] = []
    for term in in_order:
        last = joined[-1] if joined else None
        if last and last.user == term.user and last.until and term.since <= last.until + A_DAY:
            joined[-1] = replace(last, until=term.until)
        else:
            joined.append(term)
    return tuple(
        HeldSeat(
            term.name,
            term.since if term.since > quarter.start else None,
            term.until if term.until is not None and term.until < quarter.end else None,
        )
        for term in joined
    )


class Result(NamedTuple):
    """What counts for the goal of a quarter, as far as it has come."""

    goal: Decimal | None
    actual: Decimal

    @property
    def share(self) -> int | None:
        """Of the goal, in whole per cent; None without a goal above zero."""
        return whole_per_cent(self.actual, self.goal) if self.goal and self.goal > 0 else None

    @property
    def difference(self) -> Decimal | None:
        """Above zero: more than the goal."""
        return None if self.goal is None else self.actual - self.goal

    @property
    def left(self) -> Decimal:
        """What is missing to the goal; nothing where it is reached, or there is none."""
        return max(-(self.difference or Decimal(0)), Decimal(0))


class DecidedDeal(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def amount(self) -> Decimal | None: ...


AnyDeal = TypeVar("AnyDeal", bound=DecidedDeal)


def largest(deals: Iterable[AnyDeal], status: str) -> tuple[AnyDeal, ...]:
    """The three largest that were won, or lost; those without an amount last."""
    rows = [deal for deal in deals if deal.status == status]
    return tuple(sorted(rows, key=lambda deal: (-(deal.amount or Decimal(0)), deal.pk))[:MOST_DEALS])


def belongs_to(period: Period, quarter: Period) -> bool:
    """A period that was called or committed is on the page of the quarter in which it ends, also where the fiscal year
    has been moved since and its days are no quarter any more."""
    return quarter.contains(period.end)


def compared_points(period: Period, *, today: date) -> Sequence[Point]:
    """At which points a call is compared with the result: of a month one, of a quarter three. A point is over once its
    day has begun."""
    is_month = CalledDays(period.start, period.end).kind == CallPeriod.MONTH
    points = (Point.TWO_THIRDS,) if is_month else tuple(Point)
    days = point_days(period)
    return [point for point in points if days[point] <= today]
