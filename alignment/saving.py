"""How a form that edits a row answers: saved, invalid, or somebody else was first. With and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from alignment.forms.conflicts import conflict, settles
from alignment.forms.items import RowForm
from alignment.models import Stale, Versioned


def allow(permitted: bool, why: str = "") -> None:  # noqa: FBT001 - reads as a sentence: allow(meeting.can_prepare(user))
    """Raise PermissionDenied (403) with a sentence for the person unless permitted."""
    if not permitted:
        raise PermissionDenied(why)


def back(request: HttpRequest, default: str, *, said: str = "") -> HttpResponse:
    """To the page the form was on (its `next`), never off this host; `said` is shown there."""
    if said:
        messages.success(request, said)
    return redirect(next_page(request, default))


def next_page(request: HttpRequest, default: str) -> str:
    """Where the person came from, as the form or the address says, never off this host."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    # only a path: `redirect` would take another word for the name of a view
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else default


def refuse(request: HttpRequest, default: str, sentence: str) -> HttpResponse:
    """To the page the form was on, saying why nothing was changed."""
    messages.error(request, sentence)
    return back(request, default)


def is_autosave(request: HttpRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"


def kept(request: HttpRequest, row: Versioned, default: str, *, said: str = "") -> HttpResponse:
    """Saved: an autosave learns the new version, a person goes back to the page."""
    if is_autosave(request):
        saved_at = timezone.localtime().strftime("%H:%M")
        return HttpResponse(status=204, headers={"X-Version": str(row.version), "X-Saved-At": saved_at})
    return back(request, default, said=said)


def put_together(form: RowForm[Any], save: Callable[[], Versioned]) -> Versioned:
    """Save, also when somebody else saved other fields in between. Raises Stale when both changed the same."""
    try:
        return save()
    except Stale as stale:
        if not settles(form, stale):
            raise
    return save()


def answer(
    request: HttpRequest,
    form: RowForm[Any],
    *,
    save: Callable[[], Versioned],
    default: str,
    template: str = "components/form_page.html",
    said: str = "",
    **context: Any,
) -> HttpResponseBase:
    """The whole life of a form: GET shows it; POST saves, or says at the field what is wrong (422), or shows
    both texts when somebody saved in between (409, nothing changed).

    `save` is called with a valid form and may raise Stale. `default` is where a person goes afterwards, unless
    the form says `next`. `context` goes to `template`, which extends components/form_page.html.
    """
    context |= {"form": form, "next": next_page(request, default), "action": request.path}
    if request.method != "POST":
        return render(request, template, context)
    if request.POST.get("keep") == "theirs":
        return back(request, default, said="Yours was left out; theirs stays.")
    short = "components/form.html" if getattr(request, "htmx", False) else template
    if not form.is_valid():
        page = "components/autosave_errors.html" if is_autosave(request) else short
        return render(request, page, context, status=422)
    try:
        row = put_together(form, save)
    except Stale as stale:
        context["conflict"] = conflict(form, stale)
        page = "components/conflict.html" if is_autosave(request) else short
        return render(request, page, context, status=409)
    return kept(request, row, default, said=said)
