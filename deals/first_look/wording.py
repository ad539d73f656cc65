"""The findings of a first look as sentences, for one reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from alignment.rules.formatting import MoneyFormat, compact, longday, percent
from alignment.rules.formatting import number as figure
from deals.rules.first_look import OLD, BandRate, DealFacts, DealSet, FirstLook

BANDS = {"small": "Small", "mid": "Mid-size", "big": "Big", "all": "All"}


def count(number: int, one: str, several: str = "") -> str:
    """A number in figures with its noun: "1 deal", "2,089 deals"."""
    return f"{figure(number)} {one if number == 1 else several or f'{one}s'}"


@dataclass(frozen=True, slots=True)
class RowLine:
    """One deal, client, size or quarter behind a sentence. `url` is empty where there is no page of it."""

    name: str
    detail: str = ""
    figure: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`note` says what could not be counted. `deals` are those behind it; `more` how many are not listed."""

    kind: str
    text: str
    note: str = ""
    deals: tuple[DealFacts, ...] = ()
    rows: tuple[RowLine, ...] = ()
    more: int = 0
    promise: str = ""
    risk: str = ""

    @property
    def label(self) -> str:
        """What unfolds the rows."""
        if self.deals:
            return count(len(self.deals), "deal")
        return "Figures" if self.kind in ("rates", "quarters") else "Clients"


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of a first look, for one reader."""

    first: FirstLook
    m: MoneyFormat

    def sentences(self) -> Iterator[Sentence]:
        """At most ten, in order of what is most telling."""
        for sentence in (
            self.past_date(),
            self.no_next_step(),
            self.old(),
            self.largest(),
            self.shared_date(),
            self.silent(),
            self.rates(),
            self.quarters(),
            self.coverage(),
            self.unfilled(),
        ):
            if sentence is not None:
                yield sentence

    def past_date(self) -> Sentence | None:
        deals = self.first.past_date
        if deals is None:
            return None
        verb = "has" if deals.number == 1 else "have"
        return Sentence(
            "past_date",
            f"{self._open(deals)} {verb} a close date that has passed{self._together(deals)}.",
            self._without_amount(deals),
            deals.rows,
            promise=f"Agree a date with the buyer, or close it, for {self._open(deals)} past the close date",
            risk="Its close date has passed, and it is still open.",
        )

    def no_next_step(self) -> Sentence | None:
        deals = self.first.no_next_step
        if deals is None:
            return None
        if deals.number == self.first.open > 1:
            return Sentence(
                "no_next_step",
                f"None of the {figure(deals.number)} open deals has a next step.",
                "If your CRM has such a column, include it in the next export.",
                deals.rows,
                promise=f"Enter the next step of each of the {figure(deals.number)} open deals",
            )
        verb = "has" if deals.number == 1 else "have"
        return Sentence(
            "no_next_step",
            f"{figure(deals.number)} of {self._all_open()} {verb} no next step{self._together(deals)}.",
            self._without_amount(deals),
            deals.rows,
            promise=f"Enter the next step of {self._open(deals)} without one",
        )

    def old(self) -> Sentence | None:
        old = self.first.old
        if old is None:
            return None
        verb = "is" if old.deals.number == 1 else "are"
        limit = count(old.median_days * OLD, "day")
        undated = (
            f"{count(old.undated, 'open deal does', 'open deals do')} not say when they began."
            if old.undated
            else ""
        )
        return Sentence(
            "old",
            f"{self._open(old.deals)} {verb} older than {limit}, twice the time a won deal usually takes"
            f"{self._together(old.deals)}.",
            " ".join(filter(None, (undated, self._without_amount(old.deals)))),
            old.deals.rows,
            promise=f"Decide which of {self._open(old.deals)} older than {limit} to close",
            risk=f"It has been open for longer than {limit}; won deals usually take {old.median_days}.",
        )

    def largest(self) -> Sentence | None:
        largest = self.first.largest
        if largest is None:
            return None
        return Sentence(
            "largest",
            f"The three largest deals are {percent(largest.share)} of the amount that is open"
            f"{self._together(largest.deals)}.",
            self._open_without_amount(),
            largest.deals.rows,
            promise="Say what could stop each of the three largest deals",
            risk=f"The three largest deals are {percent(largest.share)} of what is open, and this is the first.",
        )

    def shared_date(self) -> Sentence | None:
        shared = self.first.shared_date
        if shared is None:
            return None
        return Sentence(
            "shared_date",
            f"{self._open(shared.deals)} of {figure(shared.dated)} with a date are to close on the same day, "
            f"{longday(shared.day)}: this looks set by the CRM, not by a buyer.",
            "",
            shared.deals.rows,
            promise=f"Ask the buyers for their own dates: {self._open(shared.deals)} are to close on "
            f"{longday(shared.day)}",
        )

    def silent(self) -> Sentence | None:
        silent = self.first.silent
        if silent is None:
            return None
        number = len(silent.accounts)
        clients = count(number, "client", "clients")
        return Sentence(
            "silent",
            f"{clients} bought before and {'has' if number == 1 else 'have'} had nothing open for a year"
            f"{self._brought(silent.amount)}.",
            promise=f"Call {clients} without an open deal for a year",
        )

    def rates(self) -> Sentence | None:
        rates = self.first.rates
        if rates is None:
            return None
        overall = rates.overall
        if overall.share is None:
            text = f"Too few deals are decided for a win rate: {self._won_of(overall)}."
        else:
            days = f", in {count(overall.days, 'day')} (median)" if overall.days is not None else ""
            text = f"{percent(overall.share)} of decided deals are won ({self._won_of(overall)}){days}."
        note = ""
        if not rates.is_by_band:
            note = f"{count(rates.without_amount, 'decided deal has', 'decided deals have')} no amount, so there "
            note += "is no win rate by size."
        rows = tuple(RowLine(BANDS[band.band], self._days(band), self._rate(band)) for band in rates.bands)
        promise = "Agree what would win one more in ten deals"
        return Sentence("rates", text, note, rows=rows, promise=promise)

    def quarters(self) -> Sentence | None:
        quarters = self.first.quarters
        if quarters is None:
            return None
        amounts = [amount for _, amount in quarters.quarters]
        return Sentence(
            "quarters",
            f"The last {figure(len(amounts))} quarters brought between {compact(min(amounts), self.m)} and "
            f"{compact(max(amounts), self.m)} each; {percent(quarters.last_month)} came in the third month of a "
            "quarter.",
            rows=tuple(
                RowLine(quarter.label, figure=compact(amount, self.m))
                for quarter, amount in quarters.quarters
            ),
            promise="Agree how the first two months of a quarter bring more",
        )

    def coverage(self) -> Sentence | None:
        coverage = self.first.coverage
        if coverage is None:
            return None
        goal, won = compact(coverage.goal, self.m), compact(coverage.won, self.m)
        if coverage.ratio is None:
            text = f"A goal of {goal} for {coverage.quarter.label} is reached: {won} is won."
            return Sentence("coverage", text)
        times = f"{coverage.ratio:.1f}"
        return Sentence(
            "coverage",
            f"With a goal of {goal} for {coverage.quarter.label}, {compact(coverage.still_to_win, self.m)} is still "
            f"to win; {compact(coverage.deals.amount, self.m)} is open with a date in the quarter, {times} times that.",
            self._without_amount(coverage.deals),
            coverage.deals.rows,
            promise=f"Say where {compact(coverage.still_to_win, self.m)} of {coverage.quarter.label} will come from",
        )

    def unfilled(self) -> Sentence | None:
        unfilled = self.first.unfilled
        if unfilled is None:
            return None
        missing = [
            f"{count(deals.number, 'has', 'have')} no {what}"
            for deals, what in ((unfilled.no_amount, "amount"), (unfilled.no_date, "close date"))
            if deals.number
        ]
        rows = {deal.pk: deal for deal in (*unfilled.no_amount.rows, *unfilled.no_date.rows)}
        return Sentence(
            "unfilled",
            f"Of {self._all_open()}, {' and '.join(missing)}. No sum on this page counts them.",
            "",
            tuple(rows.values()),
            promise=f"Enter what is missing in {count(len(rows), 'open deal')}",
        )

    # Parts of sentences

    def _open(self, deals: DealSet) -> str:
        return count(deals.number, "open deal")

    def _all_open(self) -> str:
        return count(self.first.open, "open deal")

    def _together(self, deals: DealSet) -> str:
        if not deals.amount:
            return ""
        return f", {compact(deals.amount, self.m)}{' together' if deals.number > 1 else ''}"

    def _brought(self, amount: Decimal) -> str:
        return f"; they brought {compact(amount, self.m)}" if amount else ""

    def _without_amount(self, deals: DealSet) -> str:
        if not deals.without_amount:
            return ""
        return f"{figure(deals.without_amount)} of them {'has' if deals.without_amount == 1 else 'have'} no amount."

    def _open_without_amount(self) -> str:
        number = self.first.unfilled.no_amount.number if self.first.unfilled else 0
        return f"{count(number, 'open deal has', 'open deals have')} no amount." if number else ""

    def _won_of(self, rate: BandRate) -> str:
        return f"{figure(rate.won)} of {figure(rate.decided)}"

    def _rate(self, rate: BandRate) -> str:
        if rate.share is None:
            return f"too few ({self._won_of(rate)})"
        return f"{percent(rate.share)} ({self._won_of(rate)})"

    def _days(self, rate: BandRate) -> str:
        return f"{count(rate.days, 'day')} to win" if rate.days is not None else ""
