"""Another company on the same machine, with a word in everything it says: whoever of the demo sees it found a leak."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from alignment.models import Company, Goal, Membership, Seat, Team, User
from deals.models import Account, Deal, RevenueEntry, Risk
from meetings.closing import close
from meetings.demo.cast import ZONE, hashed
from meetings.demo.days import Calendar
from meetings.models import (
    Attendance,
    Commitment,
    Decision,
    Initiative,
    Issue,
    Meeting,
    PrivateNote,
    Rating,
    Update,
)
from meetings.planning import plan

CANARY = "Zanzibar"
WEEK = timedelta(weeks=1)


def seed_elsewhere(today: date, calendar: Calendar) -> None:
    """One team that has met once, last week, and meets again on the next business day."""
    coming = calendar.after(today)
    team, ceo, leader = _team(today, coming)
    held = calendar.at(coming, 9) - WEEK
    meeting = Meeting.objects.create(team=team, planned_start=held, starts_at=held)
    _items(team, leader, before=held - timedelta(days=3), today=today)
    _hold(meeting, ceo, leader)
    plan(team, calendar.at(today, 0))


def _team(today: date, coming: date) -> tuple[Team, User, User]:
    since = coming - 2 * WEEK
    company = Company.objects.create(name="Other Ltd", slug="other", currency="USD", timezone=ZONE)
    team = Team.objects.create(
        company=company, name="Islands", slug="islands", timezone=ZONE, weekday=coming.weekday(), local_time=time(9),
        starts_on=coming - WEEK,
    )  # fmt: skip
    seated = []
    for email, name, role in (
        ("outsider@other.test", "Otto Reyes", "ceo"),
        ("leader@other.test", "Zoe Blake", "leader"),
    ):
        joined = datetime.combine(since, time(9), ZoneInfo(ZONE))
        user = User.objects.create(email=email, password=hashed(), name=name, timezone=ZONE, joined_at=joined)
        Membership.objects.create(company=company, user=user)
        Seat.objects.create(team=team, user=user, role=role, since=since)
        seated.append(user)
    for month in range(1, 13):
        Goal.objects.create(team=team, month=date(today.year, month, 1), amount=Decimal(90_000))
    return team, seated[0], seated[1]


def _items(team: Team, leader: User, *, before: datetime, today: date) -> None:
    told = {"team": team, "created_at": before, "created_by": leader}
    account = Account.objects.create(company=team.company, name=f"{CANARY} Spice Terminal")
    deal = Deal.objects.create(
        name=f"{CANARY} clove dryer", account=account, owner="Amina Said", stage="Proposal", amount=Decimal(140_000),
        opened_on=before.date(), close_date=today + timedelta(days=9), changed_at=before, **told,
    )  # fmt: skip
    RevenueEntry.objects.create(
        day=before.date(), amount=Decimal(18_500), note=f"{CANARY} spare parts", **told
    )
    Risk.objects.create(
        deal=deal, name=deal.name, exposure=Decimal(140_000), what_is_wrong=f"The ferry to {CANARY} does not take the frame.",
        action=f"Ask the port of {CANARY} for a barge", owner=leader, due=today + timedelta(days=6), changed_at=before, **told,
    )  # fmt: skip
    Initiative.objects.create(
        title=f"A partner on {CANARY}", kind="market", plan=f"Find one service partner on {CANARY}.", measure=f"Partners met on {CANARY}",
        baseline=0, target=3, current=1, changed_at=before, **told,
    )  # fmt: skip
    Initiative.objects.create(
        title=f"{CANARY}: Amina’s plan", kind="rep", plan=f"Amina moves to {CANARY} for half a year.", changed_at=before, **told,
        **Initiative.pair_of(team),
    )  # fmt: skip
    Issue.objects.create(
        section="issues", side="leader", title=f"Who pays for the flights to {CANARY}?", detail=f"Four trips to {CANARY} this quarter.",
        changed_at=before, **told,
    )  # fmt: skip


def _hold(meeting: Meeting, ceo: User, leader: User) -> None:
    team, start = meeting.team, meeting.starts_at
    for side, user, section in (("leader", leader, "revenue"), ("ceo", ceo, "deals")):
        Update.objects.create(
            meeting=meeting, side=side, author=user, section=section, text=f"{CANARY} is what we should talk about.",
            changed_at=start - timedelta(hours=26),
        )  # fmt: skip
        Attendance.objects.create(meeting=meeting, user=user, role=side, present=True, at=start)
        Rating.objects.create(
            meeting=meeting, user=user, role=side, score=8, at=start + timedelta(minutes=29)
        )
    PrivateNote.objects.create(meeting=meeting, author=ceo, text=f"{CANARY}, quietly.", changed_at=start)
    meeting.hand_in(by=leader, now=start - timedelta(hours=25))
    meeting.start(by=ceo, now=start)
    made = {"team": team, "meeting": meeting, "created_at": start + timedelta(minutes=20), "created_by": ceo}
    Commitment.objects.create(
        text=f"Book the barge to {CANARY}", owner=leader, due=start.date() + WEEK, section="risks", changed_at=start, **made
    )  # fmt: skip
    Decision.objects.create(text=f"{CANARY} stays with Amina.", section="issues", **made)
    close(meeting, by=ceo, now=start + timedelta(minutes=30), mail=False)
