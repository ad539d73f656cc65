"""Pages that confirm a step and may ask for a text, such as a reason.
GET shows the page, POST takes the step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render

from alignment.forms.layout import Question
from alignment.web.edit import in_place, is_unfolded, unfolded
from alignment.web.requests import Request
from alignment.web.responses import back, next_page


def confirm_action(
    request: Request,
    form: Question,
    *,
    step: Callable[[], str],
    default: str,
    message: str,
    heading: str,
    button: str,
    template: str = "components/form_page.html",
    done: Callable[[], HttpResponse] | None = None,
    refused: Callable[[Question, int], HttpResponse] | None = None,
    **context: Any,
) -> HttpResponse:
    """Take `step` once the form is valid. It returns an empty string, or a sentence on why it could not be
    taken: then the page shows that sentence and keeps what was typed (409).

    A row of another page that takes the step in place answers for itself: `done`, or `refused` with the status.
    """
    context |= {
        "form": form,
        "heading": heading,
        "button": button,
        "action": request.path,
        "next": next_page(request, default),
    }
    if is_unfolded(request) and not refused:
        context |= unfolded(request, form, context)
        template = f"components/{'form' if request.method == 'POST' else 'fold_form'}.html"
    if request.method != "POST":
        return render(request, template, context)
    status = 200 if form.is_valid() else 422
    if status == 200 and (refusal := step()):
        form.add_error(None, refusal)
        status = 409
    if status == 200:
        return done() if done else back(request, default, message=message)
    if refused:
        return refused(form, status)
    return in_place(request, render(request, template, context, status=status))


def already_done(row: Model, name: str, typed: str, sentence: str) -> str:
    """A sentence if somebody else ended the row before, with another text than `typed`; otherwise empty."""
    row.refresh_from_db(fields=[name])
    stored = getattr(row, name)
    return "" if stored == typed else f"{sentence}: “{stored}” What you wrote is below; nothing was changed."
