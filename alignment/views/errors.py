"""What a visitor sees when a page failed: our fault (500), or the database is unavailable (503)."""

import sqlite3
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.views import defaults
from django.views.decorators.csrf import requires_csrf_token

ErrorView = Callable[..., HttpResponseBase]


def whatever_was_sent(view: ErrorView) -> ErrorView:
    """An error's page also for a form that cannot be read: the page looks for the CSRF token in it, and would
    fail in its turn."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            request.POST  # noqa: B018 - read once; Django remembers what is in it
        except (BadRequest, SuspiciousOperation, MultiPartParserError, OSError, ValueError):
            request._mark_post_parse_error()  # type: ignore[attr-defined]  # noqa: SLF001 - from here on it is empty
        return view(request, *args, **kwargs)

    return answered


bad_request = whatever_was_sent(defaults.bad_request)
permission_denied = whatever_was_sent(defaults.permission_denied)
page_not_found = whatever_was_sent(defaults.page_not_found)

READ_ONLY = "25006"
"""PostgreSQL's code for a server that takes no writes, such as a standby."""


@whatever_was_sent
@requires_csrf_token
def failed(request: HttpRequest) -> HttpResponseBase:
    """Answer for an error nobody caught, wherever on the request's way it arose. It is logged in any case."""
    error = sys.exc_info()[1]
    if not is_trouble_of_the_database(error):
        return defaults.server_error(request)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})


def is_trouble_of_the_database(error: BaseException | None) -> bool:
    """Whether the database is gone, full, read-only or too busy; a wrong query is our fault."""
    cause = error.__cause__ if error else None
    if isinstance(error, InternalError):
        return getattr(cause, "sqlstate", "") == READ_ONLY
    if isinstance(cause, sqlite3.Error):
        return isinstance(error, OperationalError) and cause.sqlite_errorcode != sqlite3.SQLITE_ERROR
    return isinstance(error, OperationalError | InterfaceError)
