"""The demo's audit log besides its meetings: how the company was created, and who set which goals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from alignment.audit import note
from alignment.models import Company, Team, User
from alignment.rules.money import show
from alignment.rules.periods import month_of
from meetings.rules.cadence_text import spell_team_cadence

Goals = Mapping[date, Decimal]


def log_creation(company: Company, teams: tuple[Team, ...], *, by: User, since: date) -> None:
    now = datetime.combine(since, time(9), ZoneInfo(company.timezone))
    note("company.made", by=by, now=now, company=company, about=company.name, new=by.name)
    for team in teams:
        new = f"{spell_team_cadence(team)}, from {team.starts_on}"
        note("team.made", by=by, now=now, company=company, about=team.name, new=new)


def log_goals_set(team: Team, goals: Goals, *, by: User, at: Mapping[int, datetime]) -> None:
    """One entry a year, at its time."""
    for year, months in groupby(sorted(goals), key=lambda month: month.year):
        log_goals_changed(team, {}, {month: goals[month] for month in months}, by=by, now=at[year])


def log_goals_changed(team: Team, old: Goals, new: Goals, *, by: User, now: datetime, why: str = "") -> None:
    about = f"{len(new)} goals of {team.name}, {month_of(min(new)).label} to {month_of(max(new)).label}"
    amounts = {"old": _sum(team, old), "new": _sum(team, new), "why": why}
    note("goals.changed", by=by, now=now, company=team.company, about=about, **amounts)


def _sum(team: Team, goals: Goals) -> str:
    return show(sum(goals.values(), Decimal(0)), currency=team.currency, locale="en-US")
