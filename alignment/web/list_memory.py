"""The filters a person last used on a list, remembered in their browser.

A cookie and no row: opening a page changes nothing on the server. It is signed for one person and one list, so
whoever signs in next on the same browser does not get it. Searched words and page numbers are not remembered.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from alignment.web.listing import Select
from alignment.web.requests import Request

YEAR = 365 * 24 * 3600
LONGEST = 1000
FORGOTTEN = "clear"
"""The parameter that forgets the filters."""
NOT_A_FILTER = frozenset({"page", FORGOTTEN})


def requested_filters(request: Request, name: str) -> QueryDict:
    """What the address asks for, else what was used last on the list `name`; the page number is the address's."""
    if request.GET.keys() - NOT_A_FILTER or FORGOTTEN in request.GET:
        return request.GET
    stored = request.get_signed_cookie(_key(name), "", salt=_salt(request, name))
    recalled = QueryDict(str(stored)[:LONGEST], mutable=True)
    if recalled and "page" in request.GET:
        recalled["page"] = request.GET["page"]
    return recalled or request.GET


def forget_filters(request: Request, name: str) -> HttpResponse:
    """Back to the list as it is without a filter."""
    response = redirect(request.path)
    response.delete_cookie(_key(name), path=request.path)
    return response


def remember_filters(
    response: HttpResponseBase, request: Request, name: str, selects: Iterable[Select]
) -> None:
    """What the address asked for is what the list shows next time."""
    if not request.GET.keys() - NOT_A_FILTER:
        return
    stored = QueryDict(mutable=True)
    for select in selects:
        if select.is_narrowed:
            stored[select.name] = select.selected
    query = stored.urlencode()
    if not query or len(query) > LONGEST:
        response.delete_cookie(_key(name), path=request.path)
        return
    salt, options = _salt(request, name), {"max_age": YEAR, "path": request.path, "httponly": True}
    response.set_signed_cookie(
        _key(name), query, salt=salt, samesite="Lax", secure=request.is_secure(), **options
    )


def _key(name: str) -> str:
    return f"list-{name}"


def _salt(request: Request, name: str) -> str:
    return f"list-{name}-{request.user.pk}"
