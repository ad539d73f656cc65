"""Who may write what on a team, asked of the seat a person holds there; and requests of people signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from alignment.models import Seat, Team, User
from alignment.models.teams import Role, Side


class Request(HttpRequest):
    """A request of somebody signed in, as every view gets it (default deny)."""

    user: User
    htmx: HtmxDetails


May = Callable[[Seat], bool]


def plans(seat: Seat) -> bool:
    """Keeps deals, risks and initiatives: the leader's side."""
    return seat.side == Side.LEADER


def acts(seat: Seat) -> bool:
    """Takes part in what is promised and solved: the CEO's and the leader's side."""
    return seat.side in (Side.CEO, Side.LEADER)


def speaks(seat: Seat) -> bool:
    """Raises issues and comments: everyone but an observer."""
    return bool(seat.side)


def is_of_the_two(seat: Seat) -> bool:
    return seat.role in (Role.CEO, Role.LEADER)


def may(user: User, team: Team, what: May) -> bool:
    """Whether the user's seat on the team allows it; never without a seat."""
    seat = team.seat_of(user)
    return seat is not None and what(seat)


def seat_on(team: Team, user: User) -> Seat:
    """The seat of somebody who was found to sit there. Raises PermissionDenied (403) otherwise."""
    seat = team.seat_of(user)
    if seat is None:
        raise PermissionDenied
    return seat


def seats_of(user: User) -> list[Seat]:
    """The user's seats with their teams and companies, by the teams' names: one query for a list page."""
    seats = Seat.objects.current().filter(user=user).select_related("team__company")
    return list(seats.order_by("team__name", "team"))
