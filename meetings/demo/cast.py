"""The demo company: its people, teams, goals and holidays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db.models import Q

from alignment.models import (
    Company,
    Goal,
    GoalChange,
    Holiday,
    Invite,
    Membership,
    OverviewReader,
    Seat,
    Team,
    User,
)
from alignment.models.invitations import HOLDS
from alignment.models.teams import DueRule
from alignment.rules.periods import months_in, quarter_of
from meetings.demo import audit_log
from meetings.demo.days import Calendar, holidays

PASSWORD = "demo-password"  # noqa: S105  # public: the sign-in page shows it
ZONE = "America/New_York"
DRAFT = "First draft for next year"
SEASON = (82, 90, 112, 92, 98, 114, 86, 82, 112, 98, 106, 128)
"""Per cent of an average month, January to December."""


COMPANIES = {"carver-lowe", "other"}
NO_ADDRESS = r"\.(?:test|invalid)$"
"""Endings that belong to nobody (RFC 2606): whoever has such an address was made up."""


def holds_only_the_demo() -> bool:
    """Whether there are no companies and no people here but those of the demo."""
    made_up = Q(email__regex=NO_ADDRESS) & (Q(invited_as="") | Q(invited_as__regex=NO_ADDRESS))
    return (
        not User.objects.exclude(made_up).exists()
        and not Company.objects.exclude(slug__in=COMPANIES).exists()
    )


@dataclass(frozen=True, slots=True)
class Cast:
    company: Company
    admin: User
    ceo: User
    leader: User
    second_leader: User
    former_leader: User
    observer: User
    facilitator: User
    north: Team
    south: Team
    calendar: Calendar


def calendar(today: date) -> Calendar:
    off = {day for year in range(today.year - 4, today.year + 3) for day, _ in holidays(year)}
    return Calendar(ZoneInfo(ZONE), frozenset(off))


def create_cast(today: date, *, first_slot: date) -> Cast:
    """The company on the day before its first meeting.

    North meets on the next business day, South on the one after.
    """
    days = calendar(today)
    since = first_slot - timedelta(days=30)
    company = _company("Carver & Lowe", "carver-lowe", today)
    people = {
        "admin": _person(company, "admin@demo.test", "Ruth Akande", since, is_admin=True),
        "ceo": _person(company, "ceo@demo.test", "Tom Marsh", since),
        "leader": _person(company, "leader@demo.test", "Joe Keller", since),
        "second_leader": _person(company, "leader2@demo.test", "Anne Duarte", since),
        "former_leader": _person(company, "leader3@demo.test", "Mark Ellis", since),
        "observer": _person(company, "observer@demo.test", "Nina Brooks", since),
        "facilitator": _person(company, "facilitator@demo.test", "Walter Lindgren", since),
    }
    OverviewReader.objects.create(
        company=company, user=_person(company, "cfo@demo.test", "Maria Sandoval", since), since=since
    )
    _invited(company, people["admin"], "priya.nair@demo.test", "Priya Nair", today)
    next_day = days.after(today)
    north = _team(company, "North", next_day.weekday(), time(15, 0), first_slot)
    south = _team(company, "South", days.after(next_day).weekday(), time(11, 0), first_slot)
    for team, leader in ((north, "leader"), (south, "former_leader")):
        _seat(team, people["ceo"], "ceo", since)
        _seat(team, people[leader], "leader", since)
        _seat(team, people["facilitator"], "facilitator", since)
    _seat(north, people["observer"], "observer", since)
    sign_in_everyone(company, today)
    audit_log.log_creation(company, (north, south), by=people["admin"], since=since)
    return Cast(company=company, north=north, south=south, calendar=days, **people)


def _company(name: str, slug: str, today: date) -> Company:
    company = Company.objects.create(name=name, slug=slug, currency="USD", timezone=ZONE)
    Holiday.objects.bulk_create(
        Holiday(company=company, day=day, name=name_of_day)
        for year in range(today.year - 4, today.year + 3)
        for day, name_of_day in holidays(year)
    )
    return company


def _person(company: Company, email: str, name: str, since: date, *, is_admin: bool = False) -> User:
    joined = datetime.combine(since, time(9), ZoneInfo(ZONE))
    user = User.objects.create(
        email=email, password=password_hash(), name=name, timezone=ZONE, locale="en-US", joined_at=joined
    )
    Membership.objects.create(company=company, user=user, is_admin=is_admin)
    return user


def sign_in_everyone(company: Company, today: date) -> None:
    """Everyone who can signed in yesterday except the observer, who has not signed in yet."""
    yesterday = datetime.combine(today - timedelta(days=1), time(8, 40), ZoneInfo(ZONE))
    here = User.objects.filter(memberships__company=company, is_active=True).exclude(
        email__startswith="observer@"
    )
    here.update(last_login=yesterday)


def _invited(company: Company, by: User, address: str, name: str, today: date) -> None:
    """Somebody invited the day before who has not accepted yet. The demo itself sends no mail."""
    at = datetime.combine(today - timedelta(days=1), time(16), ZoneInfo(ZONE))
    person = User.objects.create(
        email="1@invited.invalid",
        invited_as=address,
        password=UNUSABLE_PASSWORD_PREFIX,
        name=name,
        timezone=ZONE,
        locale="en-US",
        joined_at=at,
        is_active=False,
    )
    Membership.objects.create(company=company, user=person)
    Invite.objects.create(
        company=company, user=person, email=address, invited_by=by, invited_at=at, expires_at=at + HOLDS
    )


@cache
def password_hash() -> str:
    """Everyone's password, hashed once because hashing is slow."""
    return make_password(PASSWORD)


def _team(company: Company, name: str, weekday: int, at: time, first_slot: date) -> Team:
    return Team.objects.create(
        company=company,
        name=name,
        slug=name.lower(),
        timezone=ZONE,
        weekday=weekday,
        local_time=at,
        starts_on=first_slot,
        due_rule=DueRule.HOURS,
    )


def _seat(team: Team, user: User, role: str, since: date) -> None:
    Seat.objects.create(team=team, user=user, role=role, since=since)


def goals(average_month: int, *, growth: int, today: date) -> dict[date, Decimal]:
    """Monthly goals from three years back to the end of next year: seasonal, with `growth` per cent a year."""
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
            team=team,
            month=goal.month,
            new=goal.amount,
            by=by,
            at=goal_set_at(goal.month, today, days),
            why=drafts.get(goal.month, ""),
        )
        for goal in goals
    )
    set_at = {month.year: goal_set_at(month, today, days) for month in amounts}
    audit_log.log_goals_set(team, amounts, by=by, at=set_at)


def goal_set_at(month: date, today: date, days: Calendar) -> datetime:
    return days.at(days.before(date(min(month.year, today.year) - 1, 12, 18)), 11)


def goals_before_raise(amounts: dict[date, Decimal], *, today: date) -> dict[date, Decimal]:
    """The goals of one past quarter as they were before they were raised: its months, 5% lower."""
    quarter = quarter_of(today - timedelta(weeks=26), first_month=1)
    return {month: amounts[month] * 95 // 100 for month in months_in(quarter)}


def record_raised_goals(
    team: Team, amounts: dict[date, Decimal], months: Iterable[date], *, by: User, now: datetime
) -> None:
    why, months = "Two reps joined the team", list(months)
    old = Goal.objects.stored([team.pk], months)
    for month in months:
        Goal.objects.set(team, month, amounts[month], by=by, now=now, why=why)
    before = {month: amount for (_, month), amount in old.items()}
    audit_log.log_goals_changed(
        team, before, {month: amounts[month] for month in months}, by=by, now=now, why=why
    )
