"""A person's own calendar: the private address of the feed, and whether invitations come by mail."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_POST, require_safe

from alignment.access import Request
from alignment.saving import back, refuse
from meetings import feed as feeds
from meetings import invitations

RENEWED = "This is your new address. The one before it shows nothing any more."
STOPPED = "The address is gone. Programs that still ask for it get nothing."
BY_MAIL = "Invitations go to your mail again, one for each team."
NOT_BY_MAIL = "No more invitations by mail. Those that lie in your calendar are cancelled."


@login_not_required  # the token says whose feed it is
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """304 when the reader has it as it is."""
    found = feeds.read(token, timezone.now()) if token.isascii() and token.isprintable() else None
    if found is None:
        raise Http404
    tag, changed = quote_etag(found.tag), int(found.changed_at.timestamp())
    response = get_conditional_response(request, etag=tag, last_modified=changed)
    if response is None:
        response = HttpResponse(found.written(), content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="alignment.ics"'
        response.headers["ETag"] = tag
        response.headers["Last-Modified"] = http_date(changed)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def calendar(request: Request) -> HttpResponse:
    """The address to copy, how to use it, and the invitations."""
    token = request.user.calendar_token
    address = settings.BASE_URL + reverse("meetings:feed", args=(token,)) if token else ""
    subscribe = "webcal://" + address.partition("://")[2] if token else ""
    return render(request, "meetings/calendar.html", {"address": address, "subscribe": subscribe})


@require_POST
def renew(request: Request) -> HttpResponse:
    """An address for the first time, or another one."""
    had = bool(request.user.calendar_token)
    request.user.renew_calendar_token()
    return back(request, reverse("meetings:calendar"), said=RENEWED if had else "This is your address.")


@require_POST
def stop(request: Request) -> HttpResponse:
    """No feed at all."""
    request.user.calendar_token = None
    request.user.save(update_fields=("calendar_token",))
    return back(request, reverse("meetings:calendar"), said=STOPPED)


@require_POST
def by_mail(request: Request) -> HttpResponse:
    """Invitations by mail: `wanted` is yes or no."""
    answer, page = request.POST.get("wanted"), reverse("meetings:calendar")
    if answer not in ("yes", "no"):
        return refuse(request, page, "Nothing was changed: it was not said whether you want invitations.")
    invitations.want(request.user, timezone.now(), wanted=answer == "yes")
    return back(request, page, said=BY_MAIL if answer == "yes" else NOT_BY_MAIL)
