"""The key clients of a team: who is on the list, what they said last, and who is proposed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from alignment.links.sending import refused_addresses
from alignment.models import Team, User
from alignment.rules.formatting import MoneyFormat
from deals.key_clients.proposals import Proposal, read_proposals
from deals.models import FollowUp, Touch


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One key client. `hint` says why nobody can be asked for news of it; empty when somebody can."""

    follow_up: FollowUp
    last: Touch | None
    is_quiet: bool
    hint: str


@dataclass(frozen=True, slots=True)
class KeyClientsPage:
    team: Team
    m: MoneyFormat
    lines: tuple[ClientLine, ...]
    proposals: tuple[Proposal, ...]
    can_edit: bool

    @property
    def quiet(self) -> int:
        return sum(line.is_quiet for line in self.lines)


def build_page(team: Team, reader: User, *, today: date, can_edit: bool) -> KeyClientsPage:
    """Seven queries, however many clients there are."""
    rows = list(clients_of(team).select_related("account", "owner__joined_into"))
    last = last_touches(rows)
    refused = refused_addresses(row.owner.known_as.email.lower() for row in rows if row.owner)
    lines = tuple(ClientLine(row, last.get(row.pk), row.is_quiet(today), _hint(row, refused)) for row in rows)
    proposals = tuple(read_proposals(team, today=today)) if can_edit else ()
    return KeyClientsPage(team, MoneyFormat(team.currency, reader.locale), lines, proposals, can_edit)


def clients_of(team: Team) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(team=team).current()


def last_touches(rows: Iterable[FollowUp]) -> dict[int, Touch]:
    """The last touch of each.."""
    touches = Touch.objects.filter(follow_up__in=list(rows)).order_by("day", "pk")
    return {touch.follow_up_id: touch for touch in touches}


def _hint(row: FollowUp, refused: set[str]) -> str:
    if row.owner is None:
        return "Nobody is asked: choose an owner"
    owner = row.owner.known_as
    if not owner.email:
        return f"{owner.name} has no email address"
    return f"The address of {owner.name} refuses email" if owner.email.lower() in refused else ""
