"""The queries of the overview: one a subject, whatever the number of teams. Each reads figures and days; the names of
teams and companies are the only texts in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, OuterRef, Q, Subquery

from alignment.db.local_days import LocalDay
from alignment.db.named_rows import named_rows
from alignment.models import Holiday, Team, User
from alignment.rules.periods import Period
from deals.models import Deal, RevenueEntry
from meetings.home.team_figures import CallRow, running_calls
from meetings.models import Call, Meeting


class OverviewTeam(NamedTuple):
    pk: int
    name: str
    starts_on: date
    ends_on: date | None
    revenue_kind: str
    first_revenue: date | None
    """The day of the first entry."""
    company: int
    company_name: str
    company_zone: str
    currency: str
    first_month: int


_FIRST_REVENUE = RevenueEntry.objects.filter(team=OuterRef("pk"), kind=OuterRef("revenue_kind"))


def teams_in_overview(user: User) -> list[OverviewTeam]:
    """By company and name."""
    teams = Team.objects.in_overview_of(user).order_by("company__name_key", "company", "name_key", "pk")
    first_revenue = Subquery(_FIRST_REVENUE.order_by("day").values("day")[:1])
    return list(
        named_rows(
            teams.annotate(first_revenue=first_revenue),
            into=OverviewTeam,
            company_name="company__name",
            company_zone="company__timezone",
            currency="company__currency",
            first_month="company__fiscal_year_start",
        )
    )


def holidays_of(quarters: Mapping[int, Period]) -> dict[int, frozenset[date]]:
    """By company, of its quarter; `quarters` are those of the companies."""
    if not quarters:
        return {}
    first, last = (
        min(quarter.start for quarter in quarters.values()),
        max(quarter.end for quarter in quarters.values()),
    )
    days: dict[int, set[date]] = defaultdict(set)
    rows = Holiday.objects.filter(company__in=quarters, day__range=(first, last))
    for company, day in rows.order_by().values_list("company", "day"):
        days[company].add(day)
    return {company: frozenset(of_company) for company, of_company in days.items()}


class MeetingCounts(NamedTuple):
    """Of one team in the quarter."""

    held: int = 0
    missed: int = 0
    excused: int = 0


def count_meetings(
    teams: Sequence[OverviewTeam], quarters: Mapping[int, Period], now: datetime
) -> dict[int, MeetingCounts]:
    """By team, those that are over, by the day on which they were where the team is."""
    in_quarter = Q(pk__in=())
    for company, quarter in quarters.items():
        in_quarter |= Q(team__company=company, day__range=(quarter.start, quarter.end))
    rows = (
        Meeting.objects.over(now)
        .annotate(day=LocalDay("starts_at", "team__timezone"))
        .filter(in_quarter, team__in=[team.pk for team in teams])
        .order_by()
        .values_list("team", "state")
        .annotate(number=Count("pk"))
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for team, state, number in rows:
        counts[team][state] = number
    return {
        team: MeetingCounts(*(by_state.get(state, 0) for state in MeetingCounts._fields))
        for team, by_state in counts.items()
    }


def count_open_deals(teams: Sequence[OverviewTeam]) -> dict[int, int]:
    rows = Deal.objects.open().filter(team__in=[team.pk for team in teams]).order_by()
    return dict(rows.values_list("team").annotate(number=Count("pk")))


def calls_of(days: Mapping[int, date], now: datetime) -> dict[int, CallRow]:
    """Of each team the last call of the running period that everybody on the team may read; `days` are by team."""
    return running_calls(Call.objects.open_to_team(), days, now)
