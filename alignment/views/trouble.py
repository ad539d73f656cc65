"""What a visitor reads when a page failed: our fault (500), or that the database cannot be asked or written to (503)."""

import sqlite3
import sys

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error

READ_ONLY = "25006"
"""PostgreSQL's word for a server that takes no writes: a standby, or one told so."""


@requires_csrf_token
def failed(request: HttpRequest) -> HttpResponseBase:
    """Answer for an error nobody caught, wherever on the request's way it arose. It is logged in any case."""
    error = sys.exc_info()[1]
    if not is_trouble_of_the_database(error):
        return server_error(request)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})


def is_trouble_of_the_database(error: BaseException | None) -> bool:
    """The database is gone, full, read-only or too busy; what we ask it in the wrong words is our fault."""
    cause = error.__cause__ if error else None
    if isinstance(error, InternalError):
        return getattr(cause, "sqlstate", "") == READ_ONLY
    if isinstance(cause, sqlite3.Error):
        return isinstance(error, OperationalError) and cause.sqlite_errorcode != sqlite3.SQLITE_ERROR
    return isinstance(error, OperationalError | InterfaceError)
