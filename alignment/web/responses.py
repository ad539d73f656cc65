"""Responses that views share: permission denied, back to the form's page, refused."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

LONGEST_NAME = 40  # the longest name of a draft in the browser


def require(permitted: bool, why: str = "") -> None:  # noqa: FBT001 - require(meeting.can_run(user))
    """Raise PermissionDenied (403) with a sentence for the person unless `permitted`."""
    if not permitted:
        raise PermissionDenied(why)


def back(request: HttpRequest, default: str, *, message: str = "", row: str = "") -> HttpResponse:
    """Redirect to the page of the form (its `next`), never to another host, and show `message` there.

    A `next` that ends in “#new” leads to the `row` that was just saved, by its anchor.
    """
    if message or "draft" in request.POST:
        report_saved(request, message or "Saved.")
    page, new, _ = next_page(request, default).partition("#new")
    if new and row:
        page = f"{page}{'&' if '?' in page else '?'}row={row}#{row}"
    return _whole_page(request, page) if _is_without_place(request) else redirect(page)


def _is_without_place(request: HttpRequest) -> bool:
    """Whether htmx sent a form that stands in no part of a page that could be swapped."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return bool(htmx and not htmx.target)


def _whole_page(request: HttpRequest, page: str) -> HttpResponse:
    """The page anew: another address is opened; the same one would only scroll, so it is fetched again."""
    try:
        here = urlsplit(request.htmx.current_url or "").path  # type: ignore[attr-defined]
    except ValueError:  # whatever a client says of itself
        here = ""
    stays = here == urlsplit(page).path
    return HttpResponse(headers={"HX-Refresh": "true"} if stays else {"HX-Redirect": page})


def report_saved(request: HttpRequest, message: str) -> None:
    """Show `message` on the next page. It carries the form's draft name, so that the browser deletes its draft:
    nothing else does, because what was sent is not saved yet."""
    messages.success(request, message, extra_tags=request.POST.get("draft", "")[:LONGEST_NAME])


def next_page(request: HttpRequest, default: str) -> str:
    """Where the person came from, according to the form or the address; never on another host."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    # only a path: `redirect` would take any other word for the name of a view
    is_path = target.startswith("/") and "\\" not in target and unquote(target).isprintable()
    safe = is_path and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else default


def refuse(request: HttpRequest, default: str, sentence: str) -> HttpResponse:
    """Redirect to the page of the form with the reason why nothing was changed."""
    messages.error(request, sentence)
    page = next_page(request, default)
    return _whole_page(request, page) if getattr(request, "htmx", False) else redirect(page)
