"""Where the parts of the small charts stand. Pure: amounts, days and outcomes in, places out; no markup.

Places across are percentages of the width, so that bars stretch with the page's column while marks and heights keep
their size in pixels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from alignment.rules.formatting import HasMoneyFormat, compact_apart, number, number_of

ZERO, CENTI = Decimal(0), Decimal("0.01")
DOT_STEP = 11
OUTCOMES = {
    "held": ("held", "held"),
    "missed": ("missed", "missed"),
    "excused": ("excused", "excused"),
    "scheduled": ("ahead", "to come"),
    "in_progress": ("ahead", "in session"),
}
"""State of a meeting → its mark, what it is called."""


@dataclass(frozen=True)
class Bullet:
    """An actual amount against a goal and the goal to date."""

    actual: Decimal
    goal_to_date: Decimal
    goal: Decimal
    height: int

    def describe(self, m: HasMoneyFormat) -> str:
        """What it shows, in words."""
        actual, pace, goal = compact_apart(m, self.actual, self.goal_to_date, self.goal)
        return f"Actual {actual}, goal to date {pace}, goal {goal}"

    @property
    def is_short(self) -> bool:
        return self.actual < self.goal_to_date

    @property
    def missing(self) -> Decimal:
        return self.goal_to_date - self.actual

    @property
    def inset(self) -> int:
        """From the edge of the chart to the bar."""
        return self.height // 4

    @property
    def thickness(self) -> int:
        return self.height - 2 * self.inset

    @cached_property
    def actual_at(self) -> str:
        return f"{self._share(self.actual):.2f}%"

    @cached_property
    def goal_to_date_at(self) -> str:
        return f"{self._share(self.goal_to_date):.2f}%"

    @cached_property
    def goal_at(self) -> str:
        return f"{self._share(self.goal):.2f}%"

    @cached_property
    def missing_width(self) -> str:
        return f"{self._share(self.goal_to_date) - self._share(self.actual):.2f}%"

    def _share(self, amount: Decimal) -> Decimal:
        """Per cent of the width; two decimals, so that what is missing meets the goal to date."""
        top = self._top
        share = max(ZERO, min(amount, top)) / top * 100 if top > 0 else ZERO
        return share.quantize(CENTI)

    @cached_property
    def _top(self) -> Decimal:
        return max(self.actual, self.goal_to_date, self.goal)


@dataclass(frozen=True)
class Columns:
    """Amounts by week, oldest first, the last being this week. There is at least one."""

    weeks: Sequence[tuple[date, Decimal]]
    goal: Decimal | None = None

    @property
    def first_day(self) -> date:
        return self.weeks[0][0]

    @property
    def last_amount(self) -> Decimal:
        return self.weeks[-1][1]

    @property
    def average(self) -> Decimal:
        return sum((amount for _, amount in self.weeks), ZERO) / len(self.weeks)

    @property
    def base_y(self) -> int:
        return self._y(ZERO)

    @property
    def goal_y(self) -> int | None:
        return None if self.goal is None else self._y(self.goal)

    @property
    def paths(self) -> list[tuple[str, str]]:
        """The columns by kind, one path each: across in percent of the width, down in pixels."""
        drawn: dict[str, list[str]] = {}
        for index, (_, amount) in enumerate(self.weeks):
            drawn.setdefault(self._kind(index, amount), []).append(self._column(index, amount))
        return [(kind, "".join(columns)) for kind, columns in drawn.items()]

    def _kind(self, index: int, amount: Decimal) -> str:
        if amount < 0:
            return "below"  # hangs from the base
        return "now" if index == len(self.weeks) - 1 else "past"

    def _column(self, index: int, amount: Decimal) -> str:
        step = 100 / len(self.weeks)
        return f"M{index * step:.2f} {self.base_y}V{self._y(amount)}h{step * 0.72:.2f}V{self.base_y}z"

    def _y(self, amount: Decimal) -> int:
        low, top = self._range
        return round(74 - (amount - low) / (top - low) * 72)

    @cached_property
    def _range(self) -> tuple[Decimal, Decimal]:
        amounts = [amount for _, amount in self.weeks]
        return min(*amounts, ZERO), max(*amounts, self.goal or ZERO, Decimal(1))


@dataclass(frozen=True, slots=True)
class SignedBar:
    """An amount as a bar to the right of the zero line, or below zero to its left; places in per cent of the width."""

    label: str
    amount: Decimal
    tone: str
    path: str
    x: str
    width: str


@dataclass(frozen=True)
class SignedBars:
    """Amounts above and below zero on one scale, each as its label, its amount, its tone and where its rows are listed,
    empty for nowhere.
    """

    amounts: Sequence[tuple[str, Decimal, str, str]]

    @property
    def zero(self) -> str:
        return f"{self._zero:.2f}%"

    @property
    def bars(self) -> list[SignedBar]:
        return [
            SignedBar(
                label,
                amount,
                tone,
                path,
                f"{self._zero - (self._share(amount) if amount < 0 else ZERO):.2f}%",
                f"{self._share(amount):.2f}%",
            )
            for label, amount, tone, path in self.amounts
        ]

    @property
    def _zero(self) -> Decimal:
        lowest = min((amount for _, amount, *_ in self.amounts), default=ZERO)
        return self._share(min(lowest, ZERO))

    def _share(self, amount: Decimal) -> Decimal:
        return (abs(amount) / self._span * 100).quantize(CENTI) if self._span else ZERO

    @cached_property
    def _span(self) -> Decimal:
        amounts = [amount for _, amount, *_ in self.amounts]
        return max(*amounts, ZERO, ZERO) - min(*amounts, ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Point:
    """In pixels, as an SVG writes it."""

    x: str
    y: str


@dataclass(frozen=True)
class Spark:
    """A measure over time, oldest first; None where it was not measured."""

    values: Sequence[Decimal | float | None]
    target: Decimal | float | None = None

    @property
    def is_drawn(self) -> bool:
        return len(self._measured) > 1

    @property
    def first(self) -> str:
        return _measure(self._measured[0][1])

    @property
    def last(self) -> str:
        return _measure(self._measured[-1][1])

    @property
    def aim(self) -> str:
        """The target as the chart says it; empty without one."""
        return "" if self.target is None else _measure(self.target)

    @property
    def line(self) -> list[Point]:
        step = 112 / max(len(self.values) - 1, 1)
        return [Point(f"{3 + index * step:.1f}", self._y(value)) for index, value in self._measured]

    @property
    def end(self) -> Point:
        return self.line[-1]

    @property
    def target_y(self) -> str:
        return "" if self.target is None else self._y(float(self.target))

    @cached_property
    def _measured(self) -> list[tuple[int, float]]:
        return [(index, float(value)) for index, value in enumerate(self.values) if value is not None]

    def _y(self, value: float) -> str:
        numbers = [number for _, number in self._measured]
        numbers += [] if self.target is None else [float(self.target)]
        span = (max(numbers) - min(numbers)) or 1.0
        return f"{30 - (value - min(numbers)) / span * 26:.1f}"


@dataclass(frozen=True)
class Trail:
    """A deal's close dates as stated, oldest first; the last is today's. There are at least two."""

    dates: Sequence[date]

    @property
    def was_pushed(self) -> bool:
        return self.dates[-1] > self.dates[0]

    @property
    def places(self) -> list[str]:
        first, span = min(self.dates), max((max(self.dates) - min(self.dates)).days, 1)
        return [f"{6 + (day - first).days / span * 98:.0f}" for day in self.dates]

    @property
    def places_before(self) -> list[str]:
        return self.places[:-1]

    @property
    def start(self) -> str:
        return min(self.places, key=int)

    @property
    def end(self) -> str:
        return max(self.places, key=int)

    @property
    def last_place(self) -> str:
        return self.places[-1]


@dataclass(frozen=True)
class Dots:
    """Outcomes of meetings, oldest first."""

    outcomes: Sequence[str]

    @property
    def width(self) -> str:
        """In pixels, as an SVG writes it."""
        return str(len(self.outcomes) * DOT_STEP)

    @cached_property
    def label(self) -> str:
        """ "13 meetings: 11 held, 2 missed"."""
        counts = ", ".join(f"{count} {word}" for word, count in self.counts)
        return f"{number_of(len(self.outcomes), 'meeting')}: {counts}"

    @property
    def counts(self) -> list[tuple[str, int]]:
        """What an outcome is called and how often it is there, in the order in which they first came."""
        return list(Counter(OUTCOMES[outcome][1] for outcome in self.outcomes).items())

    @cached_property
    def paths(self) -> tuple[tuple[str, str], ...]:
        """One path a kind of mark: a disc held, a cross missed, a dash excused, a point to come."""
        paths: dict[str, str] = {}
        for index, outcome in enumerate(self.outcomes):
            mark = OUTCOMES[outcome][0]
            paths[mark] = paths.get(mark, "") + _path(mark, index * DOT_STEP)
        return tuple(paths.items())


def _path(mark: str, x: int) -> str:
    if mark == "missed":
        return f"M{x + 1} 2l8 8m0-8l-8 8"
    return f"M{x + 2} 6h6" if mark == "excused" else f"M{x + 5} 6h0"


def _measure(value: Decimal | float) -> str:
    """To six digits, never as a power of ten: "1,000,000", "0.5"."""
    return number(Decimal(f"{Decimal(str(value)):.6g}"))
