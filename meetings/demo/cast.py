"""Who there is: two companies, their people, teams, goals and days off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from alignment.models import Company, Goal, GoalChange, Holiday, Invite, Membership, Seat, Team, User
from alignment.models.invites import HOLDS
from alignment.periods import months_in, quarter_of
from meetings.demo import noted
from meetings.demo.days import Calendar, holidays

PASSWORD = "demo-password"  # noqa: S105  # it is told to everybody
ZONE = "America/New_York"
DRAFT = "First draft for next year"
SEASON = (82, 90, 112, 92, 98, 114, 86, 82, 112, 98, 106, 128)
"""Per cent of an average month, January to December."""


@dataclass(frozen=True, slots=True)
class Cast:
    company: Company
    admin: User
    ceo: User
    leader: User
    second_leader: User
    observer: User
    facilitator: User
    north: Team
    south: Team
    calendar: Calendar


def calendar(today: date) -> Calendar:
    off = {day for year in range(today.year - 4, today.year + 3) for day, _ in holidays(year)}
    return Calendar(ZoneInfo(ZONE), frozenset(off))


def seat_the_cast(today: date, *, first_slot: date) -> Cast:
    """The company on the day before its first meeting. North meets on the next business day, South on the one after."""
    days = calendar(today)
    since = first_slot - timedelta(days=30)
    company = _company("Carver & Lowe", "carver-lowe", today)
    people = {
        "admin": _person(company, "admin@demo.test", "Ruth Akande", since, is_admin=True),
        "ceo": _person(company, "ceo@demo.test", "Tom Marsh", since),
        "leader": _person(company, "leader@demo.test", "Joe Keller", since),
        "second_leader": _person(company, "leader2@demo.test", "Anne Duarte", since),
        "observer": _person(company, "observer@demo.test", "Nina Brooks", since),
        "facilitator": _person(company, "facilitator@demo.test", "Walter Lindgren", since),
    }
    _invited(company, people["admin"], "priya.nair@demo.test", "Priya Nair", today)
    next_day = days.after(today)
    north = _team(company, "North", next_day.weekday(), time(15, 0), first_slot)
    south = _team(company, "South", days.after(next_day).weekday(), time(11, 0), first_slot)
    for team, leader in ((north, "leader"), (south, "second_leader")):
        _seat(team, people["ceo"], "ceo", since)
        _seat(team, people[leader], "leader", since)
        _seat(team, people["facilitator"], "facilitator", since)
    _seat(north, people["observer"], "observer", since)
    at_their_desks(company, today)
    noted.beginning(company, (north, south), by=people["admin"], since=since)
    return Cast(company=company, north=north, south=south, calendar=days, **people)


def _company(name: str, slug: str, today: date) -> Company:
    company = Company.objects.create(name=name, slug=slug, currency="USD", timezone=ZONE)
    Holiday.objects.bulk_create(
        Holiday(company=company, day=day, name=said)
        for year in range(today.year - 4, today.year + 3)
        for day, said in holidays(year)
    )
    return company


def _person(company: Company, email: str, name: str, since: date, *, is_admin: bool = False) -> User:
    joined = datetime.combine(since, time(9), ZoneInfo(ZONE))
    user = User.objects.create(
        email=email, password=hashed(), name=name, timezone=ZONE, locale="en-US", joined_at=joined
    )
    Membership.objects.create(company=company, user=user, is_admin=is_admin)
    return user


def at_their_desks(company: Company, today: date) -> None:
    """Everybody was signed in yesterday, but for the observer, who has not come yet."""
    yesterday = datetime.combine(today - timedelta(days=1), time(8, 40), ZoneInfo(ZONE))
    here = User.objects.filter(memberships__company=company).exclude(email__startswith="observer@")
    here.update(last_login=yesterday)


def _invited(company: Company, by: User, address: str, name: str, today: date) -> None:
    """Somebody who was asked the day before and has not accepted yet. Her mail went out then; the demo sends none."""
    at = datetime.combine(today - timedelta(days=1), time(16), ZoneInfo(ZONE))
    person = User.objects.create(
        email="1@invited.invalid", invited_as=address, password=UNUSABLE_PASSWORD_PREFIX, name=name, timezone=ZONE,
        locale="en-US", joined_at=at, is_active=False,
    )  # fmt: skip
    Membership.objects.create(company=company, user=person)
    Invite.objects.create(
        company=company, user=person, email=address, invited_by=by, invited_at=at, expires_at=at + HOLDS
    )


@cache
def hashed() -> str:
    """The one password of everybody, hashed once: a good hash takes its time."""
    return make_password(PASSWORD)


def _team(company: Company, name: str, weekday: int, at: time, first_slot: date) -> Team:
    return Team.objects.create(
        company=company, name=name, slug=name.lower(), timezone=ZONE, weekday=weekday, local_time=at, starts_on=first_slot
    )  # fmt: skip


def _seat(team: Team, user: User, role: str, since: date) -> None:
    Seat.objects.create(team=team, user=user, role=role, since=since)


def goals(average_month: int, *, growth: int, today: date) -> dict[date, Decimal]:
    """Monthly goals from three years back to the end of next year: the season of the trade, and `growth` per cent a year."""
    return {
        date(year, month, 1): Decimal(
            round(average_month * (1 + growth / 100) ** (year - today.year) * SEASON[month - 1] / 100 / 5_000)
            * 5_000
        )
        for year in range(today.year - 3, today.year + 2)
        for month in range(1, 13)
    }


def set_goals(team: Team, amounts: dict[date, Decimal], *, by: User, days: Calendar, today: date) -> None:
    """Each year's goals are set in the December before it; next year's, as a draft, with this year's."""
    goals = Goal.objects.bulk_create(
        Goal(team=team, month=month, amount=amount) for month, amount in amounts.items()
    )
    drafts = dict.fromkeys((month for month in amounts if month.year > today.year), DRAFT)
    GoalChange.objects.bulk_create(
        GoalChange(
            team=team, month=goal.month, new=goal.amount, by=by, at=set_on(goal.month, today, days), why=drafts.get(goal.month, ""),
        )
        for goal in goals
    )  # fmt: skip
    told_at = {month.year: set_on(month, today, days) for month in amounts}
    noted.goals_set(team, amounts, by=by, at=told_at)


def set_on(month: date, today: date, days: Calendar) -> datetime:
    return days.at(days.before(date(min(month.year, today.year) - 1, 12, 18)), 11)


def raised(amounts: dict[date, Decimal], *, today: date) -> dict[date, Decimal]:
    """The goals of one past quarter as they were before they were raised: its months, 5 % lower."""
    quarter = quarter_of(today - timedelta(weeks=26), first_month=1)
    return {month: amounts[month] * 95 // 100 for month in months_in(quarter)}


def raise_goals(team: Team, amounts: dict[date, Decimal], months: Iterable[date], *, by: User, now: datetime) -> None:  # fmt: skip
    why, months = "Two reps joined the team", list(months)
    old = Goal.objects.stored([team.pk], months)
    for month in months:
        Goal.objects.set(team, month, amounts[month], by=by, now=now, why=why)
    before = {month: amount for (_, month), amount in old.items()}
    noted.changed(team, before, {month: amounts[month] for month in months}, by=by, now=now, why=why)
