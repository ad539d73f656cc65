"""What comes into the pipeline each week, and how long deals stand in a stage. Pure.

Created per week: the amounts, as last known, of the deals that began in it. Needed per week: the goal of a quarter ÷
its 13 weeks ÷ win rate; every deal is decided at some time, so here what slips is not forgotten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean, median
from typing import NamedTuple

from alignment.rules.periods import RECENT_WEEKS, weeks_back
from deals.rules.time_to_win import LEAST_DECIDED

NOTHING, CENT = Decimal(0), Decimal("0.01")
WEEKS_OF_QUARTER = 13
TRIFLE = Decimal("0.1")


class CreatedWeek(NamedTuple):
    monday: date
    amount: Decimal
    number: int


def created_by_week(deals: Iterable[tuple[date, Decimal | None]], *, today: date) -> tuple[CreatedWeek, ...]:
    """The last 13 weeks, oldest first, the last being this one. `deals`: the day each began, and its amount."""
    weeks = weeks_back(today, count=RECENT_WEEKS)
    amounts, numbers = dict.fromkeys(weeks, NOTHING), dict.fromkeys(weeks, 0)
    first = weeks[0].start
    for began_on, amount in deals:
        if first <= began_on <= today:
            week = weeks[(began_on - first).days // 7]
            amounts[week] += amount or NOTHING
            numbers[week] += 1
    return tuple(CreatedWeek(week.start, amounts[week], numbers[week]) for week in weeks)


def needed_per_week(goal: Decimal | None, rate: Decimal | None) -> Decimal | None:
    """None without a goal above zero or a win rate."""
    if not goal or goal <= 0 or not rate:
        return None
    return (goal / WEEKS_OF_QUARTER / rate).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Creation:
    """What was created in the last 13 weeks, and what so many days need at the goal and the win rate."""

    amount: Decimal
    needed: Decimal

    @property
    def is_short(self) -> bool:
        """By more than a tenth: the last of the weeks is not over, and one week more or less is no news."""
        return self.amount < self.needed * (1 - TRIFLE)

    @property
    def missing_a_week(self) -> Decimal:
        """What a line of it weighs among others: it is needed by later quarters, not by the rest of this one."""
        return ((self.needed - self.amount) / RECENT_WEEKS).quantize(CENT, ROUND_HALF_UP)


def creation_of(weeks: Sequence[CreatedWeek], needed: Decimal | None, *, today: date) -> Creation | None:
    """`needed` is what a week needs; of this week the days until today count. None where nothing says what it needs."""
    if needed is None:
        return None
    days = (today - weeks[0].monday).days + 1
    amount = sum((week.amount for week in weeks), NOTHING)
    return Creation(amount, (needed * days / 7).quantize(CENT, ROUND_HALF_UP))


class StageChange(NamedTuple):
    old: str
    new: str
    day: date


class StagedDeal(NamedTuple):
    """`seen_on` is the day it was first seen here; `opened_on` the day that the CRM or a person says. `changes` of its
    stage, the oldest first.
    """

    pk: int
    stage: str
    is_won: bool
    amount: Decimal | None
    seen_on: date
    opened_on: date | None
    changes: tuple[StageChange, ...] = ()

    @property
    def stands_since(self) -> date:
        """When it came to its stage, as far as that is known here: not before it was first seen."""
        return self.changes[-1].day if self.changes else self.seen_on

    @property
    def stays(self) -> dict[str, int]:
        """The days it spent in each stage that it has left. The first counts only if its beginning was seen."""
        days: dict[str, int] = {}
        is_seen = self.opened_on is None or self.opened_on >= self.seen_on
        since: date | None = self.seen_on if is_seen else None
        for change in self.changes:
            if since is not None and change.old:
                days[change.old] = days.get(change.old, 0) + max(0, (change.day - since).days)
            since = change.day
        return days


@dataclass(frozen=True, slots=True)
class StageRow:
    """The open deals that stand in a stage. `usual_days`: the median of the deals won lately, None for too few."""

    stage: str
    number: int
    amount: Decimal
    without_amount: int
    days: int
    """The median of the days they have stood there."""
    usual_days: int | None
    won_number: int
    longer: int
    """How many stand there for longer than won deals usually did."""


def stage_rows(
    deals: Sequence[StagedDeal], *, today: date, positions: Mapping[str, int]
) -> tuple[StageRow, ...]:
    """In the order of the CRM where `positions` say it, else in the order in which deals come to them."""
    usual = _stays_of_won(deal for deal in deals if deal.is_won)
    standing: dict[str, list[StagedDeal]] = defaultdict(list)
    for deal in deals:
        if not deal.is_won:
            standing[deal.stage].append(deal)
    entered = _entered(deals)

    def order(stage: str) -> tuple[bool, int, float, str]:
        return (not stage, positions.get(stage, len(positions) + 1), entered.get(stage, 0), stage)

    return tuple(
        _row(stage, standing[stage], usual.get(stage, []), today) for stage in sorted(standing, key=order)
    )


class LongStay(NamedTuple):
    """An open deal that stands in its stage for longer than the median of the deals won lately."""

    pk: int
    stage: str
    amount: Decimal | None
    days: int
    usual_days: int


def long_stays(deals: Sequence[StagedDeal], *, today: date) -> tuple[LongStay, ...]:
    """The largest first. None in a stage that too few won deals went through."""
    usual = {
        stage: days
        for stage, stays in _stays_of_won(deal for deal in deals if deal.is_won).items()
        if (days := _usual_days(stays)) is not None
    }
    stays = (
        LongStay(deal.pk, deal.stage, deal.amount, (today - deal.stands_since).days, usual[deal.stage])
        for deal in deals
        if not deal.is_won and deal.stage in usual
    )
    longer = (stay for stay in stays if stay.days > stay.usual_days)
    return tuple(sorted(longer, key=lambda stay: (-(stay.amount or NOTHING), stay.pk)))


def _stays_of_won(deals: Iterable[StagedDeal]) -> dict[str, list[int]]:
    stays: dict[str, list[int]] = defaultdict(list)
    for deal in deals:
        for stage, days in deal.stays.items():
            stays[stage].append(days)
    return stays


def _entered(deals: Iterable[StagedDeal]) -> dict[str, float]:
    """How many days after its first sight a deal comes to each stage, on average."""
    days: dict[str, list[int]] = defaultdict(list)
    for deal in deals:
        for change in deal.changes:
            days[change.new].append((change.day - deal.seen_on).days)
    return {stage: mean(values) for stage, values in days.items()}


def _row(stage: str, deals: Sequence[StagedDeal], stays: Sequence[int], today: date) -> StageRow:
    days = [max(0, (today - deal.stands_since).days) for deal in deals]
    usual = _usual_days(stays)
    return StageRow(
        stage=stage,
        number=len(deals),
        amount=sum((deal.amount or NOTHING for deal in deals), NOTHING),
        without_amount=sum(not deal.amount for deal in deals),
        days=_half_up(median(days)),
        usual_days=usual,
        won_number=len(stays),
        longer=sum(day > usual for day in days) if usual is not None else 0,
    )


def _usual_days(stays: Sequence[int]) -> int | None:
    return _half_up(median(stays)) if len(stays) >= LEAST_DECIDED else None


def _half_up(days: float) -> int:
    return int(days + 0.5)
