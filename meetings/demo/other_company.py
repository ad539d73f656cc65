"""Another company on the same server. One word is in all its texts: seeing it in the demo means a leak."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from alignment.models import Company, Goal, Membership, Seat, Team, User
from alignment.models.teams import DueRule
from deals.models import Account, Deal, DealChange, RevenueEntry, Risk
from deals.sales_people.rep_names import find_or_create_rep
from meetings.demo.cast import ZONE, password_hash
from meetings.demo.days import Calendar
from meetings.models import (
    Attendance,
    Commitment,
    Decision,
    Initiative,
    Issue,
    Measure,
    Meeting,
    PrivateNote,
    Rating,
    Update,
)
from meetings.schedule.slots import plan_meetings
from meetings.transitions.closing import close_meeting

CANARY = "Zanzibar"
WEEK = timedelta(weeks=1)


def seed_other_company(today: date, calendar: Calendar) -> None:
    """One team that has met once, last week, and meets again on the next business day."""
    coming = calendar.after(today)
    team, ceo, leader = _team(today, coming)
    held = calendar.at(coming, 9) - WEEK
    meeting = Meeting.objects.create(team=team, planned_start=held, starts_at=held)
    _items(team, leader, before=held - timedelta(days=3), today=today)
    _hold_meeting(meeting, ceo, leader)
    plan_meetings(team, calendar.at(today, 0))


def _team(today: date, coming: date) -> tuple[Team, User, User]:
    since = coming - 2 * WEEK
    company = Company.objects.create(name="Other Ltd", slug="other", currency="USD", timezone=ZONE)
    team = Team.objects.create(
        company=company,
        name="Islands",
        slug="islands",
        timezone=ZONE,
        weekday=coming.weekday(),
        local_time=time(9),
        starts_on=coming - WEEK,
        due_rule=DueRule.HOURS,
    )
    seated = []
    for email, name, role in (
        ("outsider@other.test", "Otto Reyes", "ceo"),
        ("leader@other.test", "Zoe Blake", "leader"),
    ):
        joined = datetime.combine(since, time(9), ZoneInfo(ZONE))
        user = User.objects.create(
            email=email, password=password_hash(), name=name, timezone=ZONE, joined_at=joined
        )
        Membership.objects.create(company=company, user=user)
        Seat.objects.create(team=team, user=user, role=role, since=since)
        seated.append(user)
    for month in range(1, 13):
        Goal.objects.create(team=team, month=date(today.year, month, 1), amount=Decimal(90_000))
    return team, seated[0], seated[1]


def _items(team: Team, leader: User, *, before: datetime, today: date) -> None:
    usual = {"team": team, "created_at": before, "created_by": leader}
    _deal_at_risk(team, leader, usual, before=before, today=today)
    _initiatives(team, usual, before=before)
    Issue.objects.create(
        section="issues",
        side="leader",
        title=f"Who pays for the flights to {CANARY}?",
        detail=f"Four trips to {CANARY} this quarter.",
        changed_at=before,
        **usual,
    )


def _deal_at_risk(team: Team, leader: User, usual: dict[str, Any], *, before: datetime, today: date) -> None:
    account = Account.objects.create(company=team.company, name=f"{CANARY} Spice Terminal")
    deal = Deal.objects.create(
        name=f"{CANARY} clove dryer",
        account=account,
        rep=find_or_create_rep("Amina Said", team=team, day=team.starts_on),
        stage="Proposal",
        amount=Decimal(140_000),
        opened_on=before.date(),
        close_date=today + timedelta(days=9),
        changed_at=before,
        **usual,
    )
    DealChange.objects.record_first_sight([deal])
    RevenueEntry.objects.create(
        day=before.date(), amount=Decimal(18_500), note=f"{CANARY} spare parts", **usual
    )
    Risk.objects.create(
        deal=deal,
        name=deal.name,
        exposure=Decimal(140_000),
        what_is_wrong=f"The ferry to {CANARY} does not take the frame.",
        action=f"Ask the port of {CANARY} for a barge",
        owner=leader,
        due=today + timedelta(days=6),
        changed_at=before,
        **usual,
    )


def _initiatives(team: Team, usual: dict[str, Any], *, before: datetime) -> None:
    partner = Initiative.objects.create(
        title=f"A partner on {CANARY}",
        kind="market",
        plan=f"Find one service partner on {CANARY}.",
        changed_at=before,
        **usual,
    )
    partners = Measure.of_initiative(
        partner, measure=f"Partners met on {CANARY}", baseline=Decimal(0), target=Decimal(3)
    )
    partners.start(Decimal(1), at=before)
    amina = Initiative.objects.create(
        title=f"{CANARY}: Amina’s plan",
        kind="rep",
        plan=f"Amina moves to {CANARY} for half a year.",
        changed_at=before,
        **usual,
        **Initiative.pair_of(team),
    )
    Measure.of_initiative(amina).start(None, at=before)


def _hold_meeting(meeting: Meeting, ceo: User, leader: User) -> None:
    team, start = meeting.team, meeting.starts_at
    for side, user, section in (("leader", leader, "revenue"), ("ceo", ceo, "deals")):
        Update.objects.create(
            meeting=meeting,
            side=side,
            author=user,
            section=section,
            text=f"{CANARY} is what we should talk about.",
            changed_at=start - timedelta(hours=26),
        )
        Attendance.objects.create(meeting=meeting, user=user, role=side, present=True, at=start)
        Rating.objects.create(
            meeting=meeting, user=user, role=side, score=8, at=start + timedelta(minutes=29)
        )
    PrivateNote.objects.create(meeting=meeting, author=ceo, text=f"{CANARY}, quietly.", changed_at=start)
    meeting.submit_preparation(by=leader, now=start - timedelta(hours=25))
    meeting.start(by=ceo, now=start)
    captured = {
        "team": team,
        "meeting": meeting,
        "created_at": start + timedelta(minutes=20),
        "created_by": ceo,
    }
    Commitment.objects.create(
        text=f"Book the barge to {CANARY}",
        owner=leader,
        due=start.date() + WEEK,
        section="risks",
        changed_at=start,
        **captured,
    )
    Decision.objects.create(text=f"{CANARY} stays with Amina.", section="issues", **captured)
    close_meeting(meeting, by=ceo, now=start + timedelta(minutes=30), mail=False)
