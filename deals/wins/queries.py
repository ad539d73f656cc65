"""What the page of wins and losses reads of a team."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from alignment.db.named_rows import named_rows
from alignment.models import Team
from alignment.rules.periods import Period, quarter_of
from deals.models import Deal
from deals.rules.pace import quarters_before
from deals.rules.wins_and_losses import DecidedDeal

QUARTERS = 4
"""So many whole quarters are looked at, the one before today's the last of them."""


class _Row(NamedTuple):
    status: str
    amount: Decimal | None
    opened_on: date | None
    created_at: Any
    close_date: date | None
    lead_source: str
    reason_kind: str


class DecidedDeals(NamedTuple):
    """Those of the quarters and of this one so far. `undated`: won or lost on a day that nobody entered."""

    rows: list[DecidedDeal]
    undated: int


def past_quarters(team: Team, *, today: date) -> tuple[Period, ...]:
    """The newest first."""
    first_month = team.company.fiscal_year_start
    return tuple(
        quarters_before(quarter_of(today, first_month=first_month), first_month=first_month)[:QUARTERS]
    )


def read_decided(team: Team, *, since: date, until: date) -> DecidedDeals:
    """One query."""
    decided = Deal.objects.filter(team=team, status__in=(Deal.Status.WON, Deal.Status.LOST)).order_by()
    rows = list(
        named_rows(decided.filter(Q(close_date=None) | Q(close_date__range=(since, until))), into=_Row)
    )
    return DecidedDeals(
        [
            DecidedDeal(
                row.status,
                row.amount,
                row.opened_on or row.created_at.astimezone(team.zone).date(),
                row.close_date,
                row.lead_source,
                row.reason_kind,
            )
            for row in rows
            if row.close_date
        ],
        sum(row.close_date is None for row in rows),
    )
