"""How edit forms respond: saved, invalid, or somebody else saved first. With and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from alignment.forms.edit_conflicts import describe, merge
from alignment.forms.layout import Laid
from alignment.forms.versioned import VersionedForm
from alignment.models import VersionConflict
from alignment.web.requests import Request
from alignment.web.responses import back, next_page

SAVED_FIRST = "Somebody else saved this first, so nothing was changed. What you entered is still here."
THEIRS_STAYS = "Your version was discarded; theirs was kept."


class Saved(Protocol):
    """A row as it was saved, with the version that the next change is based on."""

    @property
    def version(self) -> int: ...


def is_autosave(request: HttpRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"


def saved_response(
    request: HttpRequest, version: int, default: str, *, message: str = "", row: str = ""
) -> HttpResponse:
    """An autosave gets the new version; a person goes back to the page, to the `row` where it asks for that."""
    if is_autosave(request):
        saved_at = timezone.localtime().strftime("%H:%M")
        return HttpResponse(status=204, headers={"X-Version": str(version), "X-Saved-At": saved_at})
    return back(request, default, message=message, row=row)


def is_unfolded(request: HttpRequest) -> bool:
    """Whether the form is one that htmx brought into a page, and that answers in its place."""
    return bool(getattr(request, "htmx", False)) and not is_autosave(request)


def unfolded(request: HttpRequest, form: Laid, context: dict[str, Any]) -> dict[str, Any]:
    """What a form needs to stand in a page beside others: names of its own for its fields, and the cursor."""
    if not is_unfolded(request):
        return {}
    form.auto_id = f"{'-'.join(filter(None, request.path.split('/')))}-%s"
    fields = [bound for row in form.rows for bound in row]
    first = next((bound for bound in fields if form.is_bound and bound.errors), next(iter(fields), None))
    if first is not None:
        first.field.widget.attrs["autofocus"] = True
    label = context.get("label") or context.get("button") or "Edit"
    return {"unfolded": True, "embedded": True, "quiet": True, "label": label}


def in_place(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer of a refused form, instead of the form that was sent, wherever a saved one would lead."""
    if is_unfolded(request):
        response["HX-Retarget"], response["HX-Reswap"] = "this", "outerHTML"
    return response


def save_merged(form: VersionedForm, save: Callable[[], Saved]) -> Saved:
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
    save: Callable[[], Saved],
    default: str,
    template: str = "components/form_page.html",
    message: str = "",
    done: Callable[[Any], HttpResponse] | None = None,
    refused: Callable[[VersionedForm, int], HttpResponse] | None = None,
    **context: Any,
) -> HttpResponseBase:
    """The life cycle of an edit form. GET shows it. POST saves, or reports errors at the fields (422), or
    shows both versions when somebody else saved in between (409, nothing changed). htmx gets the form alone, to
    be unfolded in the row it is about, and it answers where it stands.

    `save` is called with a valid form. It may raise VersionConflict, or ValidationError for errors that
    only show while saving. `default` is where the person goes afterwards unless the form names `next`.
    `context` goes to `template`, which extends components/form_page.html. A row of another page that sends the form
    in place answers for itself: `done` with the saved row, or `refused` with the status.
    """
    context |= {"form": form, "next": next_page(request, default), "action": request.path}
    context |= {} if refused else unfolded(request, form, context)
    if request.method != "POST":
        return render(request, "components/fold_form.html" if is_unfolded(request) else template, context)
    short = "components/form.html" if getattr(request, "htmx", False) else template
    page = "components/autosave_errors.html" if is_autosave(request) else short
    status = 422
    try:
        if form.is_valid():
            row = save_merged(form, save)
            return done(row) if done else _saved(request, row, default, message)
    except ValidationError as error:
        form.add_error(None, error)
    except VersionConflict as conflict:
        status, page = 409, "components/conflict.html" if is_autosave(request) else short
        context["conflict"] = describe(form, conflict.current, reader=request.user)
        if refused:
            form.add_error(None, SAVED_FIRST)
    return (
        refused(form, status) if refused else in_place(request, render(request, page, context, status=status))
    )


def _saved(request: Request, row: Saved, default: str, message: str) -> HttpResponse:
    message = THEIRS_STAYS if request.POST.get("keep") == "theirs" else message
    return saved_response(request, row.version, default, message=message, row=getattr(row, "anchor", ""))
