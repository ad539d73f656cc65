"""Who belongs to a company: members, and everyone who has or had a seat on one of its teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from alignment.models import Company, Invite, Membership, OverviewReader, Seat, User
from alignment.sign_in.mfa import has_factor

ACTIVE, INVITED, LEFT = "active", "invited", "left"


def everyone(company: Company) -> QuerySet[Any, Any]:
    """All who ever belonged to the company, each with `state`, `admin_here`,
    `ended_here`, `sits_here`, `overview_since` and `factored`."""
    seats = Seat.objects.filter(user=OuterRef("pk"), team__company=company)
    here = FilteredRelation("memberships", condition=Q(memberships__company=company))
    overviews = OverviewReader.objects.current().filter(user=OuterRef("pk"), company=company)
    gone = Q(ended_here__isnull=False) | Q(here__pk=None, sits_here=False)
    people = User.objects.annotate(
        here=here,
        admin_here=Coalesce(F("here__is_admin"), Value(value=False)),
        ended_here=F("here__ended_at"),
        sits_here=Exists(seats.current()),
        overview_since=Subquery(overviews.values("since")),
        factored=has_factor(OuterRef("pk")),
    ).filter(Q(here__pk__isnull=False) | Exists(seats))
    state = Case(
        When(gone, then=Value(LEFT)),
        When(~Q(invited_as=""), then=Value(INVITED)),
        When(is_active=True, then=Value(ACTIVE)),
        default=Value(LEFT),
    )
    return people.annotate(state=state).order_by("name_key", "pk")


def present(company: Company) -> QuerySet[Any, Any]:
    """Those who can be given a seat: active or invited."""
    return everyone(company).exclude(state=LEFT)


def is_only_here(person: User, company: Company) -> bool:
    """Whether they belong to this company only and are no site administrator:
    then its admins manage their profile."""
    elsewhere = Membership.objects.filter(user=person, ended_at=None).exclude(company=company)
    seats = Seat.objects.current().filter(user=person).exclude(team__company=company)
    return not person.is_staff and not elsewhere.exists() and not seats.exists()


def was_closed_by_site(person: User) -> bool:
    """Whether the site administrator closed the account. Companies close it
    only by ending every membership."""
    if person.is_active or person.invited_as:
        return False
    rows = set(person.memberships.values_list("ended_at", flat=True))
    return not rows or None in rows


STATE_LABELS = {ACTIVE: "Active", INVITED: "Invited", LEFT: "Deactivated"}


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the list of a company."""

    user: User
    state: str
    is_admin: bool
    seats: list[Seat]
    invite: Invite | None
    has_expired: bool
    rejection: str
    has_factor: bool
    overview_since: date | None
    """Since when they read the overview of the company; None where they do not."""

    @property
    def state_label(self) -> str:
        return "Invitation expired" if self.has_expired else STATE_LABELS[self.state]

    @property
    def may_come_back(self) -> bool:
        """Whether an admin of the company can reactivate them."""
        return self.state == LEFT and not was_closed_by_site(self.user)

    @property
    def tone(self) -> str:
        return {ACTIVE: "good", INVITED: "warn"}.get(self.state, "")
