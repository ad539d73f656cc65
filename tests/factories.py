"""Rows for tests, keyword-only, valid by default."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from alignment.models import Archive, Company, Membership, Notice, Seat, Team, User
from deals.models import Account, Deal, RevenueEntry, Risk
from meetings.models import Commitment, Decision, Initiative, Issue, Meeting, Update

#: The moment tests happen at unless they say otherwise: a Monday in term, 09:00 in Paris.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)

_numbers = count(1)


def make_company(**fields: Any) -> Company:
    number = next(_numbers)
    return Company.objects.create(
        **{"name": f"Company {number}", "slug": f"company-{number}", "timezone": "Europe/Paris"} | fields
    )


def make_user(**fields: Any) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        **{"email": f"person{number}@demo.test", "password": "demo-password", "name": f"Person {number}"}
        | fields
    )


def make_team(
    *, company: Company, ceo: User | None = None, leader: User | None = None, **fields: Any
) -> Team:
    number = next(_numbers)
    team = Team.objects.create(
        company=company,
        **{
            "name": f"Team {number}",
            "slug": f"team-{number}",
            "timezone": company.timezone,
            "weekday": 0,
            "local_time": time(9, 0),
            "starts_on": date(2026, 1, 5),
            "due_rule": "hours",
        }
        | fields,
    )
    for role, user in (("ceo", ceo), ("leader", leader)):
        if user:
            make_seat(team=team, user=user, role=role)
    return team


def make_seat(*, team: Team, user: User, role: str, **fields: Any) -> Seat:
    return Seat.objects.create(team=team, user=user, role=role, **{"since": date(2026, 1, 1)} | fields)


def make_admin(*, company: Company, user: User) -> Membership:
    return Membership.objects.create(company=company, user=user, is_admin=True)


def make_invited(*, company: Company, email: str = "", name: str = "", **fields: Any) -> User:
    """Somebody an admin invited who has not accepted yet; `invites` holds the open invitation."""
    number = next(_numbers)
    address = email or f"invited{number}@demo.test"
    person = User.objects.create_user(
        email=f"{number}@invited.invalid",
        name=name or f"Invited {number}",
        invited_as=address,
        is_active=False,
    )
    Membership.objects.create(company=company, user=person)
    person.invites.create(
        company=company,
        email=address,
        **{"invited_at": NOW, "expires_at": NOW + timedelta(days=7)} | fields,
    )
    return person


def make_archive(*, company: Company, **fields: Any) -> Archive:
    """Made and ready; its file is another matter (alignment.exports.jobs)."""
    made = {
        "asked_at": NOW,
        "done_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        "sha256": "0" * 64,
        "size": 1000,
    }
    return Archive.objects.create(
        company=company, **made | {"file_name": "demo-2026-11-23.zip", "progress": 100} | fields
    )


def make_member(*, company: Company, user: User | None = None) -> User:
    """Somebody of the company who holds nothing there."""
    user = user or make_user()
    Membership.objects.create(company=company, user=user)
    return user


def make_meeting(*, team: Team, starts_at: datetime = NOW, **fields: Any) -> Meeting:
    return Meeting.objects.create(team=team, **{"planned_start": starts_at, "starts_at": starts_at} | fields)


def make_held_meeting(*, team: Team, starts_at: datetime = NOW - timedelta(days=7), **fields: Any) -> Meeting:
    """A held meeting without a record: what the past of a page needs. Use closing.close_meeting for a real one."""
    closed = starts_at + timedelta(minutes=30)
    return make_meeting(
        team=team,
        starts_at=starts_at,
        **{"state": "held", "started_at": starts_at, "closed_at": closed} | fields,
    )


def make_deal(*, team: Team, **fields: Any) -> Deal:
    return Deal.objects.create(
        team=team,
        **{
            "name": f"Deal {next(_numbers)}",
            "amount": Decimal(100_000),
            "close_date": TODAY + timedelta(days=4),
            "created_at": NOW - timedelta(days=60),
            "changed_at": NOW - timedelta(days=60),
        }
        | fields,
    )


def make_revenue(*, team: Team, day: date, amount: Decimal | int, **fields: Any) -> RevenueEntry:
    return RevenueEntry.objects.create(
        team=team, day=day, amount=Decimal(amount), **{"created_at": NOW} | fields
    )


def make_account(*, company: Company, **fields: Any) -> Account:
    return Account.objects.create(company=company, **{"name": f"Account {next(_numbers)}"} | fields)


def make_risk(*, team: Team, **fields: Any) -> Risk:
    return Risk.objects.create(
        team=team,
        **{
            "name": f"Risk {next(_numbers)}",
            "exposure": Decimal(50_000),
            "what_is_wrong": "The champion left.",
            "created_at": NOW - timedelta(days=3),
            "changed_at": NOW - timedelta(days=3),
        }
        | fields,
    )


def make_initiative(*, team: Team, **fields: Any) -> Initiative:
    """A rep's plan was begun with those who are the two now."""
    if fields.get("kind") == "rep":
        fields = Initiative.pair_of(Team.objects.get(pk=team.pk)) | fields
    return Initiative.objects.create(
        team=team,
        **{
            "title": f"Initiative {next(_numbers)}",
            "measure": "Deals above $20k a month",
            "baseline": Decimal(2),
            "target": Decimal(9),
            "current": Decimal(4),
            "created_at": NOW - timedelta(days=30),
            "changed_at": NOW - timedelta(days=30),
        }
        | fields,
    )


def make_issue(*, team: Team, **fields: Any) -> Issue:
    return Issue.objects.create(
        team=team,
        **{
            "title": f"Issue {next(_numbers)}",
            "section": "issues",
            "side": "ceo",
            "created_at": NOW - timedelta(days=1),
            "changed_at": NOW - timedelta(days=1),
        }
        | fields,
    )


def make_commitment(*, team: Team, owner: User, **fields: Any) -> Commitment:
    return Commitment.objects.create(
        team=team,
        owner=owner,
        **{
            "text": f"Commitment {next(_numbers)}",
            "section": "revenue",
            "due": TODAY + timedelta(days=7),
            "created_at": NOW - timedelta(days=1),
            "changed_at": NOW - timedelta(days=1),
        }
        | fields,
    )


def make_decision(*, meeting: Meeting, **fields: Any) -> Decision:
    return Decision.objects.create(
        team=meeting.team,
        meeting=meeting,
        **{"text": f"Decision {next(_numbers)}", "section": "issues", "created_at": NOW} | fields,
    )


def make_update(*, meeting: Meeting, author: User, side: str = "leader", **fields: Any) -> Update:
    return Update.objects.create(
        meeting=meeting,
        author=author,
        side=side,
        **{"section": "revenue", "text": f"Words {next(_numbers)}", "changed_at": NOW} | fields,
    )


def make_notice(*, to: User, **fields: Any) -> Notice:
    return Notice.objects.create(
        to=to,
        **{
            "key": f"prepared:meeting-{next(_numbers)}:{to.pk}",
            "kind": "prepared",
            "created_at": NOW,
            "due_at": NOW,
        }
        | fields,
    )
