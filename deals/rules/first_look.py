"""What a team's deals say by themselves, before anybody has set a goal or held a meeting. Pure.

Ten findings at most. Each is left out where there is nothing to say, names what it could not count, and has the
deals or accounts behind it. Small numbers give no rate: below ten decided deals there is no percentage.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from alignment.rules.periods import Period, months_in, quarter_of
from deals.rules.pace import MonthWon, quarters_before, sum_months
from deals.rules.time_to_win import LEAST_DECIDED, usual_days

OLD = 2
"""An open deal is old at more than so many times the median of the won ones."""
LARGEST = 3
LEAST_SHARE = Decimal("0.2")
"""The three largest are worth a sentence from this share of what is open …"""
LEAST_OPEN = 4
"""… and where there are more than they."""
LEAST_ON_ONE_DAY = 5
LEAST_SHARE_OF_ONE_DAY = Decimal("0.1")
"""So many open deals, and so much of them, with one close date are no coincidence."""
MOST_WITHOUT_AMOUNT = Decimal("0.1")
"""With more decided deals than this without an amount, a win rate by size would be wrong."""
A_YEAR = timedelta(days=365)
LEAST_QUARTERS = 2
NOTHING = Decimal(0)
OPEN, WON, LOST = "open", "won", "lost"


class DealFacts(NamedTuple):
    """One deal as it is known now. `close_date` of a won or lost one is the day it was decided."""

    pk: int
    status: str
    amount: Decimal | None
    opened_on: date | None
    close_date: date | None
    next_step: str
    account: int | None

    @property
    def worth(self) -> Decimal:
        return self.amount or NOTHING


@dataclass(frozen=True, slots=True)
class DealSet:
    """Deals that have something in common, those with the most money first."""

    rows: tuple[DealFacts, ...]
    amount: Decimal
    without_amount: int

    @classmethod
    def of(cls, deals: Iterable[DealFacts]) -> DealSet:
        ranked = tuple(sorted(deals, key=lambda deal: (-deal.worth, deal.pk)))
        missing = sum(deal.amount is None for deal in ranked)
        return cls(ranked, sum((deal.worth for deal in ranked), NOTHING), missing)

    @property
    def number(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class OldDeals:
    """Open for longer than twice the median of those won. `undated`: open ones that do not say since when."""

    deals: DealSet
    median_days: int
    undated: int


@dataclass(frozen=True, slots=True)
class LargestDeals:
    """The three largest, and their share of all that is open and has an amount."""

    deals: DealSet
    share: Decimal


@dataclass(frozen=True, slots=True)
class SharedDate:
    """The close date that the most open deals have."""

    deals: DealSet
    day: date
    dated: int


@dataclass(frozen=True, slots=True)
class BandRate:
    """How deals of one size ended. `share` and `days` are None where there are too few."""

    band: str
    won: int
    decided: int
    days: int | None

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.won) / self.decided if self.decided >= LEAST_DECIDED else None


@dataclass(frozen=True, slots=True)
class WinRates:
    """All decided deals, and by size where the amounts are known. `without_amount`: decided ones without one."""

    overall: BandRate
    bands: tuple[BandRate, ...]
    without_amount: int

    @property
    def is_by_band(self) -> bool:
        return bool(self.bands)


@dataclass(frozen=True, slots=True)
class WonByQuarter:
    """Won in the quarters before this one, the oldest first, from the first with revenue on. `last_month` is the
    share of a quarter that its third month brings, over all of them together."""

    quarters: tuple[tuple[Period, Decimal], ...]
    last_month: Decimal


@dataclass(frozen=True, slots=True)
class SilentClients:
    """Accounts that bought and have had nothing open for a year, each with what it bought, the largest first."""

    accounts: tuple[tuple[int, Decimal], ...]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is open with a close date in the quarter, against what is still to be won of a trial goal."""

    goal: Decimal
    won: Decimal
    deals: DealSet
    quarter: Period

    @property
    def still_to_win(self) -> Decimal:
        return max(self.goal - self.won, NOTHING)

    @property
    def ratio(self) -> Decimal | None:
        return self.deals.amount / self.still_to_win if self.still_to_win else None


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Open deals without an amount, and without a close date: they count in no sum."""

    no_amount: DealSet
    no_date: DealSet


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """`open` and `decided` are how many deals it looked at."""

    open: int
    decided: int
    unfilled: Unfilled | None
    past_date: DealSet | None
    no_next_step: DealSet | None
    old: OldDeals | None
    largest: LargestDeals | None
    shared_date: SharedDate | None
    rates: WinRates | None
    quarters: WonByQuarter | None
    silent: SilentClients | None
    coverage: Coverage | None


def look(
    deals: Iterable[DealFacts],
    *,
    today: date,
    first_month: int,
    mid_from: Decimal,
    big_from: Decimal,
    won: Mapping[date, MonthWon],
    goal: Decimal | None = None,
) -> FirstLook:
    """`won` is the revenue by the first day of each month, `first_month` starts the fiscal year."""
    all_deals = [deal for deal in deals if deal.status in (OPEN, WON, LOST)]
    by_status = defaultdict[str, list[DealFacts]](list)
    for deal in all_deals:
        by_status[deal.status].append(deal)
    open_deals, decided = by_status[OPEN], by_status[WON] + by_status[LOST]
    return FirstLook(
        open=len(open_deals),
        decided=len(decided),
        unfilled=find_unfilled(open_deals),
        past_date=find_past_date(open_deals, today=today),
        no_next_step=find_without_next_step(open_deals),
        old=find_old(open_deals, by_status[WON], today=today),
        largest=find_largest(open_deals),
        shared_date=find_shared_date(open_deals),
        rates=win_rates(decided, mid_from=mid_from, big_from=big_from),
        quarters=won_by_quarter(won, today=today, first_month=first_month),
        silent=find_silent_clients(all_deals, today=today),
        coverage=cover(open_deals, won, goal=goal, today=today, first_month=first_month),
    )


def _any_of(deals: Iterable[DealFacts]) -> DealSet | None:
    deal_set = DealSet.of(deals)
    return deal_set if deal_set.rows else None


def find_unfilled(open_deals: Sequence[DealFacts]) -> Unfilled | None:
    no_amount = DealSet.of(deal for deal in open_deals if deal.amount is None)
    no_date = DealSet.of(deal for deal in open_deals if deal.close_date is None)
    return Unfilled(no_amount, no_date) if no_amount.rows or no_date.rows else None


def find_past_date(open_deals: Iterable[DealFacts], *, today: date) -> DealSet | None:
    return _any_of(deal for deal in open_deals if deal.close_date is not None and deal.close_date < today)


def find_without_next_step(open_deals: Iterable[DealFacts]) -> DealSet | None:
    return _any_of(deal for deal in open_deals if not deal.next_step.strip())


def find_old(open_deals: Sequence[DealFacts], won: Iterable[DealFacts], *, today: date) -> OldDeals | None:
    """None without ten won deals that say when they began and when they were won."""
    usual = median_days(won)
    if usual is None:
        return None
    old = _any_of(
        deal
        for deal in open_deals
        if deal.opened_on is not None and (today - deal.opened_on).days > OLD * usual
    )
    undated = sum(deal.opened_on is None for deal in open_deals)
    return OldDeals(old, usual, undated) if old else None


def median_days(won: Iterable[DealFacts]) -> int | None:
    return usual_days((deal.opened_on, deal.close_date) for deal in won)


def find_largest(open_deals: Iterable[DealFacts]) -> LargestDeals | None:
    valued = DealSet.of(deal for deal in open_deals if deal.worth)
    if valued.number < LEAST_OPEN:
        return None
    largest = DealSet.of(valued.rows[:LARGEST])
    share = largest.amount / valued.amount
    return LargestDeals(largest, share) if share >= LEAST_SHARE else None


def find_shared_date(open_deals: Iterable[DealFacts]) -> SharedDate | None:
    dated = [deal for deal in open_deals if deal.close_date is not None]
    days = Counter(deal.close_date for deal in dated)
    if not days:
        return None
    number = max(days.values())
    day = min(day for day, times in days.items() if day is not None and times == number)
    if number < LEAST_ON_ONE_DAY or number < len(dated) * LEAST_SHARE_OF_ONE_DAY:
        return None
    return SharedDate(DealSet.of(deal for deal in dated if deal.close_date == day), day, len(dated))


def win_rates(decided: Sequence[DealFacts], *, mid_from: Decimal, big_from: Decimal) -> WinRates | None:
    """By size only where nearly all have an amount: lost deals often carry none, or zero, and would be missed."""
    if not decided:
        return None
    overall = _rate("all", decided)
    without = sum(not deal.worth for deal in decided)
    if without > len(decided) * MOST_WITHOUT_AMOUNT:
        return WinRates(overall, (), without)
    bands = {
        "small": [deal for deal in decided if NOTHING < deal.worth < mid_from],
        "mid": [deal for deal in decided if mid_from <= deal.worth < big_from],
        "big": [deal for deal in decided if deal.worth and deal.worth >= big_from],
    }
    return WinRates(overall, tuple(_rate(band, rows) for band, rows in bands.items() if rows), without)


def _rate(band: str, decided: Iterable[DealFacts]) -> BandRate:
    rows = list(decided)
    won = [deal for deal in rows if deal.status == WON]
    return BandRate(band, len(won), len(rows), median_days(won))


def won_by_quarter(won: Mapping[date, MonthWon], *, today: date, first_month: int) -> WonByQuarter | None:
    """The whole quarters of the last two years; None for fewer than two since the first revenue."""
    this = quarter_of(today, first_month=first_month)
    past = [(quarter, sum_months(won, quarter)) for quarter in quarters_before(this, first_month=first_month)]
    began = min((month for month, booked in won.items() if booked.amount), default=None)
    if began is None:
        return None
    quarters = [
        (quarter, amount) for quarter, amount in reversed(past) if quarter.start >= began.replace(day=1)
    ]
    total = sum((amount for _, amount in quarters), NOTHING)
    if len(quarters) < LEAST_QUARTERS or total <= 0:
        return None
    third = (months_in(quarter)[-1] for quarter, _ in quarters)
    last_month = sum((won[month].amount for month in third if month in won), NOTHING)
    return WonByQuarter(tuple(quarters), last_month / total)


def find_silent_clients(deals: Iterable[DealFacts], *, today: date) -> SilentClients | None:
    """Nothing open now, and nothing that was still open within the last year."""
    bought: dict[int, Decimal] = defaultdict(Decimal)
    active: set[int] = set()
    for deal in deals:
        if deal.account is None:
            continue
        if deal.status == WON:
            bought[deal.account] += deal.worth
        if deal.status == OPEN or deal.close_date is None or deal.close_date > today - A_YEAR:
            active.add(deal.account)
    silent = {account: amount for account, amount in bought.items() if account not in active}
    if not silent:
        return None
    ranked = sorted(silent.items(), key=lambda item: (-item[1], item[0]))
    return SilentClients(tuple(ranked), sum(silent.values(), NOTHING))


def cover(
    open_deals: Iterable[DealFacts],
    won: Mapping[date, MonthWon],
    *,
    goal: Decimal | None,
    today: date,
    first_month: int,
) -> Coverage | None:
    """None until a trial goal was typed."""
    if goal is None:
        return None
    quarter = quarter_of(today, first_month=first_month)
    closing = (deal for deal in open_deals if deal.close_date and quarter.contains(deal.close_date))
    return Coverage(goal, sum_months(won, quarter), DealSet.of(closing), quarter)
