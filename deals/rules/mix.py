"""The deal mix: how much of a team's money is in small, mid-size and big deals, against what was agreed. Pure.

Shares are of amounts, in whole per cent; deals without an amount count nowhere. Two windows are looked at: what was
won in the last four quarters, and what was created in the last 13 weeks, where one can still steer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from alignment.rules.percentages import ALL, whole_per_cent
from alignment.rules.periods import Period, quarter_of
from deals.rules.time_to_win import LEAST_DECIDED, days_taken, days_to_go, median_days

CREATED_WEEKS = 13
WON_QUARTERS = 4
WIN_YEARS = timedelta(days=2 * 365)
"""How far back wins and losses say how long a deal takes."""
OFF_POINTS = 15
"""So far from its target, in points of a hundred, a band is off …"""
OFF_WEEKS = 4
"""… when it is so at the end of each of so many weeks, to the same side."""
LEAST_DEALS = 8
"""Fewer created deals say nothing about a mix."""
NOTHING = Decimal(0)


class Band(StrEnum):
    SMALL = "small"
    MID = "mid"
    BIG = "big"

    @property
    def label(self) -> str:
        return {"small": "Small", "mid": "Mid-size", "big": "Big"}[self.value]


@dataclass(frozen=True, slots=True)
class Bands:
    """From which amount a deal is mid-size, and big. The amount itself belongs to the larger band."""

    mid_from: Decimal
    big_from: Decimal

    def limits_of(self, band: Band) -> tuple[Decimal | None, Decimal | None]:
        """From which amount, and below which; None is no limit."""
        limits = {Band.SMALL: (None, self.mid_from), Band.MID: (self.mid_from, self.big_from)}
        return limits.get(band, (self.big_from, None))

    def band_of(self, amount: Decimal) -> Band:
        if amount >= self.big_from:
            return Band.BIG
        return Band.MID if amount >= self.mid_from else Band.SMALL


class MixDeal(NamedTuple):
    """`created_on` is the day it was opened, else first seen; `closed_on` the day it was won or lost, of an
    open one the day it is expected."""

    amount: Decimal | None
    status: str
    created_on: date
    closed_on: date | None

    @property
    def is_decided(self) -> bool:
        return self.status in ("won", "lost")


@dataclass(frozen=True, slots=True)
class BandTotal:
    amount: Decimal
    number: int


@dataclass(frozen=True, slots=True)
class ActualMix:
    """What is in each band. `without_amount` deals count nowhere."""

    totals: Mapping[Band, BandTotal]
    without_amount: int

    @property
    def number(self) -> int:
        return sum(total.number for total in self.totals.values())

    @property
    def amount(self) -> Decimal:
        return sum((total.amount for total in self.totals.values()), NOTHING)

    def share(self, band: Band) -> int | None:
        """In whole per cent, half up; None where there is no money at all."""
        return whole_per_cent(self.totals[band].amount, self.amount)


Target = Mapping[Band, int]
"""Whole per cent of each band, a hundred together."""


def decided_years(today: date) -> Period:
    """The days whose wins and losses say how long a deal takes."""
    return Period(today - WIN_YEARS, today, "Last two years")


def adds_up(target: Target) -> bool:
    return sum(target.values()) == ALL and all(0 <= share <= ALL for share in target.values())


def actual_mix(deals: Iterable[MixDeal], bands: Bands) -> ActualMix:
    amounts: dict[Band, Decimal] = dict.fromkeys(Band, NOTHING)
    numbers = dict.fromkeys(Band, 0)
    without = 0
    for deal in deals:
        if not deal.amount:
            without += 1
            continue
        band = bands.band_of(deal.amount)
        amounts[band] += deal.amount
        numbers[band] += 1
    return ActualMix({band: BandTotal(amounts[band], numbers[band]) for band in Band}, without)


def won_between(deals: Iterable[MixDeal], period: Period) -> list[MixDeal]:
    return [
        deal for deal in deals if deal.status == "won" and deal.closed_on and period.contains(deal.closed_on)
    ]


def created_weeks(day: date) -> Period:
    """The 13 weeks up to `day`, that day included."""
    return Period(
        day - timedelta(weeks=CREATED_WEEKS) + timedelta(days=1), day, f"Last {CREATED_WEEKS} weeks"
    )


def created_in_weeks_to(deals: Iterable[MixDeal], day: date) -> list[MixDeal]:
    """Created in the 13 weeks up to `day`, whatever became of them."""
    weeks = created_weeks(day)
    return [deal for deal in deals if weeks.contains(deal.created_on)]


@dataclass(frozen=True, slots=True)
class OffBand:
    """`share` of what was created lately, against the `target`, both in per cent."""

    band: Band
    share: int
    target: int


def bands_off(deals: Sequence[MixDeal], bands: Bands, target: Target, *, today: date) -> tuple[OffBand, ...]:
    """The bands that were 15 points or more from their target, to the same side, at the end of each of the last four
    weeks; the furthest first. Nothing where fewer than eight deals were created in one of these windows.
    """
    ends = [today - timedelta(weeks=back) for back in range(OFF_WEEKS)]
    mixes = [actual_mix(created_in_weeks_to(deals, end), bands) for end in ends]
    if any(mix.number < LEAST_DEALS for mix in mixes):
        return ()
    off = []
    for band in Band:
        distances = [(mix.share(band) or 0) - target[band] for mix in mixes]
        if min(distances) >= OFF_POINTS or max(distances) <= -OFF_POINTS:
            off.append(OffBand(band, mixes[0].share(band) or 0, target[band]))
    return tuple(sorted(off, key=lambda row: -abs(row.share - row.target)))


@dataclass(frozen=True, slots=True)
class BandFacts:
    """How deals of one size go: won and decided within two years, and the median days from creation to win; None where
    too few.

    `pays_in` is the quarter in which a deal opened today would be won, if it takes that long.
    """

    band: Band
    won: int
    decided: int
    days: int | None
    pays_in: Period | None
    taken: Sequence[int] = ()
    """The days that each of the wins took, the shortest first."""

    @property
    def win_rate(self) -> int | None:
        return whole_per_cent(self.won, self.decided) if self.decided >= LEAST_DECIDED else None


def band_facts(
    deals: Iterable[MixDeal], bands: Bands, *, today: date, first_month: int
) -> tuple[BandFacts, ...]:
    """Of deals decided within two years, by the bands of their amounts; a deal without one counts nowhere."""
    by_band: dict[Band, list[MixDeal]] = {band: [] for band in Band}
    years = decided_years(today)
    for deal in deals:
        if deal.is_decided and deal.amount and deal.closed_on and years.contains(deal.closed_on):
            by_band[bands.band_of(deal.amount)].append(deal)
    return tuple(_facts(band, rows, today, first_month) for band, rows in by_band.items())


def _facts(band: Band, decided: Sequence[MixDeal], today: date, first_month: int) -> BandFacts:
    won = [deal for deal in decided if deal.status == "won"]
    taken = days_taken((deal.created_on, deal.closed_on) for deal in won)
    days = median_days(taken)
    pays_in = quarter_of(today + timedelta(days=days), first_month=first_month) if days else None
    return BandFacts(band, len(won), len(decided), days, pays_in, taken)


@dataclass(frozen=True, slots=True)
class OpenPay:
    """The open deals of a size, and when they would be won if they take as long as wins usually do.

    `by_quarter` is in the order of the calendar; `oldest` are those that are older than nearly all wins were. Both are
    empty where too few were won to say how long a win takes.
    """

    band: Band
    total: BandTotal
    days: int | None
    by_quarter: tuple[tuple[Period, BandTotal], ...]
    oldest: BandTotal


def open_pay(deals: Sequence[MixDeal], bands: Bands, *, today: date, first_month: int) -> tuple[OpenPay, ...]:
    """A deal would be won after as many more days as the wins of its size needed on the median that lasted as long as
    it has or longer. Close dates say nothing here.
    """
    return tuple(
        _open_pay(
            [
                deal
                for deal in deals
                if deal.status == "open" and deal.amount and bands.band_of(deal.amount) == facts.band
            ],
            facts,
            today=today,
            first_month=first_month,
        )
        for facts in band_facts(deals, bands, today=today, first_month=first_month)
    )


def _open_pay(deals: Sequence[MixDeal], facts: BandFacts, *, today: date, first_month: int) -> OpenPay:
    quarters: dict[Period, list[MixDeal]] = defaultdict(list)
    oldest = []
    for deal in deals if facts.days else ():
        days = days_to_go(facts.taken, (today - deal.created_on).days)
        if days is None:
            oldest.append(deal)
        else:
            quarters[quarter_of(today + timedelta(days=days), first_month=first_month)].append(deal)
    in_order = sorted(quarters.items(), key=lambda row: row[0].start)
    return OpenPay(
        band=facts.band,
        total=_total(deals),
        days=facts.days,
        by_quarter=tuple((quarter, _total(rows)) for quarter, rows in in_order),
        oldest=_total(oldest),
    )


def _total(deals: Sequence[MixDeal]) -> BandTotal:
    return BandTotal(sum((deal.amount or Decimal(0) for deal in deals), Decimal(0)), len(deals))


CONCENTRATED = Decimal("0.2")
"""One deal is shown from more than this share of the quarter's goal …"""
TIMES_THE_LARGEST = Decimal("1.5")
"""… and more than so many times the median of the largest won deals of the last four quarters."""
CONCENTRATED_WITHOUT_HISTORY = Decimal("0.3")


def hangs_on(amount: Decimal, *, goal: Decimal | None, largest_won: Sequence[Decimal]) -> bool:
    """Whether the quarter hangs on a deal of this amount. `largest_won` is the largest win of each of the last four
    quarters that had one. Nothing without a goal.
    """
    if not goal or goal <= 0:
        return False
    if not largest_won:
        return amount > goal * CONCENTRATED_WITHOUT_HISTORY
    return amount > goal * CONCENTRATED and amount > TIMES_THE_LARGEST * median(largest_won)
