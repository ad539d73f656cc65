"""How decided deals ended: how many were won, for how much, why, and how long a win took. Pure.

Win rate by count: won ÷ (won + lost). By amount: won amount ÷ (won + lost amount), only where nearly all decided
deals carry an amount: lost ones often carry none, and the rate would flatter. Open and withdrawn deals are in
neither. Time to win is the median of the days from the beginning of a deal to its win (deals.rules.time_to_win).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from alignment.rules.percentages import whole_per_cent
from alignment.rules.periods import Period
from deals.rules.first_look import MOST_WITHOUT_AMOUNT
from deals.rules.mix import NOTHING, Band, Bands
from deals.rules.reasons import ReasonKind
from deals.rules.time_to_win import LEAST_DECIDED, usual_days

WON, LOST = "won", "lost"
NO_AMOUNT = "none"
NO_SOURCE = ""
Key = TypeVar("Key", bound=Hashable)


class DecidedDeal(NamedTuple):
    """`began_on` is the day it was opened, else first seen; `decided_on` the day it was won or lost."""

    status: str
    amount: Decimal | None
    began_on: date | None
    decided_on: date
    lead_source: str
    reason_kind: str
    rep: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Decided deals counted and summed. `without_amount`: won and lost ones that carry none, or nothing.

    `days` is the median time to win; None for fewer than ten wins.
    """

    won: int
    lost: int
    won_amount: Decimal
    lost_amount: Decimal
    without_amount: int
    days: int | None

    @property
    def decided(self) -> int:
        return self.won + self.lost

    @property
    def win_rate(self) -> int | None:
        """By count, in whole per cent, half up; None for fewer than ten decided deals."""
        return whole_per_cent(self.won, self.decided) if self.is_enough else None

    @property
    def amount_rate(self) -> int | None:
        """By amount; None where too few are decided, or too many of them carry no amount."""
        if not self.is_enough or not self.has_amounts:
            return None
        return whole_per_cent(self.won_amount, self.won_amount + self.lost_amount)

    @property
    def is_enough(self) -> bool:
        return self.decided >= LEAST_DECIDED

    @property
    def has_amounts(self) -> bool:
        """Whether at most a tenth of the decided deals carry no amount."""
        return self.without_amount <= self.decided * MOST_WITHOUT_AMOUNT


def tally(deals: Iterable[DecidedDeal]) -> Tally:
    by_status: dict[str, list[DecidedDeal]] = {WON: [], LOST: []}
    for deal in deals:
        by_status[deal.status].append(deal)
    won, lost = by_status[WON], by_status[LOST]
    return Tally(
        won=len(won),
        lost=len(lost),
        won_amount=_sum(won),
        lost_amount=_sum(lost),
        without_amount=sum(not deal.amount for deal in (*won, *lost)),
        days=usual_days((deal.began_on, deal.decided_on) for deal in won),
    )


def _sum(deals: Iterable[DecidedDeal]) -> Decimal:
    return sum((deal.amount for deal in deals if deal.amount), NOTHING)


def band_key(deal: DecidedDeal, bands: Bands) -> str:
    return str(bands.band_of(deal.amount)) if deal.amount else NO_AMOUNT


def tally_by(deals: Iterable[DecidedDeal], key: Callable[[DecidedDeal], Key]) -> dict[Key, Tally]:
    """A tally for each key that occurs."""
    groups: dict[Key, list[DecidedDeal]] = {}
    for deal in deals:
        groups.setdefault(key(deal), []).append(deal)
    return {name: tally(rows) for name, rows in groups.items()}


def by_quarter(deals: Iterable[DecidedDeal], quarters: Sequence[Period]) -> dict[Period, Tally]:
    """Each of the quarters, also one in which nothing was decided."""
    rows = list(deals)
    return {
        quarter: tally(deal for deal in rows if quarter.contains(deal.decided_on)) for quarter in quarters
    }


def by_band(deals: Iterable[DecidedDeal], bands: Bands) -> dict[str, Tally]:
    """Small, mid-size and big, and those without an amount where there are any."""
    tallies = tally_by(deals, lambda deal: band_key(deal, bands))
    sized = {str(band): tallies.get(str(band), tally(())) for band in Band}
    return sized | {NO_AMOUNT: tallies[NO_AMOUNT]} if NO_AMOUNT in tallies else sized


def by_lead_source(deals: Iterable[DecidedDeal]) -> dict[str, Tally]:
    """Those with the most decided deals first; the ones that do not say come last."""
    tallies = tally_by(deals, lambda deal: deal.lead_source)
    return dict(sorted(tallies.items(), key=lambda item: (item[0] == NO_SOURCE, -item[1].decided, item[0])))


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Why so many deals were won, or lost; the kind is empty where nobody said."""

    kind: str
    number: int
    amount: Decimal


def count_reasons(deals: Iterable[DecidedDeal], status: str) -> tuple[ReasonCount, ...]:
    """The most frequent first, those without a reason last."""
    groups: dict[str, list[DecidedDeal]] = {}
    for deal in deals:
        if deal.status == status:
            groups.setdefault(_known(deal.reason_kind), []).append(deal)
    counts = (ReasonCount(kind, len(rows), _sum(rows)) for kind, rows in groups.items())
    return tuple(sorted(counts, key=lambda row: (row.kind == "", -row.number, -row.amount, row.kind)))


def split_reasons(
    deals: Iterable[DecidedDeal], status: str, key: Callable[[DecidedDeal], Key]
) -> dict[str, dict[Key, int]]:
    """How many deals of each reason fall under each key that occurs with it."""
    splits: dict[str, dict[Key, int]] = {}
    for deal in deals:
        if deal.status == status:
            numbers = splits.setdefault(_known(deal.reason_kind), {})
            numbers[key(deal)] = numbers.get(key(deal), 0) + 1
    return splits


_KINDS: Mapping[str, ReasonKind] = {kind.value: kind for kind in ReasonKind}


def _known(kind: str) -> str:
    return kind if kind in _KINDS else ""
