"""What came of the commits of periods that ended lately, read as columns of a query of teams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from alignment.rules.periods import Period, period_between
from deals.committed.queries import (
    READ_FROM,
    CommittedRead,
    EventRead,
    WonRead,
    commits_of,
    events_of,
    join_wins,
    with_days,
    won_between,
)
from deals.models import CommittedDeal
from deals.rules.commits import FromOutside, HitRate, Win, from_outside, hit_rate, judge

LONGEST_PERIOD = timedelta(days=92)


class FirstCommitRead(NamedTuple):
    committed_on: date


class EndedRead(NamedTuple):
    commits: Sequence[CommittedRead]
    events: Sequence[EventRead]
    won: Sequence[WonRead]
    first: Sequence[FirstCommitRead]
    """When the team first committed anything, or nothing."""


@dataclass(frozen=True, slots=True)
class EndedPeriod:
    period: Period
    rate: HitRate
    outside: FromOutside


def ended_columns(
    team: Team, since: date, *, today: date, hidden_since: datetime | None = None
) -> dict[str, JsonRows]:
    """Columns of the periods that ended from `since` to yesterday, in the order of an `EndedRead`. A period ends with a
    month: where no month did, nothing is read.
    """
    known = CommittedDeal.objects.known_before(hidden_since).filter(team=team).order_by()
    ended = known.filter(period_end__gte=since, period_end__lt=today)
    deals = Q(deal__in=ended.values("deal")) | Q(deal__in=ended.values("deal__merged_into"))
    events, won = events_of(deals), won_between(team, since - LONGEST_PERIOD, today - timedelta(days=1))
    first = known.order_by("committed_on")[:1]
    if (since.year, since.month) == (today.year, today.month):
        ended, events, won, first = ended.none(), events.none(), won.none(), first.none()
    return {
        "ended_commit_rows": JsonRows(ended, into=CommittedRead, **READ_FROM),
        "ended_event_rows": JsonRows(events, into=EventRead),
        "ended_won_rows": JsonRows(won, into=WonRead, pk="id"),
        "first_commit_rows": JsonRows(first, into=FirstCommitRead),
    }


def ended_periods(
    team: Team, read: EndedRead, *, today: date, hidden_since: datetime | None = None
) -> Iterator[EndedPeriod]:
    """Each period of which something was committed, the oldest first."""
    first_month = team.company.fiscal_year_start
    days = sorted({(row.period_start, row.period_end) for row in read.commits})
    periods = [period_between(*pair, first_month=first_month) for pair in days]
    commits = commits_of(read.commits, periods, team, hidden_since=hidden_since)
    judged = judge(with_days(commits, read.events, team, today=today), today=today)
    wins = join_wins([Win(*row) for row in read.won], judged)
    for period in periods:
        rows = [row for row in judged if row.commit.period == period]
        yield EndedPeriod(
            period,
            hit_rate(rows),
            from_outside(wins, [row.commit for row in rows], period, began_on=read.first[0].committed_on),
        )
