"""What came of the deals a sales leader committed for a period, and the two judgements on it. Pure.

The outcome goes by the day a deal was won or lost, not by the day we learned it, and is worked out on reading:
taking a deal out of a later commit changes nothing. Formulas (ours, stated on the page; vendors and authors disagree):

- hit rate = won ÷ (won + slipped + lost), of the deals committed at least 14 days before they were won or lost in the
  period, or before its last day if neither happened in it; later ones are late adds;
- came from outside = won in the period but not committed for it 14 days before ÷ all won in it.

By count, and by amount: the hit rate by the amounts as committed, the other by the amounts as won. No percentage below
ten decided deals.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from alignment.rules.percentages import whole_per_cent
from alignment.rules.periods import Period
from deals.rules.time_to_win import LEAST_DECIDED

EARLY_ENOUGH_DAYS = 14
"""A commit counts when it was made so many days before the deal was decided."""
EARLY_ENOUGH = timedelta(days=EARLY_ENOUGH_DAYS)
NOTHING = Decimal(0)


class Outcome(StrEnum):
    OPEN = "open"
    WON = "won"
    SLIPPED = "slipped"
    LOST = "lost"
    REMOVED = "removed"

    @property
    def label(self) -> str:
        return self.value.capitalize()


DECIDED = frozenset({"won", "lost"})


class Removal(StrEnum):
    """Why a committed deal is removed: it counts neither as won nor as slipped or lost."""

    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed over"
    EARLIER = "earlier"
    """It was won before the period began, or is expected before it begins."""
    MERGED = "merged"
    """It was merged into another committed deal, which counts."""


class Commit(NamedTuple):
    """A deal committed for a period, with what is known of the deal now.

    `closed_on` is the day it was won or lost, of an open one the date it is expected. `away_on` is the day it went to
    another team, None while it is with the one that committed it; `withdrawn_on` the day it was withdrawn.
    """

    deal: int
    period: Period
    amount: Decimal | None
    close_date: date | None
    committed_on: date
    status: str
    closed_on: date | None
    away_on: date | None = None
    withdrawn_on: date | None = None
    is_merged: bool = False
    """Into another deal that is committed for the period too."""
    merged_from: int | None = None
    """The deal that was committed, where it was merged into `deal` since."""
    left_at: datetime | None = None

    @property
    def original(self) -> int:
        """The deal as it was committed."""
        return self.merged_from or self.deal


def join_commits(commit: Commit, duplicate: Commit) -> Commit:
    """The commit of a deal, and of another for the same period that was merged into it: from the earlier day, with what
    was committed for the deal itself where that is known. It left when the last of the two did.
    """
    left = [row.left_at for row in (commit, duplicate) if row.left_at is not None]
    return commit._replace(
        committed_on=min(commit.committed_on, duplicate.committed_on),
        amount=commit.amount if commit.amount is not None else duplicate.amount,
        close_date=commit.close_date or duplicate.close_date,
        left_at=max(left) if len(left) > 1 else None,
    )


class Result(NamedTuple):
    """`day` is when it was won, lost or removed; of a slipped deal when it was won or lost later, if it was."""

    outcome: Outcome
    day: date | None = None
    removal: Removal | None = None


def result_of(commit: Commit, *, today: date) -> Result:
    """What came of a committed deal as it is known on `today`."""
    if commit.is_merged:
        return Result(Outcome.REMOVED, commit.withdrawn_on, Removal.MERGED)
    decided_on, period = _decided_on(commit, today), commit.period
    if decided_on is not None:
        if commit.status == Outcome.WON and decided_on < period.start:
            return Result(Outcome.REMOVED, decided_on, Removal.EARLIER)
        if decided_on <= period.end:
            return Result(Outcome(commit.status), decided_on)
    gone = _gone(commit)
    if gone and gone.day is not None and gone.day <= period.end:
        return gone
    if today > period.end:
        return Result(Outcome.SLIPPED, decided_on)
    is_earlier = commit.closed_on is not None and commit.closed_on < period.start
    if is_earlier and today < period.start:
        return Result(Outcome.REMOVED, None, Removal.EARLIER)
    return Result(Outcome.OPEN)


def _decided_on(commit: Commit, today: date) -> date | None:
    """When it was won or lost while it was with the team. No deal is decided on a day still to come."""
    closed_on = commit.closed_on
    if commit.status not in DECIDED or closed_on is None:
        return None
    if commit.away_on is not None and commit.away_on < closed_on:
        return None
    return min(closed_on, today)


def _gone(commit: Commit) -> Result | None:
    """It is withdrawn or with another team; the earlier of the two."""
    if commit.away_on is None and commit.status != "withdrawn":
        return None
    reasons = [(commit.away_on, Removal.HANDED_OVER)]
    if commit.status == "withdrawn":
        reasons.append((commit.withdrawn_on, Removal.WITHDRAWN))
    known = [(day, removal) for day, removal in reasons if day is not None]
    if not known:
        return None
    day, removal = min(known)
    return Result(Outcome.REMOVED, day, removal)


def is_late(commit: Commit, result: Result) -> bool:
    """Whether it was committed less than 14 days before it was won or lost in the period, else before its last day."""
    decisive = result.day if result.outcome in DECIDED and result.day else commit.period.end
    return decisive - commit.committed_on < EARLY_ENOUGH


def days_late(commit: Commit, result: Result) -> int | None:
    """How many days after its committed close date a deal was won; negative: before it. None without the two."""
    if result.day is None or commit.close_date is None or result.outcome != Outcome.WON:
        return None
    return (result.day - commit.close_date).days


@dataclass(frozen=True, slots=True)
class Tally:
    """So many deals, and the sum of their amounts; some may have none."""

    number: int = 0
    amount: Decimal = NOTHING
    without_amount: int = 0

    @classmethod
    def of(cls, amounts: Iterable[Decimal | None]) -> Tally:
        known = list(amounts)
        return cls(len(known), sum(filter(None, known), NOTHING), sum(not amount for amount in known))

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.number + other.number,
            self.amount + other.amount,
            self.without_amount + other.without_amount,
        )

    @property
    def with_amount(self) -> int:
        return self.number - self.without_amount


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, in whole per cent, half up; None where the whole has too few deals, or no money."""

    part: Tally
    whole: Tally

    @property
    def by_count(self) -> int | None:
        if self.whole.number < LEAST_DECIDED:
            return None
        return whole_per_cent(self.part.number, self.whole.number)

    @property
    def by_amount(self) -> int | None:
        if self.whole.with_amount < LEAST_DECIDED:
            return None
        return whole_per_cent(self.part.amount, self.whole.amount)

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)


HIGH_HIT_RATE = 75
MUCH_OUTSIDE = 40


def point_apart(hit: Share, outside: Share) -> bool:
    """Whether the two rates, by amount or by count, say opposite things: most of what was committed was won, and much
    of what was won had not been committed. False where one of them has too few deals.
    """
    pairs = ((hit.by_amount, outside.by_amount), (hit.by_count, outside.by_count))
    return any(
        won is not None and extra is not None and won >= HIGH_HIT_RATE and extra >= MUCH_OUTSIDE
        for won, extra in pairs
    )


class Win(NamedTuple):
    """A won deal of the team; `amount` as it was won."""

    deal: int
    amount: Decimal | None
    day: date


class JudgedCommit(NamedTuple):
    commit: Commit
    result: Result
    is_late: bool

    @property
    def deal(self) -> int:
        """The deal as it was committed."""
        return self.commit.original

    @property
    def amount(self) -> Decimal | None:
        return self.commit.amount

    @property
    def is_late_add(self) -> bool:
        """Committed too late to count. A removed deal counts in nothing anyway."""
        return self.is_late and self.result.outcome != Outcome.REMOVED


def judge(commits: Iterable[Commit], *, today: date) -> list[JudgedCommit]:
    results = ((commit, result_of(commit, today=today)) for commit in commits)
    return [JudgedCommit(commit, result, is_late(commit, result)) for commit, result in results]


def wins_in(wins: Sequence[Win], period: Period) -> Sequence[Win]:
    """Those won in the period; `wins` are in the order of their days."""
    first = bisect_left(wins, period.start, key=_day_of)
    return wins[first : bisect_right(wins, period.end, key=_day_of)]


def _day_of(win: Win) -> date:
    return win.day


@dataclass(frozen=True, slots=True)
class HitRate:
    """The committed deals of a period by what came of them. Late adds are in `late` alone, whatever came of them."""

    counted: Mapping[Outcome, Tally]
    late: Tally

    @property
    def share(self) -> Share:
        """Won of what was won, slipped or lost."""
        won = self.counted[Outcome.WON]
        return Share(won, won + self.counted[Outcome.SLIPPED] + self.counted[Outcome.LOST])


def hit_rate(judged: Iterable[JudgedCommit]) -> HitRate:
    """Removed deals count in neither part of the rate, and are no late adds."""
    amounts: dict[Outcome, list[Decimal | None]] = defaultdict(list)
    late: list[Decimal | None] = []
    for row in judged:
        (late if row.is_late_add else amounts[row.result.outcome]).append(row.commit.amount)
    return HitRate({outcome: Tally.of(amounts[outcome]) for outcome in Outcome}, Tally.of(late))


@dataclass(frozen=True, slots=True)
class FromOutside:
    """The wins of a period that nobody had committed for it in time. `unjudged`: won before there were commits."""

    wins: Sequence[Win]
    all_wins: Tally
    unjudged: Tally

    @property
    def share(self) -> Share:
        return Share(Tally.of(win.amount for win in self.wins), self.all_wins)


def from_outside(
    wins: Sequence[Win], commits: Iterable[Commit], period: Period, *, began_on: date
) -> FromOutside:
    """`wins` are in the order of their days, `commits` those of the period. `began_on` is when the team first committed
    anything: what was won less than 14 days after it could not have been committed in time, and counts nowhere.
    """
    first = {commit.deal: commit.committed_on for commit in commits}
    in_period = wins_in(wins, period)
    judged = [win for win in in_period if win.day - began_on >= EARLY_ENOUGH]
    outside = [win for win in judged if win.deal not in first or win.day - first[win.deal] < EARLY_ENOUGH]
    return FromOutside(
        wins=sorted(outside, key=lambda win: (-(win.amount or NOTHING), win.deal)),
        all_wins=Tally.of(win.amount for win in judged),
        unjudged=Tally.of(win.amount for win in in_period if win.day - began_on < EARLY_ENOUGH),
    )
