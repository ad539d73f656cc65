"""What the mix reads of a team."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from alignment.db.named_rows import named_rows
from alignment.models import Agreement, Goal, Team
from alignment.rules.periods import Period, year_numbered, year_of
from deals.mix.terms import SUBJECT
from deals.models import Deal
from deals.models.deals import was_created_since
from deals.rules.mix import CREATED_WEEKS, OFF_WEEKS, WIN_YEARS, MixDeal


def created_on(team: Team) -> Coalesce:
    """The day a deal was opened, else the day where the team is on which it was first seen."""
    return Coalesce("opened_on", TruncDate("created_at", tzinfo=team.zone))


def read_deals(team: Team, *, today: date) -> list[MixDeal]:
    """One query: open deals, those created within the weeks that are looked at, and those decided within two years."""
    lately = was_created_since(today - timedelta(weeks=CREATED_WEEKS + OFF_WEEKS))
    decided = Q(status__in=(Deal.Status.WON, Deal.Status.LOST), close_date__gte=today - WIN_YEARS)
    is_open = Q(status=Deal.Status.OPEN)
    deals = Deal.objects.filter(is_open | lately | decided, team=team).exclude(status=Deal.Status.WITHDRAWN)
    rows = deals.order_by().annotate(created_on=created_on(team))
    return list(named_rows(rows, into=MixDeal, closed_on="close_date"))


def agreements_of(team: Team, *, today: date) -> QuerySet[Agreement]:
    """All lines of this fiscal year's mix, the newest first."""
    return Agreement.objects.about(team, SUBJECT, key_of(team, today=today)).select_related(
        "ceo", "leader", "proposed_by"
    )


def key_of(team: Team, *, today: date) -> str:
    """The fiscal year: "2026", "FY2027"."""
    return year_of(today, first_month=team.company.fiscal_year_start).label


def year_of_key(team: Team, key: str) -> Period:
    return year_numbered(int(key.removeprefix("FY")), first_month=team.company.fiscal_year_start)


def goals_of_year(team: Team, key: str) -> dict[str, str]:
    """The goal of each month that has one: {"2026-01-01": "100000.00"}."""
    year = year_of_key(team, key)
    goals = Goal.objects.filter(team=team, month__range=(year.start, year.end)).order_by("month")
    return {month.isoformat(): str(amount) for month, amount in goals.values_list("month", "amount")}
