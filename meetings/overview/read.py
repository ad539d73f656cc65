"""The queries of the overview: the same few, whatever the number of teams and people."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from alignment.models import Company, Goal, Notice, Seat, Team, User
from alignment.periods import MONTH_NAMES, Period, year_of
from alignment.rows import JsonRows, as_day, as_time, rows
from meetings.models import Flag, Invitation, Meeting
from meetings.overview.values import PAIR, Known, Overview, Sitting, TeamState, of


def overview(company: Company, now: datetime) -> Overview:
    return of(known(company, now))


def known(company: Company, now: datetime) -> Known:
    today = now.astimezone(ZoneInfo(company.timezone)).date()
    year = year_of(today, first_month=company.fiscal_year_start)
    people = _people(company)
    return Known(
        company=company.slug,
        about=f"{company.name}, {company.currency}, {company.timezone}, fiscal year from {MONTH_NAMES[company.fiscal_year_start - 1]}",
        year=year,
        teams=[_team(team) for team in _teams(company, year, now)],
        people=len(people),
        never_in=[name for name, last_login in people if last_login is None],
        failed=Notice.objects.filter(company=company, failed_at__isnull=False).count(),
        flags=_flags(company),
    )  # fmt: skip


def _teams(company: Company, year: Period, now: datetime) -> list[Team]:
    """The teams that stand, with the two, the goals of the year and the next meeting of each."""
    theirs = {"team": OuterRef("pk")}
    seats = Seat.objects.current().filter(role__in=PAIR, **theirs)
    in_calendar = Invitation.objects.live().filter(seat=OuterRef("pk"))
    meetings = Meeting.objects.filter(**theirs)
    lasting = Q(ends_on=None) | Q(ends_on__gte=now.date())
    return list(
        company.teams.filter(lasting)
        .annotate(
            sitting=JsonRows(
                seats.annotate(invited=Exists(in_calendar)), "role", "user__name", "user__is_active", "user__calendar_mail", "invited"
            ),
            months=JsonRows(Goal.objects.filter(month__range=(year.start, year.end), **theirs), "month"),
            ahead=JsonRows(meetings.ahead().filter(starts_at__gte=now)[:1], "starts_at"),
            has_met=Exists(meetings.over()),
        )
        .order_by("name", "pk")
    )  # fmt: skip


def _team(team: Team) -> TeamState:
    sitting = rows(team.sitting)  # type: ignore[attr-defined]
    ahead = rows(team.ahead)  # type: ignore[attr-defined]
    months = (as_day(month) for (month,) in rows(team.months))  # type: ignore[attr-defined]
    return TeamState(
        name=team.name,
        slug=team.slug,
        starts_on=team.starts_on,
        ends_on=team.ends_on,
        seats=tuple(
            Sitting(role, name, is_here=bool(here), has_it=bool(here and (invited or not mail)))
            for role, name, here, mail, invited in sitting
        ),
        goals=frozenset(month for month in months if month),
        next_start=as_time(ahead[0][0]) if ahead else None,
        has_met=team.has_met,  # type: ignore[attr-defined]
    )


def _people(company: Company) -> list[tuple[str, datetime | None]]:
    """Everybody of the company by name, and when they last signed in."""
    seated = Q(seats__team__company=company, seats__until=None)
    member = Q(memberships__company=company, memberships__ended_at=None)
    here = Q(is_active=True) | ~Q(invited_as="")
    people = User.objects.filter(here, member | seated)
    return list(people.distinct().order_by("name", "pk").values_list("name", "last_login"))


def _flags(company: Company) -> list[tuple[str, str, str]]:
    """The highest step of each team."""
    flags = Flag.objects.open().filter(team__company=company).select_related("team")
    highest = {flag.team_id: flag for flag in reversed(flags)}
    return [(flag.team.name, flag.team.slug, flag.in_words) for flag in highest.values()]
