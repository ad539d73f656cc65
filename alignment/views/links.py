"""Personal links: opening one, and what whoever sent them can do about them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment.links.kinds import KINDS
from alignment.links.sending import renew_link
from alignment.links.tokens import find_link
from alignment.models import Link
from alignment.pages import links
from alignment.sign_in import rate_limits
from alignment.web.link_session import GONE, UNKNOWN, begin_session, closed_link, session_of, unstored, works
from alignment.web.listing import Listing
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require

ENDED = "This link has ended. Nothing was changed."


@login_not_required
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange the token for a session of the one thing, so that it leaves the address. Writes nothing: mail scanners
    open links too."""
    row = find_link(token)
    if row is None:
        is_guess = not rate_limits.within(request, "unknown_link")
        return (
            render(request, "429.html", status=429) if is_guess else closed_link(request, "unknown", UNKNOWN)
        )
    if not works(row):
        return closed_link(request, "ended", GONE)
    response = HttpResponseRedirect(reverse(KINDS[row.kind].url_name, args=(row.pk,)))
    begin_session(response, row)
    response.headers["Referrer-Policy"] = "no-referrer"
    return unstored(response)


@login_not_required
@require_POST
def opened(request: HttpRequest, pk: int) -> HttpResponse:
    """The page tells that a person is looking at it: unlike a mail scanner it runs scripts."""
    row = next((row for kind in KINDS if (row := session_of(request, pk, kind))), None)
    if row is None:
        return HttpResponse(status=UNKNOWN)
    row.use(now=timezone.now())
    return unstored(HttpResponse(status=204))


@require_safe
def listing(request: Request) -> HttpResponse:
    """The links that the reader sent and that still work."""
    search = Listing(request.user, request.GET)
    page = search.page(Link.objects.visible_to(request.user).filter(ended_at=None))
    context = {"list": search, "page": page, "lines": links.lines(page.object_list, timezone.now())}
    return render(request, "alignment/links/list.html", context)


@require_POST
def renew(request: Request, pk: int) -> HttpResponse:
    row = _sent_link(request, pk)
    here = reverse("alignment:links")
    if not rate_limits.within(request, "renew_link", about=row.pk):
        return refuse(request, here, rate_limits.TOO_OFTEN)
    if not renew_link(row, by=request.user, now=timezone.now()):
        return refuse(request, here, ENDED)
    return back(request, here, message=f"A new link was sent to {row.name}. The earlier one no longer works.")


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    row = _sent_link(request, pk)
    if not row.end(now=timezone.now()):
        return refuse(request, reverse("alignment:links"), ENDED)
    return back(request, reverse("alignment:links"), message=f"The link of {row.name} no longer works.")


def _sent_link(request: Request, pk: int) -> Link:
    row = get_object_or_404(Link.objects.visible_to(request.user), pk=pk)
    require(row.can_manage(request.user))
    return row
