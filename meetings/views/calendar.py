"""A person's calendar: the private calendar link, and whether calendar invitations come by mail."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_POST, require_safe

from alignment.web.requests import Request
from alignment.web.responses import back, refuse
from meetings.calendars import calendar_invites
from meetings.calendars import feed as feeds

RENEWED = "This is your new link. The old one no longer works."
STOPPED = "Calendar link removed. Calendars that use it no longer get your meetings."
BY_MAIL = "You will get invitations by email again, one for each team."
NOT_BY_MAIL = "Invitations by email are off. Those in your calendar are cancelled."


@login_not_required  # the token identifies the person
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """304 when the client has the current version, named by its tag: no date tells two changes of a second apart."""
    document = feeds.read_feed(token, timezone.now()) if token.isascii() and token.isprintable() else None
    if document is None:
        raise Http404
    tag = quote_etag(document.tag)
    response = get_conditional_response(request, etag=tag)
    if response is None:
        response = HttpResponse(document.to_ics(), content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="alignment.ics"'
        response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def calendar(request: Request) -> HttpResponse:
    """The calendar link, how to use it, and the setting for calendar invitations."""
    token = request.user.calendar_token
    address = settings.BASE_URL + reverse("meetings:feed", args=(token,)) if token else ""
    subscribe = "webcal://" + address.partition("://")[2] if token else ""
    return render(request, "meetings/calendar.html", {"address": address, "subscribe": subscribe})


@require_POST
def renew(request: Request) -> HttpResponse:
    """Create the calendar link, or replace it."""
    had = bool(request.user.calendar_token)
    request.user.renew_calendar_token()
    return back(
        request, reverse("meetings:calendar"), message=RENEWED if had else "This is your calendar link."
    )


@require_POST
def stop(request: Request) -> HttpResponse:
    """Remove the calendar link."""
    request.user.calendar_token = None
    request.user.save(update_fields=("calendar_token",))
    return back(request, reverse("meetings:calendar"), message=STOPPED)


@require_POST
def by_mail(request: Request) -> HttpResponse:
    """Invitations by mail: `wanted` is yes or no."""
    choice, page = request.POST.get("invitations"), reverse("meetings:calendar")
    if choice not in ("yes", "no"):
        return refuse(request, page, "Nothing was changed. Choose whether you want invitations.")
    calendar_invites.set_calendar_mail(request.user, timezone.now(), enabled=choice == "yes")
    return back(request, page, message=BY_MAIL if choice == "yes" else NOT_BY_MAIL)
