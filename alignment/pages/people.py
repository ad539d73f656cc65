"""The list of the people of a company, as its admins see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from alignment.db.search_keys import contains
from alignment.models import Company, Invite, Notice, Seat
from alignment.outbox.notices import dead_addresses
from alignment.people.directory import (
    ACTIVE,
    INVITED,
    LEFT,
    Line,
    everyone,
)
from alignment.web.listing import Listing

STATES = (
    ("", "Current"),
    (ACTIVE, "Active"),
    (INVITED, "Invited"),
    (LEFT, "Deactivated"),
    ("all", "Everyone"),
)
PARTS = (
    ("", "Any"),
    ("admins", "Admin"),
    ("seated", "Team members"),
    ("unseated", "Not on a team"),
    ("overview", "Overview"),
)


def select_people(search: Listing, company: Company) -> QuerySet[Any, Any]:
    """Filtered by the search, the state and the role."""
    rows, state = everyone(company), search.choose("state", "Status", STATES)
    part = search.choose("part", "Role", PARTS)
    if state != "all":
        rows = rows.filter(state=state) if state else rows.exclude(state=LEFT)
    conditions = {
        "admins": Q(admin_here=True),
        "seated": Q(sits_here=True),
        "unseated": Q(sits_here=False),
        "overview": Q(overview_since__isnull=False),
    }
    rows = rows.filter(conditions.get(part, Q()))
    if search.q:
        email = Q(invited_as="", email__icontains=search.q)  # the address of a stand-in is not a real one
        rows = rows.filter(contains(search.q, "name_key") | Q(invited_as__icontains=search.q) | email)
    return rows


def lines(people: Iterable[Any], company: Company, now: datetime) -> list[Line]:
    """What the list says of each, in three queries whatever their number."""
    people = list(people)
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.current().filter(user__in=people, team__company=company).select_related("team"):
        seats[seat.user_id].append(seat)
    open_ones = Invite.objects.open().filter(user__in=people, company=company)
    invites = {invite.user_id: invite for invite in open_ones}
    rejections = {
        notice.to_id: notice.error for notice in dead_addresses(Notice.objects.filter(to__in=people))
    }
    return [
        Line(
            user=person,
            state=person.state,
            is_admin=person.admin_here,
            seats=seats[person.pk],
            invite=invites.get(person.pk),
            has_expired=person.state == INVITED and _has_expired(invites.get(person.pk), now),
            rejection=rejections.get(person.pk, ""),
            has_factor=person.factored,
            overview_since=person.overview_since,
        )
        for person in people
    ]


def _has_expired(invite: Invite | None, now: datetime) -> bool:
    return invite is None or invite.has_expired(now)
