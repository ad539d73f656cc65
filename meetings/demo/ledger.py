"""What the demo teams won on which day, so that the gap runs the way the story goes. Pure, in whole dollars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from alignment.periods import quarter_of
from deals.revenue import standing
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
    telling: bool = False  # the one the story ends with: it holds a big win


Share = Callable[[date], Decimal]
"""What part of the goal to date is missing (below zero) or more than won on a day."""


def wins(
    stretches: Sequence[Stretch], *, goals: Mapping[date, Decimal], calendar: Calendar, share: Share, rng: Random
) -> list[Win]:  # fmt: skip
    """Wins that bring the quarter's gap, stretch by stretch, to `share` of its goal to date."""
    won: list[Win] = []
    for stretch in _inside_quarters(stretches):
        start = quarter_of(stretch.judged_on, first_month=1).start
        due = standing(
            quarter_of(stretch.judged_on, first_month=1), today=stretch.judged_on, goals=goals, actuals={}, holidays=calendar.off
        ).goal_to_date or Decimal(0)  # fmt: skip
        got = sum(win.amount for win in won if win.day >= start)
        wanted = int(due * (1 + share(stretch.judged_on))) - got
        days = calendar.days(stretch.first, stretch.last) or [stretch.last]
        won += [Win(rng.choice(days), amount) for amount in amounts(wanted, rng, telling=stretch.telling)]
    return sorted(won, key=lambda win: win.day)


def amounts(wanted: int, rng: Random, *, telling: bool = False) -> Iterator[int]:
    """Orders of every size that add up to about `wanted`; at least a small one."""
    if telling:
        least = 82_000 + rng.randrange(0, 14_000, 500)
        big = min(max(int(wanted * 0.6) // 1_000 * 1_000, least), 190_000)
        wanted -= big
        yield big
    elif wanted > 170_000 and rng.random() < 0.55:
        big = rng.randrange(BIG_FROM, min(390_000, int(wanted * 0.75)), 1_000)
        wanted -= big
        yield big
    while wanted > 60_000:
        mid = rng.randrange(MID_FROM, min(79_000, wanted), 500)
        wanted -= mid
        yield mid
    while wanted > SMALLEST * 2:
        small = min(rng.randrange(SMALLEST, MID_FROM - 500, 50), wanted)
        wanted -= small
        yield small
    if wanted > SMALLEST // 5:
        yield max(wanted // 50 * 50, SMALLEST)


def _inside_quarters(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """The same days, with a stretch over the end of a quarter cut in two."""
    for each in stretches:
        starts = quarter_of(each.judged_on, first_month=1).start
        before = starts - timedelta(days=1)
        if each.first < starts:
            yield Stretch(each.first, min(each.last, before), before, each.telling)
        if each.last >= starts:
            yield Stretch(
                max(each.first, starts), each.last, each.judged_on, each.telling and each.first >= starts
            )
