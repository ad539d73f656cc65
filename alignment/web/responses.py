"""Responses that views share: permission denied, back to the form's page, refused."""

from __future__ import annotations

from urllib.parse import unquote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST_NAME = 40  # the longest name of a draft in the browser


def require(permitted: bool, why: str = "") -> None:  # noqa: FBT001 - require(meeting.can_run(user))
    """Raise PermissionDenied (403) with a sentence for the person unless `permitted`."""
    if not permitted:
        raise PermissionDenied(why)


def back(request: HttpRequest, default: str, *, message: str = "") -> HttpResponse:
    """Redirect to the page of the form (its `next`), never to another host, and show `message` there."""
    if message or "draft" in request.POST:
        report_saved(request, message or "Saved.")
    return redirect(next_page(request, default))


def report_saved(request: HttpRequest, message: str) -> None:
    """Show `message` on the next page. It carries the form's draft name, so that the browser deletes its draft:
    nothing else does, because what was sent is not saved yet."""
    messages.success(request, message, extra_tags=request.POST.get("draft", "")[:LONGEST_NAME])


def next_page(request: HttpRequest, default: str) -> str:
    """Where the person came from, according to the form or the address; never on another host."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    # only a path: `redirect` would take any other word for the name of a view
    is_path = target.startswith("/") and unquote(target).isprintable()
    safe = is_path and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else default


def refuse(request: HttpRequest, default: str, sentence: str) -> HttpResponse:
    """Redirect to the page of the form with the reason why nothing was changed."""
    messages.error(request, sentence)
    return redirect(next_page(request, default))
