"""What the committed deals of a team are read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import attrgetter, or_
from typing import NamedTuple

from django.db.models import Min, Q, QuerySet

from alignment.db.named_rows import named_rows
from alignment.models import Team
from alignment.rules.periods import Period, period_between
from deals.models import CommittedDeal, Deal, DealChange
from deals.rules.changes import Change
from deals.rules.commits import DECIDED, Commit, JudgedCommit, Outcome, Win, join_commits, judge
from deals.rules.reasons import reason_in_words


@dataclass(frozen=True, slots=True)
class CommittedPeriod:
    """A period for which the team committed deals; `began_on` is when it first did."""

    period: Period
    began_on: date


def period_key(period: Period) -> str:
    """How a period is named in addresses: by both days, because a January begins with its quarter."""
    return f"{period.start.isoformat()}_{period.end.isoformat()}"


def periods_of(team: Team, *, hidden_since: datetime | None = None) -> list[CommittedPeriod]:
    """All of them, the newest first, but for what was committed from `hidden_since` on. One query."""
    rows = (
        CommittedDeal.objects.known_before(hidden_since)
        .filter(team=team)
        .order_by("-period_start", "-period_end")
    )
    first_month = team.company.fiscal_year_start
    return [
        CommittedPeriod(period_between(start, end, first_month=first_month), began_on)
        for start, end, began_on in rows.values_list("period_start", "period_end").annotate(
            began_on=Min("committed_on")
        )
    ]


class CommittedRead(NamedTuple):
    """A committed deal as it was committed, and as it is known now; so is the deal that it was merged into."""

    deal: int
    period_start: date
    period_end: date
    amount: Decimal | None
    close_date: date | None
    committed_on: date
    left_at: datetime | None
    status: str
    closed_on: date | None
    team_now: int
    merged_into: int | None
    merged_status: str | None
    merged_closed_on: date | None
    merged_team: int | None


READ_FROM = {
    "status": "deal__status",
    "closed_on": "deal__close_date",
    "team_now": "deal__team",
    "merged_into": "deal__merged_into",
    "merged_status": "deal__merged_into__status",
    "merged_closed_on": "deal__merged_into__close_date",
    "merged_team": "deal__merged_into__team",
}
"""Where a query of committed deals finds what a `CommittedRead` says of the deals now."""


class EventRead(NamedTuple):
    """A change of a deal's status or team."""

    deal: int
    field: str
    new: str
    day: date
    from_team: int | None


class WonRead(NamedTuple):
    """A deal of the team that is won."""

    pk: int
    amount: Decimal | None
    close_date: date


class _Now(NamedTuple):
    """A deal as last known."""

    pk: int
    status: str
    close_date: date | None
    team: int


def read_committed(
    team: Team, periods: Sequence[Period], *, today: date, hidden_since: datetime | None = None
) -> list[JudgedCommit]:
    """The committed deals of these periods and what came of them. One query; one more where some were withdrawn, went
    to another team or have no believable day.
    """
    is_of_one = reduce(or_, (Q(period_start=row.start, period_end=row.end) for row in periods))
    rows = CommittedDeal.objects.known_before(hidden_since).filter(is_of_one, team=team).order_by()
    read = named_rows(rows, into=CommittedRead, **READ_FROM)
    commits = commits_of(read, periods, team, hidden_since=hidden_since)
    odd = {commit.deal for commit in commits if _needs_days(commit, today)}
    events = named_rows(events_of(Q(deal__in=odd)), into=EventRead) if odd else ()
    return judge(with_days(commits, events, team, today=today), today=today)


def commits_of(
    rows: Iterable[CommittedRead], periods: Iterable[Period], team: Team, *, hidden_since: datetime | None
) -> list[Commit]:
    """What these rows say, wherever they were read. `periods` are those that they are of."""
    by_days = {(period.start, period.end): period for period in periods}
    commits: list[Commit] = []
    merged: dict[int, int] = {}
    targets: dict[int, _Now] = {}
    for row in rows:
        is_away = row.team_now != team.pk
        has_left = row.left_at is not None and (hidden_since is None or row.left_at < hidden_since)
        if row.merged_into and row.merged_status and row.merged_team:
            merged[len(commits)] = row.merged_into
            targets[row.merged_into] = _Now(
                row.merged_into, row.merged_status, row.merged_closed_on, row.merged_team
            )
        commits.append(
            Commit(
                deal=row.deal,
                period=by_days[row.period_start, row.period_end],
                amount=row.amount,
                close_date=row.close_date,
                committed_on=row.committed_on,
                status=row.status,
                closed_on=row.closed_on,
                away_on=row.committed_on if is_away else None,
                left_at=row.left_at if has_left else None,
            )
        )
    if merged:
        _follow_merged(commits, merged, targets, team)
    return commits


def judge_rows(deal: Deal, rows: Sequence[CommittedDeal], *, today: date) -> list[JudgedCommit]:
    """What came of one deal in each period for which its team committed it, by the rule of the list: `rows` are those
    of the deal and of others that were merged into it, judged in their order. At most one query.
    """
    first_month = deal.team.company.fiscal_year_start
    commits = [
        Commit(
            deal=row.deal_id,
            period=period_between(row.period_start, row.period_end, first_month=first_month),
            amount=row.amount,
            close_date=row.close_date,
            committed_on=row.committed_on,
            status=deal.status,
            closed_on=deal.close_date,
            away_on=None if row.team_id == deal.team_id else row.committed_on,
            left_at=row.left_at,
        )
        for row in rows
    ]
    merged = {position: deal.pk for position, row in enumerate(rows) if row.deal_id != deal.pk}
    if merged:
        now = _Now(deal.pk, deal.status, deal.close_date, deal.team_id)
        _follow_merged(commits, merged, {deal.pk: now}, deal.team)
    odd = {commit.deal for commit in commits if _needs_days(commit, today)}
    events = named_rows(events_of(Q(deal__in=odd)), into=EventRead) if odd else ()
    return judge(with_days(commits, events, deal.team, today=today), today=today)


def _follow_merged(
    commits: list[Commit], merged: Mapping[int, int], targets: Mapping[int, _Now], team: Team
) -> None:
    """A deal that was merged into another counts as that one. Where that one is committed for the period itself, it
    counts once, from the earlier day. `merged`: by the position of a commit, the other deal; `targets` are those.
    """
    there = {(commit.deal, commit.period): position for position, commit in enumerate(commits)}
    for position, target in merged.items():
        commit, now = commits[position], targets[target]
        other = there.setdefault((target, commit.period), position)
        if other != position:
            commits[other] = join_commits(commits[other], commit)
            commits[position] = commit._replace(is_merged=True)
            continue
        commits[position] = commit._replace(
            deal=target,
            merged_from=commit.deal,
            status=now.status,
            closed_on=now.close_date,
            away_on=None if now.team == team.pk else commit.committed_on,
        )


def events_of(deals: Q) -> QuerySet[DealChange]:
    """Changes of the status or team of these deals, the oldest first. An import that was undone leaves no trace."""
    changes = DealChange.objects.standing().filter(deals, field__in=("status", "team"))
    return changes.order_by("at", "pk")


def with_days(
    commits: Iterable[Commit], events: Iterable[EventRead], team: Team, *, today: date
) -> list[Commit]:
    """The days on which deals were withdrawn or went to another team, or, where a decided deal has no day or one
    still to come, on which we learned of it. Without a record of it the day of the commit. `events` are those of such
    deals at least, the oldest first.
    """
    by_deal: dict[int, list[EventRead]] = defaultdict(list)
    for event in events:
        by_deal[event.deal].append(event)
    return [
        _dated(commit, by_deal[commit.deal], team, today) if _needs_days(commit, today) else commit
        for commit in commits
    ]


def _dated(commit: Commit, events: Sequence[EventRead], team: Team, today: date) -> Commit:
    learned = (
        _last_day(event for event in events if event.field == "status" and event.new == commit.status)
        or commit.committed_on
    )
    left = _last_day(event for event in events if event.from_team == team.pk) or commit.committed_on
    return commit._replace(
        withdrawn_on=learned if commit.status == Deal.Status.WITHDRAWN else None,
        closed_on=learned if _is_decided_without_a_day(commit, today) else commit.closed_on,
        away_on=left if commit.away_on else None,
    )


def _last_day(events: Iterable[EventRead]) -> date | None:
    return max((event.day for event in events), default=None)


def _needs_days(commit: Commit, today: date) -> bool:
    if commit.away_on is not None or commit.status == "withdrawn":
        return True
    return _is_decided_without_a_day(commit, today)


def _is_decided_without_a_day(commit: Commit, today: date) -> bool:
    return commit.status in DECIDED and (commit.closed_on is None or commit.closed_on > today)


def changes_of(deals: Collection[int], *fields: str) -> dict[int, list[Change]]:
    """The changes of these fields by deal, oldest first, each with its reason in words. An import that was undone
    leaves no trace. One query.
    """
    rows = DealChange.objects.standing().filter(deal__in=deals, field__in=fields).order_by("at", "pk")
    changes: dict[int, list[Change]] = defaultdict(list)
    for deal, field, old, new, day, kind, reason in rows.values_list(
        "deal", "field", "old", "new", "day", "reason_kind", "reason"
    ):
        changes[deal].append(Change(field, old, new, day, reason_in_words(kind, reason), kind))
    return changes


def read_wins(team: Team, rows: Iterable[JudgedCommit], *, first: date, last: date) -> list[Win]:
    """Deals of the team won from `first` to `last`. One query."""
    won = named_rows(won_between(team, first, last), into=WonRead)
    return join_wins([Win(*row) for row in won], rows)


def won_between(team: Team, first: date, last: date) -> QuerySet[Deal]:
    return Deal.objects.filter(team=team, status=Deal.Status.WON, close_date__range=(first, last)).order_by()


def join_wins(won: Iterable[Win], rows: Iterable[JudgedCommit]) -> list[Win]:
    """Won deals and those that were committed and won, in the order of their days; of the latter the day is that of
    their outcome.
    """
    wins = {win.deal: win for win in won}
    for commit, result, _ in rows:
        if result.outcome == Outcome.WON and result.day is not None:
            known = wins.get(commit.deal)
            if known is None or known.day != result.day:
                wins[commit.deal] = Win(commit.deal, known.amount if known else commit.amount, result.day)
    return sorted(wins.values(), key=attrgetter("day"))
