"""Beside at most three teams of a CEO one question worth asking, from what their deals, risks and plans show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple
from uuid import uuid4

from django.db.models import (
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    TextField,
)

from alignment.db.json_aggregation import JsonRows
from alignment.db.union_columns import constant, empty
from alignment.models import User
from alignment.rules.formatting import counted, spell_number
from alignment.rules.roles import Role
from deals.models import Deal, DealChange, Risk
from deals.rules.changes import parse_day
from deals.rules.pace import NEWS
from deals.rules.risks import STALE_AFTER
from deals.rules.slips import PUSHES_UNTIL_UNRELIABLE, push_counts
from meetings.home.team_snapshots import TeamSnapshot
from meetings.home.values import QuarterStanding, WorthAsking
from meetings.models import Initiative, Issue, Meeting
from meetings.models.initiatives import plans_read_by
from meetings.rules.worth_asking import GOOD_WEEKS, Signs, question_for

MOST = 3
MOST_READ = 30


class MoveRow(NamedTuple):
    old: str
    new: str


class CandidateRow(NamedTuple):
    kind: str
    pk: int
    team: int
    name: str
    amount: Decimal | None
    moves: list[MoveRow]


def questions_worth_asking(
    teams: Sequence[TeamSnapshot], standings: Mapping[int, QuarterStanding], user: User
) -> dict[int, WorthAsking]:
    """By team, for teams whose CEO the user is: one query, or none when they turned it off."""
    own = [team for team in teams if team.role == Role.CEO]
    if not own or not user.worth_asking:
        return {}
    best: dict[int, tuple[tuple[int, Decimal], WorthAsking]] = {}
    for rank, asking in _candidates(own, standings, user):
        if asking.team not in best or rank < best[asking.team][0]:
            best[asking.team] = rank, asking
    first = sorted(best.values(), key=lambda ranked: ranked[0])[:MOST]
    return {asking.team: asking for _, asking in first}


Ranked = tuple[tuple[int, Decimal], WorthAsking]


def _candidates(
    teams: Sequence[TeamSnapshot], standings: Mapping[int, QuarterStanding], user: User
) -> Iterator[Ranked]:
    """Each with its rank: the order of the rules, then the amount."""
    by_pk = {team.pk: team for team in teams}
    rows = candidate_rows(user, list(by_pk))
    already_raised = {(row.team, row.name) for row in rows if row.kind == "issue"}
    for row in rows:
        if row.kind != "issue":
            yield from _ranked(
                by_pk[row.team], f"{row.kind}-{row.pk}", row.name, _signs(row, by_pk[row.team]), row.amount
            )
    for team in teams:
        signs = Signs(good_weeks=good_weeks(team, standings.get(team.pk)))
        for rank, asking in _ranked(team, "", team.name, signs, None):
            if (team.pk, asking.title) not in already_raised:
                yield rank, asking


def _ranked(
    team: TeamSnapshot, about: str, name: str, signs: Signs, amount: Decimal | None
) -> Iterator[Ranked]:
    if (match := question_for(signs)) is not None:
        order, question = match
        asking = WorthAsking(team.pk, team.slug, about, name, _why(signs), question, uuid4())
        yield (order, -(amount or Decimal(0))), asking


def _signs(row: CandidateRow, team: TeamSnapshot) -> Signs:
    if row.kind == "deal":
        return Signs(pushes=count_pushes(row.moves, first_month=team.first_month))
    if row.kind == "risk":
        return Signs(risk_unchanged_for=STALE_AFTER)
    return Signs(behind_for=STALE_AFTER)


def count_pushes(moves: Iterable[MoveRow], *, first_month: int) -> int:
    days = [(parse_day(move.old), parse_day(move.new)) for move in moves]
    return sum(
        old is not None and new is not None and new > old and push_counts(old, new, first_month=first_month)
        for old, new in days
    )


def _why(signs: Signs) -> str:
    if signs.pushes:
        return f"pushed {spell_number(signs.pushes)} times"
    if signs.risk_unchanged_for:
        return f"no update for {counted(signs.risk_unchanged_for, 'meeting')}"
    if signs.behind_for:
        return f"behind for {counted(signs.behind_for, 'meeting')}"
    return f"closer to goal at {counted(signs.good_weeks, 'meeting')} in a row"


def good_weeks(team: TeamSnapshot, standing: QuarterStanding | None) -> int:
    """In how many steps in a row, back from now, the gap became smaller by more than counts as news."""
    if standing is None or standing.gap is None or standing.goal is None:
        return 0
    in_quarter = [
        held.gap for held in team.held if held.gap is not None and held.closed_at.date() >= standing.since
    ]
    gaps = [standing.gap, *in_quarter][: GOOD_WEEKS + 1]
    steps = [later - before > standing.goal * NEWS for later, before in pairwise(gaps)]
    return steps.index(False) if False in steps else len(steps)


# The query


_NO_AMOUNT = empty(DecimalField(max_digits=18, decimal_places=2))
_NO_MOVES = empty(TextField())


def _without_issue(item: str) -> Q:
    return ~Q(Exists(Issue.objects.open().filter(**{item: OuterRef("pk")})))


_CLOSES = Meeting.objects.filter(team=OuterRef("team")).closes()
_MOVES = (
    DealChange.objects.standing()
    .filter(deal=OuterRef("pk"), field="close_date", new__gt=F("old"))
    .exclude(old="")
)
_NUMBER_OF_MOVES = _MOVES.order_by().values("deal").annotate(number=Count("pk")).values("number")
_DEALS = (
    Deal.objects.open()
    .filter(Q(amount__gte=F("team__big_deal_from")) | Q(pinned_at__isnull=False), _without_issue("deal"))
    .alias(number=Subquery(_NUMBER_OF_MOVES))
    .filter(number__gte=PUSHES_UNTIL_UNRELIABLE)
    .order_by()
    .values_list(constant("deal"), "pk", "team", "name", "amount", JsonRows(_MOVES, into=MoveRow))
)
_RISKS = (
    Risk.objects.stale(_CLOSES)
    .filter(_without_issue("risk"))
    .order_by()
    .values_list(constant("risk"), "pk", "team", "name", "exposure", _NO_MOVES)
)
_INITIATIVES = (
    Initiative.objects.open()
    .filter(
        _without_issue("initiative"),
        health__in=(Initiative.Health.BEHIND, Initiative.Health.STUCK),
        changed_at__lt=Subquery(_CLOSES[STALE_AFTER - 1 : STALE_AFTER]),
    )
    .order_by()
    .values_list(constant("initiative"), "pk", "team", "title", _NO_AMOUNT, _NO_MOVES)
)
_RAISED = (
    Issue.objects.open()
    .filter(kind=Issue.Kind.QUESTION, deal=None, risk=None, initiative=None)
    .order_by()
    .values_list(constant("issue"), "pk", "team", "title", _NO_AMOUNT, _NO_MOVES)
)


def candidate_rows(user: User, teams: Collection[int]) -> list[CandidateRow]:
    """Big open deals pushed often, stale risks, initiatives behind for two meetings, none on the agenda already; and
    the user's own open questions on no item. The largest first; one query.
    """
    rows = _DEALS.filter(team__in=teams).union(
        _RISKS.filter(team__in=teams),
        _INITIATIVES.filter(plans_read_by(user.pk, paired=teams), team__in=teams),
        _RAISED.filter(team__in=teams, created_by=user),
        all=True,
    )
    ordered = rows.order_by(F("amount").desc(nulls_last=True))[:MOST_READ]
    return [CandidateRow._make(row) for row in ordered]
