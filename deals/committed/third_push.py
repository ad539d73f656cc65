"""What deals need to be in the commit from their third push on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from alignment.db.json_aggregation import JsonRows
from alignment.db.named_rows import named_rows
from alignment.models import Team
from deals.models import CommittedDeal, Deal, DealChange, Evidence
from deals.rules.changes import Change
from deals.rules.evidence import FACTS, missing_to_stay
from deals.rules.reasons import reason_in_words
from deals.rules.slips import pushes


class MoveRead(NamedTuple):
    """A change of the close date or status of a deal."""

    deal: int
    field: str
    old: str
    new: str
    day: date
    reason_kind: str
    reason: str

    @property
    def change(self) -> Change:
        reason = reason_in_words(self.reason_kind, self.reason)
        return Change(self.field, self.old, self.new, self.day, reason, self.reason_kind)


class PeriodRead(NamedTuple):
    """A period for which the deal, or one that was merged into it, was committed."""

    counted_as: int
    period_end: date


class FactRead(NamedTuple):
    counted_as: int
    at: datetime


def missing_for_commit(deal: Deal, *, today: date) -> tuple[str, ...]:
    """What a deal needs to be in the commit, from its third push on: a reason for the last push, and one fact why it
    will close, given since it last slipped. Empty when nothing is missing; parts of a sentence otherwise.
    """
    return missing_for_commits([deal.pk], deal.team, today=today)[deal.pk]


def missing_for_commits(pks: Collection[int], team: Team, *, today: date) -> dict[int, tuple[str, ...]]:
    """The same for several deals of a team by their numbers, in three queries."""
    moves = named_rows(_moves_of(Q(deal__in=pks)), into=MoveRead)
    periods = named_rows(_periods_of(_is_of("deal", pks), team), into=PeriodRead)
    facts = named_rows(_facts_of(_is_of("committed__deal", pks), team), into=FactRead)
    return missing_by_deal(pks, moves, periods, facts, team=team, today=today)


def third_push_columns(deals: QuerySet[Any, Any], team: Team) -> dict[str, JsonRows]:
    """Columns of a query of teams that read what `missing_by_deal` takes; `deals` are the numbers of some."""
    return {
        "move_rows": JsonRows(_moves_of(Q(deal__in=deals)), into=MoveRead),
        "committed_period_rows": JsonRows(_periods_of(_is_of("deal", deals), team), into=PeriodRead),
        "fact_rows": JsonRows(_facts_of(_is_of("committed__deal", deals), team), into=FactRead),
    }


def missing_by_deal(
    pks: Collection[int],
    moves: Iterable[MoveRead],
    periods: Iterable[PeriodRead],
    facts: Iterable[FactRead],
    *,
    team: Team,
    today: date,
) -> dict[int, tuple[str, ...]]:
    """What these rows say, wherever they were read."""
    changes = defaultdict[int, list[Change]](list)
    ends, days = defaultdict[int, list[date]](list), defaultdict[int, list[date]](list)
    for move in moves:
        changes[move.deal].append(move.change)
    for period in periods:
        ends[period.counted_as].append(period.period_end)
    for fact in facts:
        days[fact.counted_as].append(team.today(fact.at))
    first_month = team.company.fiscal_year_start
    return {
        pk: missing_to_stay(
            pushes(changes.get(pk, ()), first_month=first_month),
            period_ends=ends.get(pk, ()),
            facts=days.get(pk, ()),
            today=today,
        )
        for pk in pks
    }


def _moves_of(deals: Q) -> QuerySet[DealChange]:
    """An import that was undone leaves no trace."""
    moves = DealChange.objects.standing().filter(deals, field__in=("status", "close_date"))
    return moves.order_by("at", "pk")


def _periods_of(deals: Q, team: Team) -> QuerySet[CommittedDeal]:
    return CommittedDeal.objects.filter(deals, team=team).order_by().annotate(counted_as=_followed("deal"))


def _facts_of(deals: Q, team: Team) -> QuerySet[Evidence]:
    facts = Evidence.objects.filter(deals, committed__team=team, kind__in=FACTS)
    return facts.order_by().annotate(counted_as=_followed("committed__deal"))


def _is_of(path: str, pks: Collection[int] | QuerySet[Any, Any]) -> Q:
    """Rows of these deals, and of those that were merged into them."""
    return Q(**{f"{path}__in": pks}) | Q(**{f"{path}__merged_into__in": pks})


def _followed(path: str) -> Coalesce:
    """The deal that counts: the one that it was merged into, else itself."""
    return Coalesce(f"{path}__merged_into", path)
