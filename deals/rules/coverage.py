"""How much open pipeline the rest of a quarter's goal needs, by the team's own past quarters. Pure.

    needed = still to win × (1 − create-and-close) ÷ yield

Yield: of what was open at the same day of a past quarter with a close date in it, the share won in it.
Create-and-close: of what was won after that day, the share that did not exist on it. Both are medians of the last
four quarters, by amount; by count where more than a tenth of the deals carry no amount. Amounts are those last known.

The win rate is no divisor: it forgets what moves into the next quarter. No fixed multiple is either.

A close date as it was then is known only from the day a team's deals are known here. Before that a quarter looks at
all deals that were open then, whatever their date; so does the open pipeline it is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import NamedTuple

from alignment.rules.periods import Period
from deals.rules.time_to_win import LEAST_DECIDED

LEAST_DEALS = 20
"""Fewer deals in all past quarters together say nothing."""
QUARTERS = 4
MOST_WITHOUT_AMOUNT = Decimal("0.1")
NOTHING, ALL, CENT = Decimal(0), Decimal(1), Decimal("0.01")
OPEN, WON = "open", "won"


class DateMove(NamedTuple):
    """A close date that changed: the day it was learned, and the date before."""

    day: date
    old: date | None


class PipelineDeal(NamedTuple):
    """`began_on` is the day it was opened, else first seen; `close_date` of a won or lost deal the day it was decided.
    `moves`, the oldest first.
    """

    pk: int
    status: str
    amount: Decimal | None
    began_on: date
    close_date: date | None
    moves: tuple[DateMove, ...] = ()

    @property
    def worth(self) -> Decimal:
        return self.amount or NOTHING

    def was_open_on(self, day: date) -> bool:
        if self.began_on > day:
            return False
        return self.status == OPEN or (self.close_date is not None and self.close_date > day)

    def close_date_on(self, day: date) -> date | None:
        """As it was known at the end of that day."""
        return next((move.old for move in self.moves if move.day > day), self.close_date)

    def is_won_in(self, period: Period) -> bool:
        return self.status == WON and self.close_date is not None and period.contains(self.close_date)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money and the number of deals it is in."""

    money: Decimal = NOTHING
    number: int = 0

    @classmethod
    def of(cls, deals: Sequence[PipelineDeal]) -> Amount:
        return cls(sum((deal.worth for deal in deals), NOTHING), len(deals))

    def share_of(self, whole: Amount, *, by_count: bool) -> Decimal | None:
        """None of nothing."""
        part, total = (Decimal(self.number), Decimal(whole.number)) if by_count else (self.money, whole.money)
        return part / total if total else None


@dataclass(frozen=True, slots=True)
class PastQuarter:
    """A past quarter on the day that is as far into it as today is into this one."""

    quarter: Period
    day: date
    was_open: Amount
    won_of_it: Amount
    won_after: Amount
    created_after: Amount
    """Of what was won after the day: what did not exist on it."""
    without_amount: int
    deals: tuple[PipelineDeal, ...] = ()
    """Those that were open then."""


@dataclass(frozen=True, slots=True)
class OwnRates:
    """What the team's past quarters say. `is_dated`: only deals with a close date in the quarter were looked at."""

    quarters: tuple[PastQuarter, ...]
    is_dated: bool

    @property
    def number(self) -> int:
        """How many deals were looked at."""
        return sum(quarter.was_open.number for quarter in self.quarters)

    @property
    def is_enough(self) -> bool:
        return self.number >= LEAST_DEALS

    @property
    def by_count(self) -> bool:
        without = sum(quarter.without_amount for quarter in self.quarters)
        return without > self.number * MOST_WITHOUT_AMOUNT

    def yield_in(self, quarter: PastQuarter) -> Decimal | None:
        return quarter.won_of_it.share_of(quarter.was_open, by_count=self.by_count)

    def create_and_close_in(self, quarter: PastQuarter) -> Decimal | None:
        return quarter.created_after.share_of(quarter.won_after, by_count=self.by_count)

    @property
    def yield_share(self) -> Decimal | None:
        return _median(map(self.yield_in, self.quarters)) if self.is_enough else None

    @property
    def create_and_close(self) -> Decimal | None:
        return _median(map(self.create_and_close_in, self.quarters)) if self.is_enough else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The open pipeline against what is still to win, and against what that needs."""

    still_to_win: Decimal
    pipeline: Amount
    without_amount: int
    rates: OwnRates

    @property
    def has_amounts(self) -> bool:
        """Whether nearly all open deals carry an amount, so that their sum says how much is open."""
        return self.without_amount <= self.pipeline.number * MOST_WITHOUT_AMOUNT

    @property
    def has_no_amounts(self) -> bool:
        """Whether deals are open, and none of them carries an amount."""
        return 0 < self.pipeline.number == self.without_amount

    @property
    def ratio(self) -> Decimal | None:
        """Open ÷ still to win, at least that where deals carry no amount; None where nothing is left to win, and where
        no open deal carries an amount.
        """
        if self.has_no_amounts or self.still_to_win <= 0:
            return None
        return self.pipeline.money / self.still_to_win

    @property
    def needed(self) -> Decimal | None:
        """None with too few deals, where nothing is left to win, or where nothing open was ever won in time."""
        rate, created = self.rates.yield_share, self.rates.create_and_close
        if not rate or self.still_to_win <= 0:
            return None
        return (self.still_to_win * (ALL - (created or NOTHING)) / rate).quantize(CENT, ROUND_HALF_UP)

    @property
    def share_of_needed(self) -> Decimal | None:
        return self.pipeline.money / self.needed if self.needed and self.has_amounts else None

    @property
    def missing(self) -> Decimal | None:
        """How much more open pipeline is needed; zero where there is enough. None where it is not known what is needed,
        and where more than a tenth of the open deals carry no amount and the others are not enough.
        """
        if self.needed is None:
            return None
        missing = max(NOTHING, self.needed - self.pipeline.money)
        return missing if self.has_amounts or not missing else None


def cover(
    deals: Iterable[PipelineDeal], rates: OwnRates, *, still_to_win: Decimal, quarter: Period
) -> Coverage:
    """What is open is looked at as the past quarters are: with a close date in the quarter, or all of it."""
    is_open = [deal for deal in deals if deal.status == OPEN]
    counted = [deal for deal in is_open if not rates.is_dated or _closes_in(deal.close_date, quarter)]
    return Coverage(still_to_win, Amount.of(counted), sum(not deal.amount for deal in counted), rates)


def own_rates(
    deals: Sequence[PipelineDeal],
    *,
    quarter: Period,
    past: Sequence[Period],
    today: date,
    known_from: date | None,
) -> OwnRates:
    """By close dates as they were known where those quarters have enough deals, else by all that was open where
    that is enough. `past` are the quarters before this one, the newest first; `known_from` is the day the team's deals
    are known from.
    """
    days = [(period, day_as_far_into(period, quarter, today=today)) for period in past[:QUARTERS]]
    known = [(period, day) for period, day in days if known_from is not None and known_from <= day]
    dated = OwnRates(
        tuple(_look_back(deals, past_quarter, on, is_dated=True) for past_quarter, on in known), is_dated=True
    )
    if dated.is_enough:
        return dated
    undated = OwnRates(
        tuple(_look_back(deals, past_quarter, on, is_dated=False) for past_quarter, on in days),
        is_dated=False,
    )
    return undated if undated.is_enough else dated


def day_as_far_into(past: Period, quarter: Period, *, today: date) -> date:
    """The day that is as far into a past quarter as today is into this one, its last day at the latest."""
    return min(past.start + (today - quarter.start), past.end)


def _look_back(deals: Iterable[PipelineDeal], quarter: Period, day: date, *, is_dated: bool) -> PastQuarter:
    was_open, won_after = [], []
    for deal in deals:
        if deal.was_open_on(day) and (not is_dated or _closes_in(deal.close_date_on(day), quarter)):
            was_open.append(deal)
        if deal.is_won_in(quarter) and deal.close_date is not None and deal.close_date > day:
            won_after.append(deal)
    return PastQuarter(
        quarter,
        day,
        was_open=Amount.of(was_open),
        won_of_it=Amount.of([deal for deal in was_open if deal.is_won_in(quarter)]),
        won_after=Amount.of(won_after),
        created_after=Amount.of([deal for deal in won_after if deal.began_on > day]),
        without_amount=sum(not deal.amount for deal in was_open),
        deals=tuple(was_open),
    )


def _closes_in(day: date | None, period: Period) -> bool:
    return day is not None and period.contains(day)


def _median(shares: Iterable[Decimal | None]) -> Decimal | None:
    known = [share for share in shares if share is not None]
    return median(known) if known else None


@dataclass(frozen=True, slots=True)
class WinRate:
    """Won of decided deals, by count and by amount."""

    won: Amount
    decided: Amount
    without_amount: int
    deals: tuple[PipelineDeal, ...] = ()
    """The decided ones."""

    @property
    def is_by_amount(self) -> bool:
        return self.without_amount <= self.decided.number * MOST_WITHOUT_AMOUNT

    @property
    def by_count(self) -> Decimal | None:
        """None below ten decided deals."""
        return self._rate(by_count=True)

    @property
    def for_money(self) -> Decimal | None:
        """By amount where nearly all carry one, else by count; None below ten decided deals."""
        return self._rate(by_count=not self.is_by_amount)

    def _rate(self, *, by_count: bool) -> Decimal | None:
        if self.decided.number < LEAST_DECIDED:
            return None
        return self.won.share_of(self.decided, by_count=by_count)


def win_rate(deals: Iterable[PipelineDeal], *, since: date, until: date) -> WinRate:
    """Of the deals decided in that time: won ÷ (won + lost)."""
    decided = [
        deal
        for deal in deals
        if deal.status in (WON, "lost") and deal.close_date is not None and since <= deal.close_date <= until
    ]
    won = [deal for deal in decided if deal.status == WON]
    without = sum(not deal.amount for deal in decided)
    return WinRate(Amount.of(won), Amount.of(decided), without, tuple(decided))
