"""How often somebody may have a mail sent or try a password, counted in the
database for all processes together."""

from __future__ import annotations

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest

RATES = {
    "invite_again": "5/h/key",  # one invitation sent again
    "person_password": "5/h/key",  # a reset sent to somebody by an admin
    "new_address": "5/h/user",  # a mail to an address a person typed
    "own_password": "10/10m/user",  # guesses at one's own password
}
TOO_OFTEN = "Too many requests. Nothing was sent; try again in an hour."


def within(request: HttpRequest, action: str, *, about: object = "") -> bool:
    """Count one more; False when it was one too many. `about` is what a rate per key counts for."""
    used = consume(request, app="alignment", action=action, config=RATES, key=str(about))
    return used is not None
