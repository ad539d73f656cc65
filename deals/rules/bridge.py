"""From the open deals of a period at one moment to those at a later one: what came in, what went out. Pure.

The open deals of a period are those of the team with a close date in it. Each deal moves in one line; what its
amount changed by is split out first, at its old place. The formula, as published by several vendors
(Gong, Ebsta; Clari calls the lines slipped, pulled in and new):

    open then + new + pulled in + pushed in + reopened + came from another team + up − down
    − won − lost − pushed out − pulled out − went to another team − withdrawn = open now

A deal that came and was decided between the two moments stands on both sides, so that "won" is all that was won.
Amounts are those at the later moment, or when the deal left; an empty amount counts as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from alignment.rules.periods import Period
from deals.rules.known_deals import OPEN, DealHistory, DealState

NOTHING = Decimal(0)
DECIDED = frozenset({"won", "lost"})


class Line(StrEnum):
    """The lines in the order they are read."""

    NEW = "new"
    PULLED_IN = "pulled_in"
    PUSHED_IN = "pushed_in"
    REOPENED = "reopened"
    GAINED = "gained"
    UP = "up"
    DOWN = "down"
    WON = "won"
    LOST = "lost"
    PUSHED_OUT = "pushed_out"
    PULLED_OUT = "pulled_out"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"


class Group(StrEnum):
    """The lines taken together, as one looks at them first."""

    WON = "won"
    NEW = "new"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    LOST = "lost"
    OTHER = "other"


GROUPS = {
    Line.WON: Group.WON,
    Line.NEW: Group.NEW,
    Line.PULLED_IN: Group.MOVED_IN,
    Line.PUSHED_IN: Group.MOVED_IN,
    Line.PUSHED_OUT: Group.MOVED_OUT,
    Line.PULLED_OUT: Group.MOVED_OUT,
    Line.LOST: Group.LOST,
}


def group_of(line: Line) -> Group:
    return GROUPS.get(line, Group.OTHER)


class Step(NamedTuple):
    """What one deal adds to a line, with its sign. `is_without_amount`: nobody says how much it is."""

    deal: int
    line: Line
    amount: Decimal
    is_without_amount: bool = False


@dataclass(frozen=True, slots=True)
class OpenTotal:
    """The open deals of the period at one moment."""

    amount: Decimal
    deals: Mapping[int, Decimal | None]
    """Each with its amount at that moment."""

    @property
    def number(self) -> int:
        return len(self.deals)

    @property
    def without_amount(self) -> int:
        return sum(not amount for amount in self.deals.values())


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """One line with its deals, the largest first; `amount` has its sign."""

    line: Line
    amount: Decimal
    steps: tuple[Step, ...]

    @property
    def number(self) -> int:
        return len(self.steps)

    @property
    def without_amount(self) -> int:
        return sum(step.is_without_amount for step in self.steps)


@dataclass(frozen=True, slots=True)
class Bridge:
    """What the open deals of a period were at the start and are at the end, and the lines in between."""

    start: OpenTotal
    end: OpenTotal
    lines: tuple[BridgeLine, ...]

    @property
    def steps(self) -> list[Step]:
        return [step for line in self.lines for step in line.steps]

    def total(self, group: Group) -> Decimal:
        return sum((line.amount for line in self.lines if group_of(line.line) == group), NOTHING)

    def largest(self, number: int) -> list[Step]:
        """The steps that moved the most money, one a deal."""
        ranked = sorted(self.steps, key=lambda step: (-abs(step.amount), step.deal))
        first: dict[int, Step] = {}
        for step in ranked:
            if step.amount:
                first.setdefault(step.deal, step)
        return list(first.values())[:number]


def build_bridge(
    deals: Iterable[DealHistory], *, team: int, period: Period, start: datetime, end: datetime
) -> Bridge:
    """`deals` are all that were or are open in the period on the team, or changed in between."""
    steps: dict[Line, list[Step]] = {line: [] for line in Line}
    before: dict[int, DealState] = {}
    after: dict[int, DealState] = {}
    for deal in deals:
        was, now = deal.at(start), deal.at(end)
        before |= {deal.deal.pk: was} if was and was.is_open_in(period, team=team) else {}
        after |= {deal.deal.pk: now} if now and now.is_open_in(period, team=team) else {}
        for step in _steps(deal, was, now, team=team, period=period, start=start, end=end):
            steps[step.line].append(step)
    return Bridge(_total(before), _total(after), tuple(_line(line, rows) for line, rows in steps.items()))


def _total(states: Mapping[int, DealState]) -> OpenTotal:
    amount = sum((state.worth for state in states.values()), NOTHING)
    return OpenTotal(amount, {pk: state.amount for pk, state in states.items()})


def _line(line: Line, steps: list[Step]) -> BridgeLine:
    ranked = sorted(steps, key=lambda step: (-abs(step.amount), step.deal))
    return BridgeLine(line, sum((step.amount for step in steps), NOTHING), tuple(ranked))


def _steps(
    deal: DealHistory,
    was: DealState | None,
    now: DealState | None,
    *,
    team: int,
    period: Period,
    start: datetime,
    end: datetime,
) -> Iterator[Step]:
    if now is None:
        return
    pk, is_in = deal.deal.pk, now.is_open_in(period, team=team)
    if was is not None and was.is_open_in(period, team=team):
        last = now if now.team == team else _when_it_left(deal, team=team, start=start, end=end)
        change = last.worth - was.worth
        if change:
            yield Step(pk, Line.UP if change > 0 else Line.DOWN, change)
        if not is_in:
            yield Step(pk, _way_out(now, team=team, period=period), -last.worth, not last.amount)
    elif is_in or _was_decided_in(deal, was, now, team=team, period=period, start=start, end=end):
        yield Step(pk, _way_in(was, team=team, period=period), now.worth, not now.amount)
        if not is_in:
            outcome = Line.WON if now.status == "won" else Line.LOST
            yield Step(pk, outcome, -now.worth, not now.amount)


def _way_in(was: DealState | None, *, team: int, period: Period) -> Line:
    if was is None:
        return Line.NEW
    if was.team != team:
        return Line.GAINED
    if was.status != OPEN:
        return Line.REOPENED
    return Line.PUSHED_IN if was.close_date and was.close_date < period.start else Line.PULLED_IN


def _way_out(now: DealState, *, team: int, period: Period) -> Line:
    """Won is what was won in the period; what was won after its end had been pushed out of it."""
    if now.team != team:
        return Line.HANDED_OVER
    if now.status in ("lost", "withdrawn"):
        return Line(now.status)
    if now.status == "won" and (now.close_date is None or period.contains(now.close_date)):
        return Line.WON
    return Line.PULLED_OUT if now.close_date and now.close_date < period.start else Line.PUSHED_OUT


def _when_it_left(deal: DealHistory, *, team: int, start: datetime, end: datetime) -> DealState:
    """The deal as it was when it last left the team."""
    moves = deal.last("team", after=start, until=end)
    moment = next((move.at for move in moves if move.from_team == team), end)
    return deal.before(moment)


def _was_decided_in(
    deal: DealHistory,
    was: DealState | None,
    now: DealState,
    *,
    team: int,
    period: Period,
    start: datetime,
    end: datetime,
) -> bool:
    """Whether a deal that was not among the open ones was won in the period since, or lost when it was planned there.

    The close date of a lost deal is the day it was lost; where it belonged says the date that it had while open.
    """
    if now.team != team or now.status not in DECIDED or (was is not None and was.status == now.status):
        return False
    day = now.close_date
    if now.status == "lost":
        outcome = next(deal.last("status", after=start, until=end), None)
        day = deal.before(outcome.at).close_date if outcome else day
    return day is not None and period.contains(day)
