"""Middleware: request ids for the logs, default deny, the reader's time zone, no storage in browsers."""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from alignment.ops.logs import current_request_id
from alignment.rules.zones import zone_named

requests_log = logging.getLogger("alignment.requests")
GetResponse = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: GetResponse) -> GetResponse:
    """Give each request an id of our own (one sent by the visitor could forge log lines),
    and log the response, unless its view is `unlogged`.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        token, began = current_request_id.set(uuid.uuid4().hex[:16]), time.perf_counter()
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = current_request_id.get()
            # The route, not the path: paths can hold calendar and reset tokens.
            route = request.resolver_match.route if request.resolver_match else "-"
            ms = (time.perf_counter() - began) * 1000
            if is_unlogged(request):
                response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - Django's own line
                return response
            requests_log.info("%s /%s %s %.0f ms", request.method, route, response.status_code, ms)
            return response
        finally:
            current_request_id.reset(token)

    return middleware


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def unlogged(view: View) -> View:
    """Mark a view of which no line is logged: whether somebody used it is for nobody to read. Errors of the program
    are logged all the same."""
    view.is_unlogged = True  # type: ignore[attr-defined]
    return view


def is_unlogged(request: HttpRequest) -> bool:
    return request.resolver_match is not None and getattr(request.resolver_match.func, "is_unlogged", False)


TOO_LARGE = "This is too large to send. Nothing was changed. Send less at a time."


def largest_request(path: str) -> int:
    """Bytes of a request at this address."""
    limits = (limit for start, limit in settings.LARGEST_REQUESTS.items() if path.startswith(start))
    return max(limits, default=settings.LARGEST_REQUEST)


def hardened(get_response: GetResponse) -> GetResponse:
    """Set headers that Django does not:
    no device access for scripts, and nothing of ours inside other sites.

    Requests larger than any of ours are rejected before they are read.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH", ""))
        too_large = length.isdecimal() and int(length[:18]) > largest_request(request.path)
        response = HttpResponse(TOO_LARGE, "text/plain", 413) if too_large else get_response(request)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def not_stored(get_response: GetResponse) -> GetResponse:
    """Keep pages out of every cache, so that "back" after signing out shows nothing, nor does a link used up.

    A page that holds nobody's data may say otherwise. One that never looked at the user costs no query here.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_somebodys = request.session.accessed and request.user.is_authenticated
        if is_somebodys or "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


class ReaderZone:
    """Show times in the signed-in reader's zone, or in UTC if it is blank or unknown.
    Public views show UTC.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override("UTC"):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        if getattr(view, "login_required", True):
            timezone.activate(zone_named(getattr(request.user, "timezone", "")))


def form_page(request: HttpRequest) -> str:
    """The page that a form was sent from: there its words wait in the browser for whoever signs in again."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    try:
        page = urlsplit(htmx.current_url or request.headers.get("Referer", ""))
    except ValueError:  # an invalid address in the header
        return "/"
    if page.netloc != request.get_host():
        return "/"
    return urlunsplit(("", "", f"/{page.path.lstrip('/')}", page.query, ""))


class LoginRequired(LoginRequiredMiddleware):
    """Default deny that also handles htmx, which would swap a followed redirect into the page."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], *rest: Any
    ) -> HttpResponseBase | None:
        """Load the user only where that matters (Django always does, at the cost of two queries)."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, *rest)

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        htmx = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
        if not htmx and request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        back_to = urlencode({"next": form_page(request)})
        response = HttpResponseRedirect(f"{resolve_url(self.get_login_url(view_func))}?{back_to}")
        if not htmx:
            return response
        response.status_code = 204
        response.headers["HX-Redirect"] = response.url
        del response.headers["Location"]
        return response
