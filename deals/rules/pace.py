"""How a team's quarter usually comes in, and when the gap is news. Pure; money as Decimal.

A shape is the share of a quarter's revenue that each of its three months brings: a team that closes its business in
the third month is not behind in the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from statistics import median
from typing import NamedTuple

from alignment.rules.periods import Period, months_in, quarter_of

LEAST_QUARTERS, MOST_QUARTERS = 4, 8
"""A shape is made of so many past quarters."""
LEAST_WINS = 10
"""A quarter with fewer entries of revenue is no guide."""
ON_PACE = Decimal("0.05")
"""A gap within this share of the goal is on pace."""
NEWS = Decimal("0.02")
"""A change of the gap within this share of the goal is no news."""
NOTHING, ALL = Decimal(0), Decimal(1)


class MonthWon(NamedTuple):
    """What one month brought, and in how many entries."""

    amount: Decimal
    wins: int


@dataclass(frozen=True, slots=True)
class Shape:
    """`quarters` is how many past quarters it is made of, `months` the share each month brings; together 1."""

    quarters: int
    months: tuple[Decimal, Decimal, Decimal]

    def weights(self, quarter: Period) -> dict[date, Decimal]:
        return dict(zip(months_in(quarter), self.months, strict=True))


def shape_of(won: Mapping[date, MonthWon], quarter: Period, *, first_month: int) -> Shape | None:
    """The shape by the quarters before `quarter`; None without enough of them. `won` is keyed by months."""
    past = [
        shares
        for months in (months_in(before) for before in quarters_before(quarter, first_month=first_month))
        if (shares := _shares(won.get(month, MonthWon(NOTHING, 0)) for month in months)) is not None
    ]
    if len(past) < LEAST_QUARTERS:
        return None
    by_first, by_second = (median(shares[number] for shares in past) for number in (0, 1))
    return Shape(len(past), (by_first, by_second - by_first, ALL - by_second))


@cache  # the same for nearly all teams of a page
def quarters_before(quarter: Period, *, first_month: int) -> tuple[Period, ...]:
    """The past quarters that a shape looks at, the newest first."""
    quarters = []
    for _ in range(MOST_QUARTERS):
        last_day = date.fromordinal(quarter.start.toordinal() - 1)
        quarter = quarter_of(last_day, first_month=first_month)
        quarters.append(quarter)
    return tuple(quarters)


def sum_months(won: Mapping[date, MonthWon], period: Period) -> Decimal:
    """What was won in the months of the period, the one in which it begins counted as a whole."""
    months = months_in(replace(period, start=period.start.replace(day=1)))
    return sum((won[month].amount for month in months if month in won), NOTHING)


def history(quarter: Period, *, first_month: int) -> tuple[date, date]:
    """The first and the last day of the quarters that a shape looks at."""
    newest, *_, oldest = quarters_before(quarter, first_month=first_month)
    return oldest.start, newest.end


def _shares(months: Iterable[MonthWon]) -> tuple[Decimal, Decimal] | None:
    """The shares won by the end of the first and of the second month; None where the quarter is no guide."""
    won = list(months)
    total = sum((month.amount for month in won), NOTHING)
    if sum(month.wins for month in won) < LEAST_WINS or any(month.amount < 0 for month in won) or not total:
        return None
    return won[0].amount / total, (won[0].amount + won[1].amount) / total


def is_on_pace(gap: Decimal, goal: Decimal) -> bool:
    return abs(gap) <= goal * ON_PACE


def change_of_gap(gap: Decimal, before: Decimal, *, goal: Decimal, due: Decimal) -> str:
    """Whether the gap "grew", "shrank", or neither (empty), since it was `before`; `due` is what was due since.

    It grew only because less was won than was due. A gap that is larger because a goal was raised is not news.
    """
    change = before - gap
    if NOTHING < goal * NEWS < change <= due:
        return "grew"
    return "shrank" if -change > goal * NEWS else ""
