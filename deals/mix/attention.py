"""What of the mix somebody must look at: a size that is off, and a deal on which the quarter hangs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import DecimalField, Exists, OuterRef, Q, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast

from alignment.db.json_aggregation import JsonRows
from alignment.models import Agreement, Goal, Team
from alignment.rules.percentages import ALL
from alignment.rules.periods import Period, months_in, quarter_of
from alignment.rules.revenue_kinds import RevenueKind
from deals.mix.queries import created_on, key_of
from deals.mix.terms import SUBJECT, MixTerms
from deals.models import CommittedDeal, Deal, RevenueEntry
from deals.models.deals import was_created_since
from deals.rules.mix import (
    CREATED_WEEKS,
    OFF_WEEKS,
    WON_QUARTERS,
    MixDeal,
    OffBand,
    bands_off,
    hangs_on,
)
from deals.rules.pace import quarters_before
from deals.rules.revenue import full_goal_of


class DealRead(NamedTuple):
    """A deal created lately, or an open one of this quarter."""

    pk: int
    name: str
    amount: Decimal
    status: str
    created_on: date
    close_date: date | None
    is_committed: bool


class TeamRead(NamedTuple):
    """The agreed mix, what is sure of the quarter's goal, and the largest wins of the quarters before."""

    agreed: str | None
    won: Decimal | None
    """Revenue of the quarter so far."""
    open_commit: Decimal | None
    """Open deals in the commit for the quarter, or for a month in it, that are expected in the quarter still."""
    largest_1: Decimal | None
    largest_2: Decimal | None
    largest_3: Decimal | None
    largest_4: Decimal | None

    @property
    def largest(self) -> list[Decimal]:
        wins = (self.largest_1, self.largest_2, self.largest_3, self.largest_4)
        return [win for win in wins if win is not None]


class GoalRead(NamedTuple):
    """The goal of a month of the quarter."""

    month: date
    amount: Decimal


class OpenDeal(NamedTuple):
    pk: int
    name: str
    amount: Decimal
    is_committed: bool


class HangingDeal(NamedTuple):
    deal: OpenDeal
    share: int
    """Of the quarter's goal, in per cent."""
    is_red: bool
    """It is in the commit, and the goal is missed without it."""


@dataclass(frozen=True, slots=True)
class MixAttention:
    off: tuple[OffBand, ...] = ()
    created: Decimal = Decimal(0)
    """The amount created in the weeks that are looked at."""
    hanging: tuple[HangingDeal, ...] = ()


def read_attention(team: Team, *, today: date, hidden_since: datetime | None = None) -> MixAttention:
    """One query."""
    columns = attention_columns(team, today, hidden_since=hidden_since)
    row = Team.objects.filter(pk=team.pk).order_by().annotate(**columns).values_list(*columns).get()
    return attention_of(team, *row, today=today)


def attention_columns(
    team: Team, today: date, *, hidden_since: datetime | None = None
) -> dict[str, JsonRows]:
    """Columns of a query of teams that read what `attention_of` takes. What was committed from `hidden_since` on is
    not counted as committed yet, for nobody.
    """
    quarter = quarter_of(today, first_month=team.company.fiscal_year_start)
    committed = CommittedDeal.objects.standing(known_before=hidden_since).filter(
        team=team, period_start__gte=quarter.start, period_end__lte=quarter.end
    )
    deals = _deals(team, today, quarter).annotate(
        created_on=created_on(team), is_committed=Exists(committed.filter(deal=OuterRef("pk")))
    )
    return {
        "mix_deal_rows": JsonRows(deals, into=DealRead, pk="id"),
        "mix_team_rows": JsonRows(_team_facts(team, today, quarter, committed), into=TeamRead),
        "mix_goal_rows": JsonRows(_goals(team, quarter), into=GoalRead),
    }


def attention_of(
    team: Team,
    rows: Sequence[DealRead],
    facts: Sequence[TeamRead],
    goals: Sequence[GoalRead],
    *,
    today: date,
) -> MixAttention:
    [of_team] = facts
    quarter = quarter_of(today, first_month=team.company.fiscal_year_start)
    deals = [MixDeal(row.amount, row.status, row.created_on, row.close_date) for row in rows]
    terms = MixTerms.of(json.loads(of_team.agreed)) if of_team.agreed else None
    first = today - timedelta(weeks=CREATED_WEEKS)
    closing = [
        OpenDeal(row.pk, row.name, row.amount, bool(row.is_committed))
        for row in sorted(rows, key=lambda row: (-row.amount, row.pk))
        if row.status == Deal.Status.OPEN and row.close_date and quarter.contains(row.close_date)
    ]
    return MixAttention(
        off=bands_off(deals, terms.bands, terms.target, today=today) if terms else (),
        created=sum(
            (deal.amount for deal in deals if deal.amount and first < deal.created_on <= today), Decimal(0)
        ),
        hanging=_hanging(
            closing,
            of_team,
            goal=full_goal_of(quarter, dict(goals)),
            can_be_red=team.revenue_kind == RevenueKind.WON,
        ),
    )


def _hanging(
    closing: list[OpenDeal], facts: TeamRead, *, goal: Decimal | None, can_be_red: bool
) -> tuple[HangingDeal, ...]:
    """At most three of the open deals of the quarter, the largest first; none where a month has no goal. Where
    the goal is made of invoices or recurring revenue, a committed deal says nothing of it, and none is red.
    """
    sure = (facts.won or Decimal(0)) + (facts.open_commit or Decimal(0))
    return tuple(
        HangingDeal(
            deal,
            int(deal.amount * ALL / (goal or 1)),
            is_red=can_be_red and deal.is_committed and sure - deal.amount < (goal or 0),
        )
        for deal in closing[:MOST_HANGING]
        if hangs_on(deal.amount, goal=goal, largest_won=facts.largest)
    )


def _deals(team: Team, today: date, quarter: Period) -> QuerySet[Deal]:
    lately = was_created_since(today - timedelta(weeks=CREATED_WEEKS + OFF_WEEKS))
    closing = Q(status=Deal.Status.OPEN, close_date__range=(quarter.start, quarter.end))
    deals = Deal.objects.filter(lately | closing, team=team, amount__gt=0)
    return deals.exclude(status=Deal.Status.WITHDRAWN).order_by()


def _goals(team: Team, quarter: Period) -> QuerySet[Goal]:
    months = months_in(quarter)
    return Goal.objects.filter(team=team, month__range=(months[0], months[-1])).order_by()


def _team_facts(
    team: Team, today: date, quarter: Period, committed: QuerySet[CommittedDeal]
) -> QuerySet[Team]:
    """The team alone, with a column for each fact."""
    agreed = Agreement.objects.about(team, SUBJECT, key_of(team, today=today)).agreed()
    entries = RevenueEntry.objects.filter(team=team, day__range=(quarter.start, today)).counted().order_by()
    closing = Deal.objects.open().filter(team=team, close_date__range=(quarter.start, quarter.end))
    open_ones = closing.filter(pk__in=committed.values("deal")).order_by()
    before = quarters_before(quarter, first_month=team.company.fiscal_year_start)[:WON_QUARTERS]
    largest = {
        f"largest_{number}": Subquery(_largest_win(team, quarter), output_field=AMOUNT)
        for number, quarter in enumerate(before, 1)
    }
    return (
        Team.objects.filter(pk=team.pk)
        .order_by()
        .annotate(
            agreed=Subquery(agreed.values(text=Cast("content", TextField()))[:1]),
            won=Subquery(_total(entries), output_field=AMOUNT),
            open_commit=Subquery(_total(open_ones), output_field=AMOUNT),
            **largest,
        )
    )


def _total(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """The sum of the amounts of a team."""
    totals: QuerySet[Any, Any] = rows.values("team").annotate(total=Sum("amount"))
    return totals.values("total")


MOST_HANGING = 3
AMOUNT = DecimalField(max_digits=18, decimal_places=2)


def _largest_win(team: Team, quarter: Period) -> QuerySet[Deal, object]:
    won = Deal.objects.filter(team=team, status=Deal.Status.WON, amount__gt=0)
    return won.filter(close_date__range=(quarter.start, quarter.end)).order_by("-amount").values("amount")[:1]
