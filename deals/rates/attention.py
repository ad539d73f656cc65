"""What of the pipeline somebody must look at: too little open or created, and deals that stand still in a stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, CharField, Exists, F, OuterRef, Value, When

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from alignment.rules.periods import quarter_of
from deals.models import CommittedDeal, Deal
from deals.rates.queries import ChangeRead, DealRead, PipelineReach, changes_of, deals_of, pipeline_of
from deals.rules.coverage import Coverage, PipelineDeal, WinRate, cover, own_rates, win_rate
from deals.rules.funnel import (
    Creation,
    LongStay,
    created_by_week,
    creation_of,
    long_stays,
    needed_per_week,
)
from deals.rules.revenue import full_goal_of
from deals.rules.time_to_win import usual_days


class PipelineDealRead(NamedTuple):
    pk: int
    status: str
    amount: Decimal | None
    close_date: date | None
    stage: str
    opened_on: date | None
    created_at: datetime
    open_name: str
    """The name of an open deal: others are only counted."""
    is_committed: bool

    @property
    def facts(self) -> DealRead:
        return DealRead(
            self.pk,
            self.status,
            self.amount,
            self.close_date,
            self.stage,
            self.opened_on,
            self.created_at,
        )


class StandingDeal(NamedTuple):
    stay: LongStay
    name: str


@dataclass(frozen=True, slots=True)
class PipelineAttention:
    """`standing` are the deals in the commit, or from the big-deal line on, that stand in their stage for longer than
    won deals did: the largest first.
    """

    coverage: Coverage
    creation: Creation | None
    standing: tuple[StandingDeal, ...]


def pipeline_columns(team: Team, today: date, *, hidden_since: datetime | None = None) -> dict[str, JsonRows]:
    """Columns of a query of teams that read what `pipeline_attention` takes. What was committed from `hidden_since` on
    is not counted as committed yet, for nobody.
    """
    reach = PipelineReach.of(team, today=today)
    committed = CommittedDeal.objects.standing(known_before=hidden_since).filter(
        team=team, deal=OuterRef("pk"), period_end__gte=today
    )
    is_open = When(status=Deal.Status.OPEN, then=F("name"))
    deals = deals_of(team, reach, today=today).annotate(
        open_name=Case(is_open, default=Value(""), output_field=CharField()), is_committed=Exists(committed)
    )
    return {
        "pipeline_deal_rows": JsonRows(deals, into=PipelineDealRead, pk="id"),
        "pipeline_change_rows": JsonRows(changes_of(team, reach), into=ChangeRead),
    }


def pipeline_attention(
    team: Team,
    rows: Sequence[PipelineDealRead],
    changes: Sequence[ChangeRead],
    *,
    still_to_win: Decimal,
    goals: Mapping[date, Decimal],
    today: date,
) -> PipelineAttention:
    """`goals` are by month, those of this quarter and of the next year's months that have one."""
    reach = PipelineReach.of(team, today=today)
    read = pipeline_of(team, reach, (row.facts for row in rows), changes)
    rates = own_rates(
        read.deals, quarter=reach.quarter, past=reach.past, today=today, known_from=read.known_from
    )
    rate = win_rate(read.deals, since=reach.since, until=reach.past[0].end)
    names = {row.pk: row.open_name for row in rows if row.is_committed or team.is_big_deal(row.amount)}
    return PipelineAttention(
        coverage=cover(read.deals, rates, still_to_win=still_to_win, quarter=reach.quarter),
        creation=_creation(team, read.deals, rate, goals, today=today),
        standing=tuple(
            StandingDeal(stay, names[stay.pk])
            for stay in long_stays(read.staged, today=today)
            if stay.pk in names
        ),
    )


def _creation(
    team: Team, deals: Sequence[PipelineDeal], rate: WinRate, goals: Mapping[date, Decimal], *, today: date
) -> Creation | None:
    """What is created now is won later: the goal of the quarter in which it would be won says what is needed, else
    that of this one.
    """
    first_month = team.company.fiscal_year_start
    days = usual_days((deal.began_on, deal.close_date) for deal in deals if deal.status == Deal.Status.WON)
    later = quarter_of(today + timedelta(days=days or 0), first_month=first_month)
    goal = full_goal_of(later, goals)
    if goal is None:
        goal = full_goal_of(quarter_of(today, first_month=first_month), goals)
    weeks = created_by_week(((deal.began_on, deal.amount) for deal in deals), today=today)
    return creation_of(weeks, needed_per_week(goal, rate.for_money), today=today)
