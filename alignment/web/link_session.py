"""The session of whoever opened a personal link: one named thing, for 12 hours, in a signed cookie of its own.

It is bound to the link's seed, so that renewing or revoking the link ends it at once. The cookie goes only to the
addresses below the link's own; nobody is signed in by it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from alignment.links.kinds import title_of
from alignment.models import Link

SALT = "alignment.link-session"
LASTS = timedelta(hours=12)
GONE, UNKNOWN = 410, 404
LinkView = Callable[[HttpRequest, Link], HttpResponse]


def begin_session(response: HttpResponse, link: Link) -> None:
    """From now on this browser may open the link's page, and no other."""
    response.set_cookie(
        _cookie_of(link.pk),
        signing.dumps(str(link.seed), salt=SALT),
        max_age=LASTS,
        path=reverse("alignment:link_opened", args=(link.pk,)).removesuffix("opened/"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def session_of(request: HttpRequest, pk: int, kind: str) -> Link | None:
    """The link whose session this is; None without one, after 12 hours, and for a link that was renewed."""
    try:
        seed = signing.loads(request.COOKIES.get(_cookie_of(pk), ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return Link.objects.select_related("asked_by", "company").filter(pk=pk, kind=kind, seed=seed).first()


def link_page(kind: str) -> Callable[[LinkView], Callable[..., HttpResponse]]:
    """A page for people without an account: `view(request, link)` is called with an open link of this kind.

    Without a session of it the address is unknown (404); once the link has ended, the page says so (410).
    """

    def for_link(view: LinkView) -> Callable[..., HttpResponse]:
        @login_not_required
        @wraps(view)
        def page(request: HttpRequest, pk: int) -> HttpResponse:
            link = session_of(request, pk, kind)
            if link is None:
                return closed_link(request, "unknown", UNKNOWN)
            if not works(link):
                return closed_link(request, "ended", GONE)
            return unstored(view(request, link))

        return page

    return for_link


def works(link: Link) -> bool:
    """Whether it is open, and what it is for is still there."""
    return link.is_open(timezone.now()) and title_of(link) is not None


def closed_link(request: HttpRequest, why: str, status: int) -> HttpResponse:
    response = unstored(render(request, "alignment/links/closed.html", {"why": why}, status=status))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def unstored(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _cookie_of(pk: int) -> str:
    return f"link-{pk}"
