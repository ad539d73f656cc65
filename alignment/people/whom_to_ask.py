"""Who can do what somebody may not: named where a page is refused, so that nobody has to guess."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from alignment.models import Company, Membership, Seat, Team
from alignment.rules.roles import Role

MOST_NAMED = 4


def admins_of(companies: Collection[Company]) -> list[str]:
    """Each with what they are, by name."""
    rows = Membership.objects.filter(
        company__in=companies, is_admin=True, ended_at=None, user__is_active=True
    )
    names = rows.order_by("user__name_key", "user").values_list("user__name", flat=True)
    return [f"{name} (admin)" for name in dict.fromkeys(names)]


def leaders_of(teams: Collection[Team]) -> list[str]:
    """Their sales leaders, each with their team."""
    seats = Seat.objects.current().filter(team__in=teams, role=Role.LEADER).select_related("user", "team")
    return [
        f"{seat.user.name} (sales leader of {seat.team})" for seat in seats.order_by("team__name_key", "pk")
    ]


def ask(people: Iterable[str], *, otherwise: str) -> str:
    """ "Ask Joe Keller or Ada Admin." """
    named = list(people)[:MOST_NAMED]
    if not named:
        return otherwise
    *first, last = named
    return f"Ask {', '.join(first)} or {last}." if first else f"Ask {last}."
