"""What the committed deals of a team are read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Case, IntegerField, Min, Value, When

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


class _Now(NamedTuple):
    """A deal as last known."""

    pk: int
    status: str
    close_date: date | None
    team: int


def read_committed(
    team: Team, periods: Sequence[Period], *, today: date, hidden_since: datetime | None = None
) -> list[JudgedCommit]:
    """The committed deals of these periods and what came of them. One query; one more where deals were merged, and one
    where some were withdrawn, went to another team or have no believable day.
    """
    which = Case(
        *(
            When(period_start=period.start, period_end=period.end, then=Value(position))
            for position, period in enumerate(periods)
        ),
        output_field=IntegerField(),
    )
    rows = CommittedDeal.objects.known_before(hidden_since).filter(team=team)
    rows = rows.annotate(which=which).exclude(which=None)
    commits: list[Commit] = []
    merged: dict[int, int] = {}
    for deal, position, amount, close_date, committed_on, left_at, *now in rows.order_by().values_list(
        *("deal", "which", "amount", "close_date", "committed_on", "left_at"),
        *("deal__status", "deal__close_date", "deal__team", "deal__merged_into"),
    ):
        status, closed_on, team_now, merged_into = now
        away_on = None if team_now == team.pk else committed_on
        commit = Commit(deal, periods[position], amount, close_date, committed_on, status, closed_on, away_on)
        if left_at and (hidden_since is None or left_at < hidden_since):
            commit = commit._replace(left_at=left_at)
        if merged_into:
            merged[len(commits)] = merged_into
        commits.append(commit)
    if merged:
        _follow_merged(commits, merged, _deals_now(set(merged.values())), team)
    return judge(_with_days(commits, team, today), today=today)


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
    return judge(_with_days(commits, deal.team, today), today=today)


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


def _deals_now(pks: Collection[int]) -> dict[int, _Now]:
    return {row.pk: row for row in named_rows(Deal.objects.filter(pk__in=pks).order_by(), into=_Now)}


class _Event(NamedTuple):
    """A change of a deal's status or team."""

    deal: int
    field: str
    new: str
    day: date
    from_team: int | None


def _with_days(commits: list[Commit], team: Team, today: date) -> list[Commit]:
    """The days on which deals were withdrawn or went to another team, or, where a decided deal has no day or one
    still to come, on which we learned of it. Without a record of it the day of the commit.
    """
    odd = {position: commit for position, commit in enumerate(commits) if _needs_days(commit, today)}
    if not odd:
        return commits
    rows = DealChange.objects.standing().filter(
        deal__in={commit.deal for commit in odd.values()}, field__in=("status", "team")
    )
    rows = rows.order_by("at", "pk")
    events: dict[int, list[_Event]] = defaultdict(list)
    for event in named_rows(rows, into=_Event):
        events[event.deal].append(event)
    for position, commit in odd.items():
        commits[position] = _dated(commit, events[commit.deal], team, today)
    return commits


def _dated(commit: Commit, events: Sequence[_Event], team: Team, today: date) -> Commit:
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


def _last_day(events: Iterable[_Event]) -> date | None:
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
    """Deals of the team won from `first` to `last`, in the order of their days; of committed ones the day is that of
    their outcome. One query.
    """
    won = Deal.objects.filter(team=team, status=Deal.Status.WON, close_date__range=(first, last))
    rows_won = won.order_by().values_list("pk", "amount", "close_date")
    return join_wins([Win(pk, amount, day) for pk, amount, day in rows_won if day is not None], rows)


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
