"""How often somebody may have a mail sent or try a password, counted in the
database for all processes together."""

from __future__ import annotations

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest

RATES = {
    "invite_again": "5/h/key",  # one invitation sent again
    "person_password": "5/h/key",  # a reset sent to somebody by an admin
    "new_address": "5/h/user",  # a mail to an address a person typed
    "unknown_link": "30/m/ip",  # guesses at the address of a personal link
    "renew_link": "5/h/key",  # one personal link sent again
    "answer_link": "30/m/key",  # answers through one personal link
    "own_password": "10/10m/user",  # guesses at one's own password
}
TOO_OFTEN = "Too many requests. Nothing was sent; try again in an hour."


def within(request: HttpRequest, action: str, *, about: object = "") -> bool:
    """Count one more; False when it was one too many. `about` is what a rate per key counts for."""
    used = consume(request, app="alignment", action=action, config=RATES, key=str(about), limit_get=True)
    return used is not None
