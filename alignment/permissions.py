"""What a person may do on a team: a permission is a question to the seat they hold there."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied

from alignment.models import Seat, Team, User
from alignment.rules.roles import PRINCIPAL_ROLES, PRINCIPAL_SIDES, Side

Permission = Callable[[Seat], bool]


def can_plan(seat: Seat) -> bool:
    """Maintains deals, risks and initiatives: the sales leader's side."""
    return seat.side == Side.LEADER


def can_act(seat: Seat) -> bool:
    """Makes commitments and resolves issues: the CEO's and the sales leader's side."""
    return seat.side in PRINCIPAL_SIDES


def can_speak(seat: Seat) -> bool:
    """Raises issues and comments: everyone but an observer."""
    return bool(seat.side)


def is_principal_seat(seat: Seat) -> bool:
    """The seat of the CEO or of the sales leader themselves, not of a delegate."""
    return seat.role in PRINCIPAL_ROLES


def speaks_for_ceo(seat: Seat) -> bool:
    """The CEO's side."""
    return seat.side == Side.CEO


def has_permission(user: User, team: Team, permission: Permission) -> bool:
    """Whether the user's seat on the team has the permission; never without a seat."""
    seat = team.seat_of(user)
    return seat is not None and permission(seat)


def seat_on(team: Team, user: User) -> Seat:
    """The seat of somebody who is known to be on the team. Raises PermissionDenied (403) otherwise."""
    seat = team.seat_of(user)
    if seat is None:
        raise PermissionDenied
    return seat


def seats_of(user: User) -> list[Seat]:
    """The user's seats with their teams and companies, by the teams' names: one query for a list page."""
    seats = Seat.objects.current().filter(user=user).select_related("team__company")
    return list(seats.order_by("team__name_key", "team"))
