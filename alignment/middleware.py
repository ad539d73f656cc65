"""What every request passes: an id for the logs, default deny, the reader's zone, nothing stored by browsers."""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from alignment.logs import current_request_id

requests_log = logging.getLogger("alignment.requests")
GetResponse = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: GetResponse) -> GetResponse:
    """Give the request an id of our own (one sent by the visitor could forge log lines), and log its answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token, began = current_request_id.set(uuid.uuid4().hex[:16]), time.perf_counter()
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = current_request_id.get()
            # The route, not the path: paths can hold calendar and reset tokens.
            route = request.resolver_match.route if request.resolver_match else "-"
            ms = (time.perf_counter() - began) * 1000
            requests_log.info("%s /%s %s %.0f ms", request.method, route, response.status_code, ms)
            return response
        finally:
            current_request_id.reset(token)

    return middleware


TOO_LARGE = "This is larger than anything that can be sent here. Nothing was changed: send less at a time."


def hardened(get_response: GetResponse) -> GetResponse:
    """Headers that Django does not set: nothing of the device for scripts, nothing of ours inside other sites.

    And no request that is larger than any of ours, before anything of it is read.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH", ""))
        too_large = length.isdecimal() and int(length[:18]) > settings.LARGEST_REQUEST
        response = HttpResponse(TOO_LARGE, "text/plain", 413) if too_large else get_response(request)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def not_stored(get_response: GetResponse) -> GetResponse:
    """Keep pages of signed-in people out of every cache, so that "back" after sign-out shows nothing.

    An answer for which nobody asked who is signed in cannot hold anything of theirs, and costs no query here.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.session.accessed and request.user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


class ReaderZone:
    """Show times in the signed-in reader's zone; blank or unknown means UTC. Views open to all show UTC."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override("UTC"):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        if getattr(view, "login_required", True):
            timezone.activate(zone_named(getattr(request.user, "timezone", "")))


def zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of the zone database
        return ZoneInfo("UTC")


class LoginRequired(LoginRequiredMiddleware):
    """Default deny that also answers htmx, which would swap a followed redirect into the page."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], *rest: Any
    ) -> HttpResponseBase | None:
        """Ask who is signed in only where that matters (Django's asks always, at two queries)."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, *rest)

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
        if not htmx:
            return super().handle_no_permission(request, view_func)
        try:
            back_to = urlencode({"next": htmx.current_url_abs_path or "/"})
        except ValueError:  # half an address in the header
            back_to = urlencode({"next": "/"})
        response = HttpResponseRedirect(f"{resolve_url(self.get_login_url(view_func))}?{back_to}")
        response.status_code = 204
        response.headers["HX-Redirect"] = response.url
        del response.headers["Location"]
        return response
