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
    **context: Any,
) -> HttpResponse:
    """Take `step` once the form is valid. It returns an empty string, or a sentence on why it could not be
    taken: then the page shows that sentence and keeps what was typed (409).
    """
    context |= {
        "form": form,
        "heading": heading,
        "button": button,
        "action": request.path,
        "next": next_page(request, default),
    }
    template = "components/form.html" if request.htmx and request.method == "POST" else template
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    if refusal := step():
        form.add_error(None, refusal)
        return render(request, template, context, status=409)
    return back(request, default, message=message)


def already_done(row: Model, name: str, typed: str, sentence: str) -> str:
    """A sentence if somebody else ended the row before, with another text than `typed`; otherwise empty."""
    row.refresh_from_db(fields=[name])
    stored = getattr(row, name)
    return "" if stored == typed else f"{sentence}: “{stored}” What you wrote is below; nothing was changed."
