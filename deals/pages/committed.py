"""What a team committed, period by period, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from alignment.db.search_keys import contains
from alignment.models import Team
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import Period
from alignment.web.listing import Listing
from deals.committed.queries import (
    CommittedPeriod,
    period_key,
    periods_of,
    read_committed,
    read_wins,
)
from deals.models import Deal
from deals.pages.committed_lines import CommittedLine, build_lines
from deals.registry.commits import pending_commit
from deals.rules.commits import (
    EARLY_ENOUGH_DAYS,
    HIGH_HIT_RATE,
    MUCH_OUTSIDE,
    FromOutside,
    HitRate,
    JudgedCommit,
    Outcome,
    Share,
    Tally,
    Win,
    from_outside,
    hit_rate,
    point_apart,
)
from deals.rules.time_to_win import LEAST_DECIDED
from deals.tables.writer import Value

MOST_PERIODS = 8
PAGE = 15
"""So many deals are a page: a phone shows it in a few screens."""
LATE, OUTSIDE = "late", "outside"
KINDS = (
    ("", "All committed"),
    *((outcome.value, outcome.label) for outcome in Outcome),
    (LATE, "Late adds"),
    (OUTSIDE, "Won from outside"),
)


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One period: what was committed for it and the two judgements. No rate before it is over."""

    period: Period
    committed: Tally | None
    """None while the CEO may not read the sum yet: the preparation is submitted, and its meeting has not started."""
    rate: HitRate
    outside: FromOutside
    is_over: bool
    is_current: bool

    @property
    def key(self) -> str:
        return period_key(self.period)

    @property
    def is_undercommitted(self) -> bool:
        return self.is_over and point_apart(self.rate.share, self.outside.share)

    @property
    def won(self) -> Tally:
        return self.rate.counted[Outcome.WON]


@dataclass(frozen=True, slots=True)
class CountLine:
    """One outcome of the period, with the filter that shows its rows."""

    kind: str
    label: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class CommittedPage:
    team: Team
    m: MoneyFormat
    periods: tuple[PeriodLine, ...]
    """The newest first, at most eight and the one that is looked at."""
    current: PeriodLine
    kind: str
    early_enough_days: int = EARLY_ENOUGH_DAYS
    least_decided: int = LEAST_DECIDED
    high_hit_rate: int = HIGH_HIT_RATE
    much_outside: int = MUCH_OUTSIDE

    @property
    def counts(self) -> tuple[CountLine, ...]:
        counted, late = self.current.rate.counted, self.current.rate.late
        by_outcome = [CountLine(row.value, row.label, counted[row]) for row in Outcome]
        return (*by_outcome, CountLine(LATE, "Late adds", late))

    @property
    def is_of_wins(self) -> bool:
        """Whether deals won from outside are listed."""
        return self.kind == OUTSIDE

    @property
    def finished(self) -> tuple[PeriodLine, ...]:
        return tuple(line for line in self.periods if line.is_over)

    @property
    def total_rate(self) -> Share:
        """Over all finished periods of the table."""
        return sum((line.rate.share for line in self.finished), Share(Tally(), Tally()))

    @property
    def total_outside(self) -> Share:
        return sum((line.outside.share for line in self.finished), Share(Tally(), Tally()))


@dataclass(frozen=True, slots=True)
class Committed:
    """What was read for the page; `rows` and `wins` are those that match its filters, the largest first."""

    page: CommittedPage
    rows: Sequence[JudgedCommit | Win]
    build_lines: Callable[[Sequence[JudgedCommit | Win]], list[CommittedLine]]


def read_page(listing: Listing, team: Team, *, today: date) -> Committed | None:
    """None where the team has not committed anything yet that this person may read. At most six queries, and two for
    the lines.
    """
    pending = pending_commit(team, listing.user)
    known = periods_of(team, hidden_since=pending.hidden_since)
    if not known:
        return None
    selected = _selected_period(listing, known, today)
    kind = listing.choose("show", "Show", KINDS)
    periods = [row.period for row in known[:MOST_PERIODS]]
    periods += [selected] if selected not in periods else []
    rows = read_committed(team, periods, today=today, hidden_since=pending.hidden_since)
    first, last = min(row.start for row in periods), max(row.end for row in periods)
    wins = read_wins(team, rows, first=first, last=last)
    began_on = min(row.began_on for row in known)
    by_period: dict[Period, list[JudgedCommit]] = defaultdict(list)
    for row in rows:
        by_period[row.commit.period].append(row)
    lines = [
        _period_line(
            period,
            by_period[period],
            wins,
            began_on,
            today,
            is_current=period == selected,
            hides_total=pending.hides_totals and period.end >= today,
        )
        for period in periods
    ]
    current = next(line for line in lines if line.is_current)
    page = CommittedPage(team, listing.money(team), tuple(lines), current, kind)
    matching = _matching(kind, by_period[selected], current.outside.wins)
    listed = _search(listing, sorted(matching, key=_largest_first))
    build = partial(build_lines, listing=listing, team=team, committed=by_period[selected])
    return Committed(page, listed, build)


def _selected_period(listing: Listing, known: Sequence[CommittedPeriod], today: date) -> Period:
    """The one that is asked for, else the newest that has begun, else the next."""
    begun = [row.period for row in known if row.period.start <= today]
    default = begun[0] if begun else known[-1].period
    in_order = [default, *(row.period for row in known if row.period != default)]
    options = [(period_key(period), period.label) for period in in_order]
    selected = listing.choose("period", "Period", options)
    return next(period for period in in_order if period_key(period) == selected)


def _period_line(
    period: Period,
    rows: Sequence[JudgedCommit],
    wins: Sequence[Win],
    began_on: date,
    today: date,
    *,
    is_current: bool,
    hides_total: bool,
) -> PeriodLine:
    return PeriodLine(
        period=period,
        committed=None if hides_total else Tally.of(row.commit.amount for row in rows),
        rate=hit_rate(rows),
        outside=from_outside(wins, [row.commit for row in rows], period, began_on=began_on),
        is_over=period.end < today,
        is_current=is_current,
    )


def _matching(
    kind: str, rows: Iterable[JudgedCommit], outside: Iterable[Win]
) -> Iterable[JudgedCommit | Win]:
    """The rows behind one figure of the page."""
    if kind == OUTSIDE:
        return outside
    if kind == LATE:
        return (row for row in rows if row.is_late_add)
    if kind:
        return (row for row in rows if row.result.outcome == kind and not row.is_late_add)
    return rows


def _largest_first(row: JudgedCommit | Win) -> tuple[Decimal, int]:
    return -(row.amount or Decimal(0)), row.deal


def _search(listing: Listing, rows: Sequence[JudgedCommit | Win]) -> Sequence[JudgedCommit | Win]:
    if not listing.q:
        return rows
    deals = Deal.objects.filter(contains(listing.q, "name_key", "account__name_key"))
    pks = set(deals.filter(pk__in=[row.deal for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row.deal in pks]


COLUMNS = (
    *("Team", "Period", "First day", "Last day", "Deal", "Account", "Rep", "Currency"),
    *("Committed on", "Amount as committed", "Close date as committed", "Outcome", "Day", "What came"),
    *("Late add", "Left the commit", "Pushes", "Last reason"),
)


def committed_table(committed: Committed | None) -> Iterator[tuple[Value, ...]]:
    """The rows of the page's filters as a file."""
    yield COLUMNS
    if committed is None:
        return
    page = committed.page
    period = page.current.period
    for line in committed.build_lines(committed.rows):
        commit = line.commit
        yield (
            page.team.name,
            period.label,
            period.start,
            period.end,
            line.deal.name,
            line.deal.account.name if line.deal.account else "",
            line.deal.rep_name,
            page.m.currency,
            commit.committed_on if commit else None,
            commit.amount if commit else None,
            commit.close_date if commit else None,
            line.label,
            line.result.day,
            line.what_came,
            "yes" if line.is_late else "",
            line.left_on,
            Decimal(len(line.pushes)),
            line.pushes[-1].push.reason if line.pushes else "",
        )
