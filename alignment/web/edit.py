"""How edit forms respond: saved, invalid, or somebody else saved first. With and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from alignment.forms.edit_conflicts import describe, merge
from alignment.forms.versioned import VersionedForm
from alignment.models import VersionConflict, Versioned
from alignment.web.requests import Request
from alignment.web.responses import back, next_page

THEIRS_STAYS = "Your version was discarded; theirs was kept."


def is_autosave(request: HttpRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"


def saved_response(request: HttpRequest, version: int, default: str, *, message: str = "") -> HttpResponse:
    """An autosave gets the new version; a person goes back to the page."""
    if is_autosave(request):
        saved_at = timezone.localtime().strftime("%H:%M")
        return HttpResponse(status=204, headers={"X-Version": str(version), "X-Saved-At": saved_at})
    return back(request, default, message=message)


def save_merged(form: VersionedForm, save: Callable[[], Versioned]) -> Versioned:
    """Save, merging with what somebody else saved in between.

    Raises VersionConflict when both changed the same field, or when the two changes contradict each other.
    """
    try:
        return save()
    except VersionConflict as conflict:
        if not merge(form, conflict.current):
            raise
    return save()


def edit_view(
    request: Request,
    form: VersionedForm,
    *,
    save: Callable[[], Versioned],
    default: str,
    template: str = "components/form_page.html",
    message: str = "",
    **context: Any,
) -> HttpResponseBase:
    """The life cycle of an edit form. GET shows it. POST saves, or reports errors at the fields (422), or
    shows both versions when somebody else saved in between (409, nothing changed).

    `save` is called with a valid form. It may raise VersionConflict, or ValidationError for errors that
    only show while saving. `default` is where the person goes afterwards unless the form names `next`.
    `context` goes to `template`, which extends components/form_page.html.
    """
    context |= {"form": form, "next": next_page(request, default), "action": request.path}
    if request.method != "POST":
        return render(request, template, context)
    short = "components/form.html" if getattr(request, "htmx", False) else template
    try:
        if form.is_valid():
            row = save_merged(form, save)
            message = THEIRS_STAYS if request.POST.get("keep") == "theirs" else message
            return saved_response(request, row.version, default, message=message)
    except ValidationError as error:
        form.add_error(None, error)
    except VersionConflict as conflict:
        context["conflict"] = describe(form, conflict.current, reader=request.user)
        page = "components/conflict.html" if is_autosave(request) else short
        return render(request, page, context, status=409)
    page = "components/autosave_errors.html" if is_autosave(request) else short
    return render(request, page, context, status=422)
