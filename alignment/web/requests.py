"""The request type of views."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from alignment.models import User


class Request(HttpRequest):
    """A request of a signed-in person, as every view gets it (default deny)."""

    user: User
    htmx: HtmxDetails
