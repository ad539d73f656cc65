"""Leading measures: whether a week is on or off its target, and when a measure is off often enough to talk about. Pure.

A week is judged once it has ended: what is still being counted is not short of anything. A week without a value is
neither on nor off, and so is one that began before the measure was agreed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from alignment.rules.periods import RECENT_WEEKS, Period, week_of, weeks_back

WEEKS = RECENT_WEEKS
"""So many weeks stand on the page, this one the last of them."""
OFF_WEEKS, OFF_OF = 3, 4
"""Off in three of the last four weeks: worth an issue."""
MOST_LEADING, LEAST_COUNTED = 5, 2
"""A team agrees on at most five; at least two are counted and not typed."""


class Direction(StrEnum):
    """Which side of its target is good. The target itself is on target."""

    UP = "up"
    DOWN = "down"

    @property
    def word(self) -> str:
        return "at least" if self == Direction.UP else "at most"


DIRECTIONS = [(direction.value, direction.word.capitalize()) for direction in Direction]
"""Each with its words, for a model's field."""


def direction_towards(baseline: Decimal | None, target: Decimal | None) -> Direction:
    """Down where the target is below where it began, else up."""
    is_down = baseline is not None and target is not None and target < baseline
    return Direction.DOWN if is_down else Direction.UP


class Standing(StrEnum):
    ON = "on"
    OFF = "off"
    UNKNOWN = ""


class Trend(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNKNOWN = ""


def standing_of(value: Decimal | None, target: Decimal | None, direction: Direction) -> Standing:
    if value is None or target is None:
        return Standing.UNKNOWN
    is_on = value >= target if direction == Direction.UP else value <= target
    return Standing.ON if is_on else Standing.OFF


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a measure. `standing` is UNKNOWN while the week runs, and before the measure was agreed."""

    period: Period
    value: Decimal | None
    standing: Standing
    is_running: bool

    @property
    def is_off(self) -> bool:
        return self.standing == Standing.OFF

    @property
    def is_on(self) -> bool:
        return self.standing == Standing.ON


def weeks_of(
    values: Mapping[date, Decimal],
    *,
    target: Decimal | None,
    direction: Direction,
    agreed_on: date,
    today: date,
    count: int = WEEKS,
) -> tuple[Week, ...]:
    """The last weeks, the oldest first. `values` are keyed by the Monday; a counted measure has one for each week."""
    return tuple(
        judge_week(
            period,
            values.get(period.start),
            target=target,
            direction=direction,
            agreed_on=agreed_on,
            today=today,
        )
        for period in weeks_back(today, count=count)
    )


def judge_week(
    period: Period,
    value: Decimal | None,
    *,
    target: Decimal | None,
    direction: Direction,
    agreed_on: date,
    today: date,
) -> Week:
    is_running = period.end >= today
    is_judged = not is_running and period.start >= agreed_on
    standing = standing_of(value, target, direction) if is_judged else Standing.UNKNOWN
    return Week(period, value, standing, is_running)


def weeks_off(weeks: Sequence[Week], *, after: date | None = None) -> tuple[Week, ...]:
    """The weeks that are off among the last four that have ended, if they are three or more; else none.

    `after`: only weeks that began later, because what was before is settled.
    """
    ended = [week for week in weeks if not week.is_running][-OFF_OF:]
    if len(ended) < OFF_OF or (after is not None and ended[0].period.start <= after):
        return ()
    off = tuple(week for week in ended if week.is_off)
    return off if len(off) >= OFF_WEEKS else ()


def trend_of(weeks: Sequence[Week], direction: Direction) -> Trend:
    """The mean of the last four ended weeks against the mean of the four before; unknown unless all eight have a
    value.
    """
    ended = [week.value for week in weeks if not week.is_running][-2 * OFF_OF :]
    known = [value for value in ended if value is not None]
    if len(known) < 2 * OFF_OF:
        return Trend.UNKNOWN
    before, lately = sum(known[:OFF_OF]), sum(known[OFF_OF:])
    if before == lately:
        return Trend.SAME
    return Trend.BETTER if (lately > before) == (direction == Direction.UP) else Trend.WORSE


def count_by_week(days: Iterable[date]) -> dict[date, Decimal]:
    """How many of the days lie in each week, by its Monday."""
    return {monday: Decimal(number) for monday, number in Counter(week_of(day).start for day in days).items()}


def last_ended_week(today: date) -> Period:
    return week_of(week_of(today).start - timedelta(days=1))
