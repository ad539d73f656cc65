"""What the bench looks at: one CEO with 2, 50 and 200 teams; meetings with 5 and 50 items a section, 2 and 104
past ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from alignment.models import Company, Goal, Seat, Team, User
from alignment.rules.periods import months_in, year_of
from deals.models import DealChange, RevenueEntry
from meetings.models import MeasurePoint, Meeting
from tests.factories import (
    make_admin,
    make_commitment,
    make_company,
    make_deal,
    make_decision,
    make_initiative,
    make_issue,
    make_risk,
    make_seat,
    make_team,
    make_update,
    make_user,
)


def many_teams(now: datetime, count: int, prefix: str) -> User:
    """A CEO with `count` teams, each with goals, revenue, thirteen past meetings and the next one."""
    company = make_company(slug=prefix)
    ceo = make_user(email=f"{prefix}@bench.test", timezone="Europe/Paris")
    leaders = [make_user(email=f"{prefix}-{number}@bench.test") for number in range(count)]
    teams = Team.objects.bulk_create(
        Team(
            company=company,
            name=f"{prefix} {number}",
            slug=f"{prefix}-{number}",
            timezone="Europe/Paris",
            starts_on=now.date(),
        )
        for number in range(count)
    )
    seats = [Seat(team=team, user=ceo, role="ceo", since=now.date()) for team in teams]
    seats += [
        Seat(team=team, user=user, role="leader", since=now.date())
        for team, user in zip(teams, leaders, strict=True)
    ]
    Seat.objects.bulk_create(seats)
    for team in teams:
        money(team, now)
        past(team, now, 13)
    Meeting.objects.bulk_create(
        Meeting(team=team, planned_start=now + timedelta(hours=20), starts_at=now + timedelta(hours=20))
        for team in teams
    )
    return ceo


def money(team: Team, now: datetime) -> None:
    this_year = year_of(now.date(), first_month=1)
    last_year = year_of(this_year.start - timedelta(days=1), first_month=1)
    months = months_in(last_year) + months_in(this_year)
    Goal.objects.bulk_create(Goal(team=team, month=month, amount=Decimal(200_000)) for month in months)
    RevenueEntry.objects.bulk_create(
        RevenueEntry(
            team=team, day=now.date() - timedelta(days=3 * back), amount=Decimal(17_000), created_at=now
        )
        for back in range(100)
    )


def past(team: Team, now: datetime, count: int) -> None:
    starts = [now - timedelta(weeks=back + 1) for back in range(count)]
    Meeting.objects.bulk_create(
        Meeting(
            team=team,
            planned_start=start,
            starts_at=start,
            state="held" if number % 7 else "missed",
            started_at=start,
            closed_at=start + timedelta(minutes=30),
            gap=Decimal(-40_000),
        )
        for number, start in enumerate(starts)
    )


def full_meeting(now: datetime, *, items: int, history: int, slug: str) -> Meeting:
    """A running meeting with `items` rows in each section, words on every one, commitments and decisions."""
    company = Company.objects.filter(slug=slug).first() or make_company(slug=slug)
    ceo, leader = make_user(email=f"{slug}-ceo@bench.test"), make_user(email=f"{slug}-leader@bench.test")
    team = make_team(company=company, ceo=ceo, leader=leader, slug=slug, name=slug)
    make_seat(team=team, user=make_user(), role="observer")
    money(team, now)
    past(team, now, history)
    meeting = Meeting.objects.create(
        team=team,
        planned_start=now + timedelta(minutes=5),
        starts_at=now + timedelta(minutes=5),
        state="in_progress",
        started_at=now,
        running_since=now,
        section="risks",
    )
    for number in range(items):
        section_rows(meeting, number, now, ceo, leader)
    return meeting


def section_rows(meeting: Meeting, number: int, now: datetime, ceo: User, leader: User) -> None:
    team, old = meeting.team, now - timedelta(days=50)
    today = now.date()
    deal = make_deal(
        team=team,
        close_date=today + timedelta(days=number % 9),
        created_at=old,
        changed_at=now,
        amount=Decimal(90_000 + number),
    )
    DealChange.objects.create(
        deal=deal,
        field="close_date",
        old=str(today - timedelta(days=20)),
        new=str(deal.close_date),
        day=today,
        at=now,
        reason="Credit check",
    )
    risk = make_risk(
        team=team, created_at=old, changed_at=old, owner=leader, action="Visit the plant", due=today
    )
    initiative = make_initiative(
        team=team, created_at=old, changed_at=now, plan="Coach weekly, measure monthly."
    )
    MeasurePoint.objects.bulk_create(
        MeasurePoint(measure=initiative.measured_by, at=now - timedelta(weeks=13 - week), value=Decimal(week))
        for week in range(13)
    )
    issue = make_issue(
        team=team, created_by=ceo, created_at=now, changed_at=now, detail="Agreed mix was 60 % mid."
    )
    for section, about in (
        ("deals", {"deal": deal}),
        ("risks", {"risk": risk}),
        ("initiatives", {"initiative": initiative}),
        ("issues", {"issue": issue}),
    ):
        make_update(
            meeting=meeting,
            author=leader,
            section=section,
            text="Operations is willing to open the plant.",
            **about,
        )
    make_commitment(
        team=team,
        owner=leader,
        due=today + timedelta(days=3),
        created_at=now - timedelta(days=8),
        risk=risk,
        section="risks",
    )
    make_commitment(team=team, owner=leader, due=today + timedelta(days=6), created_at=now)
    make_decision(meeting=meeting)


def admin_of(slug: str) -> User:
    admin = make_user(email=f"{slug}-admin@bench.test", timezone="Europe/Paris")
    make_admin(company=Company.objects.get(slug=slug), user=admin)
    return admin


def everything() -> dict[str, object]:
    now = timezone.now()
    bare = make_team(company=make_company(), slug="bench-0", name="Bench")
    return {
        "bare": bare,
        2: many_teams(now, 2, "two"),
        50: many_teams(now, 50, "fifty"),
        200: many_teams(now, 200, "twohundred"),
        "admin": admin_of("twohundred"),
        "five": full_meeting(now, items=5, history=104, slug="five-items"),
        "fifty": full_meeting(now, items=50, history=2, slug="fifty-items"),
    }
