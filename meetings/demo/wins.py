"""What the demo teams won on which day, so that the gap runs the way the story goes.

Pure, in whole dollars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from alignment.rules.periods import quarter_of
from deals.rules.revenue import standing
from meetings.demo.days import Calendar

BIG_FROM, MID_FROM, SMALLEST = 80_000, 20_000, 5_000


@dataclass(frozen=True, slots=True)
class Win:
    day: date
    amount: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which something may be won, and the day on which the gap is then looked at."""

    first: date
    last: date
    judged_on: date
    is_last: bool = False  # the one the story ends with: it holds a big win


Share = Callable[[date], Decimal]
"""What part of the goal to date is missing (below zero) or more than won on a day."""


def wins(
    stretches: Sequence[Stretch],
    *,
    goals: Mapping[date, Decimal],
    calendar: Calendar,
    share: Share,
    rng: Random,
) -> list[Win]:
    """Wins that bring the quarter's gap, stretch by stretch, to `share` of its goal to date."""
    won: list[Win] = []
    for stretch in _inside_quarters(stretches):
        start = quarter_of(stretch.judged_on, first_month=1).start
        due = standing(
            quarter_of(stretch.judged_on, first_month=1),
            today=stretch.judged_on,
            goals=goals,
            actuals={},
            holidays=calendar.off,
        ).goal_to_date or Decimal(0)
        got = sum(win.amount for win in won if win.day >= start)
        missing = int(due * (1 + share(stretch.judged_on))) - got
        days = calendar.days(stretch.first, stretch.last) or [stretch.last]
        won += [Win(rng.choice(days), amount) for amount in amounts(missing, rng, is_last=stretch.is_last)]
    return sorted(won, key=lambda win: win.day)


def amounts(total: int, rng: Random, *, is_last: bool = False) -> Iterator[int]:
    """Orders of every size that add up to about `total`; at least a small one."""
    if is_last:
        least = 82_000 + rng.randrange(0, 14_000, 500)
        big = min(max(int(total * 0.6) // 1_000 * 1_000, least), 190_000)
        total -= big
        yield big
    elif total > 170_000 and rng.random() < 0.55:
        big = rng.randrange(BIG_FROM, min(390_000, int(total * 0.75)), 1_000)
        total -= big
        yield big
    while total > 60_000:
        mid = rng.randrange(MID_FROM, min(79_000, total), 500)
        total -= mid
        yield mid
    while total > SMALLEST * 2:
        small = min(rng.randrange(SMALLEST, MID_FROM - 500, 50), total)
        total -= small
        yield small
    if total > SMALLEST // 5:
        yield max(total // 50 * 50, SMALLEST)


def _inside_quarters(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """The same days, with a stretch over the end of a quarter cut in two."""
    for stretch in stretches:
        starts = quarter_of(stretch.judged_on, first_month=1).start
        before = starts - timedelta(days=1)
        if stretch.first < starts:
            yield Stretch(stretch.first, min(stretch.last, before), before, stretch.is_last)
        if stretch.last >= starts:
            yield Stretch(
                max(stretch.first, starts),
                stretch.last,
                stretch.judged_on,
                stretch.is_last and stretch.first >= starts,
            )
