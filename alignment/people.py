"""Who belongs to a company: members, and whoever sits or sat on one of its teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from alignment.lists import Listing
from alignment.models import Company, Invite, Membership, Notice, Seat, User
from alignment.outbox import dead_addresses
from alignment.second_factor import has_factor

ACTIVE, INVITED, LEFT = "active", "invited", "left"
SHOWN = {ACTIVE: "Active", INVITED: "Invited", LEFT: "Deactivated"}
STATES = (
    ("", "Current"),
    (ACTIVE, "Active"),
    (INVITED, "Invited"),
    (LEFT, "Deactivated"),
    ("all", "Everyone"),
)
PARTS = (("", "Any"), ("admins", "Admin"), ("seated", "Has a seat"), ("unseated", "Has no seat"))


def everyone(company: Company) -> QuerySet[Any, Any]:
    """All who ever belonged to the company, each with `state`, `admin_here`, `ended_here`, `sits_here` and `factored`."""
    seats = Seat.objects.filter(user=OuterRef("pk"), team__company=company)
    here = FilteredRelation("memberships", condition=Q(memberships__company=company))
    gone = Q(ended_here__isnull=False) | Q(here__pk=None, sits_here=False)
    people = User.objects.annotate(
        here=here, admin_here=Coalesce(F("here__is_admin"), Value(value=False)),
        ended_here=F("here__ended_at"), sits_here=Exists(seats.current()), factored=has_factor(OuterRef("pk")),
    ).filter(Q(here__pk__isnull=False) | Exists(seats))  # fmt: skip
    state = Case(
        When(gone, then=Value(LEFT)),
        When(~Q(invited_as=""), then=Value(INVITED)),
        When(is_active=True, then=Value(ACTIVE)),
        default=Value(LEFT),
    )
    return people.annotate(state=state).order_by("name", "pk")


def present(company: Company) -> QuerySet[Any, Any]:
    """Those who may be given a seat: active, or invited and not yet there."""
    return everyone(company).exclude(state=LEFT)


def is_only_here(person: User, company: Company) -> bool:
    """Whether they belong to this company alone and do not run the site: then its admins keep their name and zone."""
    elsewhere = Membership.objects.filter(user=person, ended_at=None).exclude(company=company)
    seats = Seat.objects.current().filter(user=person).exclude(team__company=company)
    return not person.is_staff and not elsewhere.exists() and not seats.exists()


def was_closed_by_site(person: User) -> bool:
    """Whether those who run the site closed the account: companies close it only by ending all that is between them."""
    if person.is_active or person.invited_as:
        return False
    rows = set(person.memberships.values_list("ended_at", flat=True))
    return not rows or None in rows


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the list of a company."""

    user: User
    state: str
    is_admin: bool
    seats: list[Seat]
    invite: Invite | None
    has_expired: bool
    refused: str
    has_factor: bool

    @property
    def shown(self) -> str:
        return "Invitation expired" if self.has_expired else SHOWN[self.state]

    @property
    def may_come_back(self) -> bool:
        """Whether an admin of the company can take them back by themselves."""
        return self.state == LEFT and not was_closed_by_site(self.user)

    @property
    def tone(self) -> str:
        return {ACTIVE: "good", INVITED: "warn"}.get(self.state, "")


def asked(told: Listing, company: Company) -> QuerySet[Any, Any]:
    """Narrowed to the words, the state and the part asked for."""
    rows, state = everyone(company), told.choose("state", "State", STATES)
    part = told.choose("part", "Role", PARTS)
    if state != "all":
        rows = rows.filter(state=state) if state else rows.exclude(state=LEFT)
    wanted = {"admins": Q(admin_here=True), "seated": Q(sits_here=True), "unseated": Q(sits_here=False)}
    rows = rows.filter(wanted.get(part, Q()))
    if told.q:
        email = Q(invited_as="", email__icontains=told.q)  # a stand-in is nobody's address
        rows = rows.filter(Q(name__icontains=told.q) | Q(invited_as__icontains=told.q) | email)
    return rows


def lines(people: Iterable[Any], company: Company, now: datetime) -> list[Line]:
    """What the list says of each, in three queries whatever their number."""
    people = list(people)
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.current().filter(user__in=people, team__company=company).select_related("team"):
        seats[seat.user_id].append(seat)
    open_ones = Invite.objects.open().filter(user__in=people, company=company)
    invites = {invite.user_id: invite for invite in open_ones}
    refused = {each.to_id: each.error for each in dead_addresses(Notice.objects.filter(to__in=people))}
    return [
        _line(person, seats[person.pk], invites.get(person.pk), refused.get(person.pk, ""), now)
        for person in people
    ]


def _line(person: Any, seats: list[Seat], invite: Invite | None, refused: str, now: datetime) -> Line:
    expired = person.state == INVITED and (invite is None or invite.has_expired(now))
    return Line(person, person.state, person.admin_here, seats, invite, expired, refused, person.factored)
