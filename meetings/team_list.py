"""The teams of a company as its admins see them: a fixed number of queries for any number of teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from alignment.lists import Listing
from alignment.models import Company, Goal, PlannedSeat, Seat, Team
from alignment.models.teams import Role
from meetings.cadence_words import words_of
from meetings.models import Meeting

STATES = (("", "Going on"), ("ended", "Ended"), ("all", "All"))
WANTING = (("", "All"), ("missing", "Something is missing"))


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    slug: str
    ceo: str
    leader: str
    cadence: str
    next: datetime | None
    missing: tuple[str, ...]
    ends_on: date | None
    has_ended: bool
    changes: bool
    """Whether a change of seats is planned."""


def asked(told: Listing, company: Company, now: datetime) -> QuerySet[Team, Any]:
    """Narrowed to the words and the state asked for, by name."""
    today = told.today(now)
    teams = _with_facts(company, today)
    state = told.choose("state", "Teams", STATES)
    wanting = told.choose("has", "What they have", WANTING)
    over = Q(ends_on__lt=today)
    if state != "all":
        teams = teams.filter(over) if state else teams.exclude(over)
    if wanting:
        teams = teams.filter(Q(ceo_name=None) | Q(leader_name=None) | Q(has_goals=False))
    if told.q:
        named = Q(name__icontains=told.q) | Q(ceo_name__icontains=told.q) | Q(leader_name__icontains=told.q)
        teams = teams.filter(named)
    return teams.order_by("name", "pk")


def _with_facts(company: Company, today: date) -> QuerySet[Team, Any]:
    this = OuterRef("pk")
    held = {role: Seat.objects.current().filter(team=this, role=role) for role in (Role.CEO, Role.LEADER)}
    ahead = Meeting.objects.ahead().filter(team=this).values("starts_at")[:1]
    goals = Goal.objects.filter(team=this, month__gte=today.replace(day=1))
    return company.teams.annotate(
        ceo_name=Subquery(held[Role.CEO].values("user__name")[:1]),
        leader_name=Subquery(held[Role.LEADER].values("user__name")[:1]),
        next_start=Subquery(ahead),
        has_goals=Exists(goals),
        is_to_change=Exists(PlannedSeat.objects.waiting().filter(team=this)),
    )


def line(team: Any, today: date) -> Line:
    """`team` comes from `asked`."""
    lacks = {
        "no CEO": not team.ceo_name,
        "no sales leader": not team.leader_name,
        "no goals": not team.has_goals,
    }
    has_ended = team.ends_on is not None and team.ends_on < today
    return Line(
        name=team.name, slug=team.slug, ceo=team.ceo_name or "", leader=team.leader_name or "", cadence=words_of(team),
        next=None if has_ended else team.next_start,
        missing=() if has_ended else tuple(said for said, is_so in lacks.items() if is_so),
        ends_on=team.ends_on, has_ended=has_ended, changes=team.is_to_change,
    )  # fmt: skip
