"""What the pipeline of a team is reckoned from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Min, Q, QuerySet

from alignment.db.named_rows import named_rows
from alignment.models import Goal, Team
from alignment.rules.periods import RECENT_WEEKS, Period, quarter_of
from deals.models import Deal, DealChange
from deals.models.deal_changes import DealChangeQuerySet
from deals.models.pipelines import Stage
from deals.rules.changes import parse_day
from deals.rules.coverage import QUARTERS, DateMove, PipelineDeal, day_as_far_into
from deals.rules.funnel import StageChange, StagedDeal
from deals.rules.pace import quarters_before
from deals.rules.revenue import full_goal_of

TOP_DEALS = 10
WON_QUARTERS = 2
"""Deals won in this quarter and so many before it say how long a stage takes."""


class PipelineReach(NamedTuple):
    """How far back a team's pipeline is looked at: `moved_since` for close dates, `won_since` for stages."""

    quarter: Period
    past: tuple[Period, ...]
    """The quarters before, the newest first."""
    since: date
    moved_since: date
    won_since: date

    @classmethod
    def of(cls, team: Team, *, today: date) -> PipelineReach:
        first_month = team.company.fiscal_year_start
        quarter = quarter_of(today, first_month=first_month)
        past = tuple(quarters_before(quarter, first_month=first_month)[:QUARTERS])
        return cls(
            quarter,
            past,
            since=past[-1].start,
            moved_since=day_as_far_into(past[-1], quarter, today=today),
            won_since=past[WON_QUARTERS - 1].start,
        )


class DealRead(NamedTuple):
    pk: int
    status: str
    amount: Decimal | None
    close_date: date | None
    stage: str
    opened_on: date | None
    created_at: datetime


class ChangeRead(NamedTuple):
    deal_id: int
    field: str
    old: str
    new: str
    day: date


class PipelineRead(NamedTuple):
    """`staged` are the open ones and those won lately; `known_from` is the day the first was seen here."""

    deals: list[PipelineDeal]
    staged: list[StagedDeal]
    known_from: date | None


def read_pipeline(team: Team, reach: PipelineReach, *, today: date) -> PipelineRead:
    """Two queries: the team's deals that are open, were decided since the oldest quarter looked at or began in the last
    13 weeks, with the changes of their close dates; those open or won lately with those of their stage.
    """
    deals = named_rows(deals_of(team, reach, today=today), into=DealRead)
    return pipeline_of(team, reach, deals, named_rows(changes_of(team, reach), into=ChangeRead))


def deals_of(team: Team, reach: PipelineReach, *, today: date) -> QuerySet[Deal]:
    first = min(reach.since, today - timedelta(weeks=RECENT_WEEKS))
    midnight = datetime.combine(first, time(), tzinfo=team.zone)  # a day is a function call a row for SQLite
    lately = Q(close_date__gte=first) | Q(opened_on__gte=first) | Q(created_at__gte=midnight)
    deals = Deal.objects.filter(Q(status=Deal.Status.OPEN) | lately, team=team)
    return deals.exclude(status=Deal.Status.WITHDRAWN).order_by()


def pipeline_of(
    team: Team, reach: PipelineReach, deals: Iterable[DealRead], changes: Iterable[ChangeRead]
) -> PipelineRead:
    """What these rows say, wherever they were read."""
    rows = list(deals)
    moves, stages = defaultdict[int, list[ChangeRead]](list), defaultdict[int, list[ChangeRead]](list)
    for change in changes:
        (moves if change.field == "close_date" else stages)[change.deal_id].append(change)
    zone = team.zone
    first_days = {row.pk: row.created_at.astimezone(zone).date() for row in rows}
    return PipelineRead(
        [_pipeline_deal(row, first_days[row.pk], moves.get(row.pk, ())) for row in rows],
        [
            _staged_deal(row, first_days[row.pk], stages.get(row.pk, ()))
            for row in rows
            if row.status == Deal.Status.OPEN or _is_won_since(row, reach.won_since)
        ],
        min(first_days.values(), default=None),
    )


def _is_won_since(row: DealRead, day: date) -> bool:
    return row.status == Deal.Status.WON and row.close_date is not None and row.close_date >= day


def changes_of(team: Team, reach: PipelineReach) -> DealChangeQuerySet:
    """Of close dates and stages, the oldest first."""
    won = Q(deal__status=Deal.Status.WON, deal__close_date__gte=reach.won_since)
    moved = Q(field="close_date", day__gt=reach.moved_since)
    staged = Q(field="stage") & (Q(deal__status=Deal.Status.OPEN) | won)
    return DealChange.objects.standing().filter(moved | staged, deal__team=team).order_by("at", "pk")


def _pipeline_deal(row: DealRead, seen_on: date, moves: Sequence[ChangeRead]) -> PipelineDeal:
    return PipelineDeal(
        row.pk,
        row.status,
        row.amount,
        row.opened_on or seen_on,
        row.close_date,
        tuple(DateMove(move.day, parse_day(move.old)) for move in moves),
    )


def _staged_deal(row: DealRead, seen_on: date, changes: Sequence[ChangeRead]) -> StagedDeal:
    moved = tuple(StageChange(change.old, change.new, change.day) for change in changes)
    return StagedDeal(
        row.pk, row.stage, row.status == Deal.Status.WON, row.amount, seen_on, row.opened_on, moved
    )


def read_stage_positions(team: Team) -> dict[str, int]:
    """Where the CRM puts each stage; of several pipelines the first place that it has."""
    stages = Stage.objects.filter(pipeline__company=team.company_id).order_by().values_list("name")
    return dict(stages.annotate(first=Min("position")))


def read_top_deals(team: Team) -> list[Deal]:
    """The open deals with the most money."""
    deals = Deal.objects.open().filter(team=team, amount__gt=0).select_related("account", "rep")
    return list(deals.order_by(F("amount").desc(), "close_date", "pk")[:TOP_DEALS])


def read_goals(team: Team, quarters: Sequence[Period]) -> dict[Period, Decimal]:
    """The goals of these quarters, without those that have no goal for every month."""
    days = (min(quarter.start for quarter in quarters), max(quarter.end for quarter in quarters))
    goals = Goal.objects.filter(team=team, month__range=days).order_by()
    amounts = dict(goals.values_list("month", "amount"))
    full = ((quarter, full_goal_of(quarter, amounts)) for quarter in quarters)
    return {quarter: goal for quarter, goal in full if goal is not None}


def read_named(team: Team, pks: Sequence[int]) -> list[Deal]:
    """These deals in this order."""
    deals = Deal.objects.filter(team=team).select_related("account").in_bulk(pks)
    return [deals[pk] for pk in pks if pk in deals]
