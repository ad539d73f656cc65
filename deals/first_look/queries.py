"""What the first look reads of a team."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from alignment.db.named_rows import named_rows
from alignment.models import Team
from alignment.rules.periods import quarter_of
from deals.models import Deal, RevenueEntry
from deals.models.revenue import month_of_day
from deals.rules.first_look import DealFacts, FirstLook, look
from deals.rules.pace import MonthWon, quarters_before


def read_first_look(team: Team, *, today: date, goal: Decimal | None = None) -> FirstLook:
    """Two queries, whatever the number of deals."""
    deals = Deal.objects.filter(team=team).order_by()
    first_month = team.company.fiscal_year_start
    this = quarter_of(today, first_month=first_month)
    oldest = quarters_before(this, first_month=first_month)[-1].start
    return look(
        named_rows(deals, into=DealFacts),
        today=today,
        first_month=first_month,
        mid_from=team.mid_deal_from,
        big_from=team.big_deal_from,
        won=_won_by_month(team, since=oldest, until=this.end),
        goal=goal,
    )


def _won_by_month(team: Team, *, since: date, until: date) -> dict[date, MonthWon]:
    entries = RevenueEntry.objects.filter(team=team, day__range=(since, until)).counted().order_by()
    months = entries.annotate(month=month_of_day()).values_list("month")
    return {
        month: MonthWon(amount, wins) for month, amount, wins in months.annotate(Sum("amount"), Count("pk"))
    }
