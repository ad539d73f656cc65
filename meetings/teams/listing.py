"""The teams of a company as its admins see them: a fixed number of queries for any number of teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from alignment.db.search_keys import contains
from alignment.models import Company, Goal, PlannedSeat, Seat, Team
from alignment.rules.roles import PRINCIPAL_ROLES, Role
from alignment.web.listing import Listing
from meetings.models import Meeting
from meetings.rules.cadence_text import spell_team_cadence

STATES = (("", "Active"), ("ended", "Ended"), ("all", "All"))
COMPLETENESS = (("", "All"), ("missing", "Incomplete"))


@dataclass(frozen=True, slots=True)
class TeamLine:
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


def filter_teams(listing: Listing, company: Company, now: datetime) -> QuerySet[Team, Any]:
    """The teams that match the search and the chosen state, by name."""
    today = listing.today(now)
    teams = _with_facts(company, today)
    state = listing.choose("state", "Teams", STATES)
    completeness = listing.choose("has", "Setup", COMPLETENESS)
    ended = Q(ends_on__lt=today)
    if state != "all":
        teams = teams.filter(ended) if state else teams.exclude(ended)
    if completeness:
        teams = teams.filter(Q(ceo_name=None) | Q(leader_name=None) | Q(has_goals=False))
    if query := listing.q:
        teams = teams.filter(contains(query, "name_key", "ceo_key", "leader_key"))
    return teams.order_by("name_key", "pk")


def _with_facts(company: Company, today: date) -> QuerySet[Team, Any]:
    this = OuterRef("pk")
    held = {role: Seat.objects.current().filter(team=this, role=role) for role in PRINCIPAL_ROLES}
    ahead = Meeting.objects.ahead().filter(team=this).values("starts_at")[:1]
    goals = Goal.objects.filter(team=this, month__gte=today.replace(day=1))
    return company.teams.annotate(
        ceo_name=Subquery(held[Role.CEO].values("user__name")[:1]),
        leader_name=Subquery(held[Role.LEADER].values("user__name")[:1]),
        ceo_key=Subquery(held[Role.CEO].values("user__name_key")[:1]),
        leader_key=Subquery(held[Role.LEADER].values("user__name_key")[:1]),
        next_start=Subquery(ahead),
        has_goals=Exists(goals),
        is_to_change=Exists(PlannedSeat.objects.waiting().filter(team=this)),
    )


def team_line(team: Any, today: date) -> TeamLine:
    """`team` comes from `filter_teams`."""
    lacks = {
        "no CEO": not team.ceo_name,
        "no sales leader": not team.leader_name,
        "no goals": not team.has_goals,
    }
    has_ended = team.ends_on is not None and team.ends_on < today
    return TeamLine(
        name=team.name,
        slug=team.slug,
        ceo=team.ceo_name or "",
        leader=team.leader_name or "",
        cadence=spell_team_cadence(team),
        next=None if has_ended else team.next_start,
        missing=() if has_ended else tuple(label for label, is_missing in lacks.items() if is_missing),
        ends_on=team.ends_on,
        has_ended=has_ended,
        changes=team.is_to_change,
    )
