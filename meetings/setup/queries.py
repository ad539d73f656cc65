"""The queries of the overview: the same few, whatever the number of teams and people."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from alignment.db.json_aggregation import JsonRows
from alignment.models import Company, Goal, Notice, Seat, Team, User
from alignment.rules.periods import MONTH_NAMES, Period, year_of
from deals.models import RevenueEntry
from meetings.models import CalendarInvite, Flag, Meeting
from meetings.setup.overview import (
    PRINCIPALS,
    CompanyState,
    FlagState,
    Overview,
    SeatState,
    TeamState,
    overview_of,
)


def overview(company: Company, now: datetime) -> Overview:
    return overview_of(_company_state(company, now))


def _company_state(company: Company, now: datetime) -> CompanyState:
    today = now.astimezone(ZoneInfo(company.timezone)).date()
    year = year_of(today, first_month=company.fiscal_year_start)
    people = _people(company)
    first_month = MONTH_NAMES[company.fiscal_year_start - 1]
    return CompanyState(
        slug=company.slug,
        about=f"{company.currency}, {company.timezone}, fiscal year from {first_month}",
        year=year,
        teams=[_team(team) for team in _teams(company, year, now)],
        people=len(people),
        never_signed_in=[name for name, last_login in people if last_login is None],
        failed_messages=Notice.objects.filter(company=company, failed_at__isnull=False).count(),
        flags=_flags(company),
    )


class SeatRow(NamedTuple):
    role: str
    name: str
    is_active: bool
    wants_mail: bool
    is_invited: bool

    @property
    def has_calendar_invite(self) -> bool:
        """Whether the meeting is in their calendar, or they want no mail about it."""
        return self.is_active and (self.is_invited or not self.wants_mail)


class MonthRow(NamedTuple):
    month: date


class StartRow(NamedTuple):
    starts_at: datetime


def _teams(company: Company, year: Period, now: datetime) -> list[Team]:
    """The active teams with their principals, the goals of the year and the next meeting of each."""
    of_team = {"team": OuterRef("pk")}
    seats = Seat.objects.current().filter(role__in=PRINCIPALS, **of_team)
    in_calendar = CalendarInvite.objects.live().filter(seat=OuterRef("pk"))
    meetings = Meeting.objects.filter(**of_team)
    active = Q(ends_on=None) | Q(ends_on__gte=now.date())
    return list(
        company.teams.filter(active)
        .annotate(
            principals=JsonRows(
                seats.annotate(is_invited=Exists(in_calendar)),
                into=SeatRow,
                name="user__name",
                is_active="user__is_active",
                wants_mail="user__calendar_mail",
            ),
            months=JsonRows(
                Goal.objects.filter(month__range=(year.start, year.end), **of_team), into=MonthRow
            ),
            ahead=JsonRows(meetings.ahead().filter(starts_at__gte=now)[:1], into=StartRow),
            has_met=Exists(meetings.over(now)),
            has_revenue=Exists(RevenueEntry.objects.filter(**of_team)),
        )
        .order_by("name_key", "pk")
    )


def _team(team: Team) -> TeamState:
    columns = vars(team)
    return TeamState(
        name=team.name,
        slug=team.slug,
        starts_on=team.starts_on,
        ends_on=team.ends_on,
        seats=tuple(
            SeatState(
                seat.role, seat.name, has_joined=seat.is_active, has_calendar_invite=seat.has_calendar_invite
            )
            for seat in columns["principals"]
        ),
        goals=frozenset(goal.month for goal in columns["months"]),
        next_start=next((meeting.starts_at for meeting in columns["ahead"]), None),
        has_met=columns["has_met"],
        has_revenue=columns["has_revenue"],
    )


def _people(company: Company) -> list[tuple[str, datetime | None]]:
    """Everyone in the company by name, and when they last signed in."""
    seated = Q(seats__team__company=company, seats__until=None)
    member = Q(memberships__company=company, memberships__ended_at=None)
    joined_or_invited = Q(is_active=True) | ~Q(invited_as="")
    people = User.objects.filter(joined_or_invited, member | seated)
    return list(people.distinct().order_by("name_key", "pk").values_list("name", "last_login"))


def _flags(company: Company) -> list[FlagState]:
    """The highest step of each team."""
    flags = Flag.objects.open().filter(team__company=company).select_related("team")
    highest = {flag.team_id: flag for flag in reversed(flags)}
    return [FlagState(flag.team.name, flag.team.slug, flag.in_words) for flag in highest.values()]
