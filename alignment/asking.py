"""A step that asks for a word first: how it ended, why it is dropped. GET is its page, POST takes the step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render

from alignment.access import Request
from alignment.forms.layout import Question
from alignment.saving import back, next_page


def ask(
    request: Request,
    form: Question,
    *,
    step: Callable[[], str],
    default: str,
    said: str,
    heading: str,
    button: str,
    template: str = "components/form_page.html",
    **context: Any,
) -> HttpResponse:
    """`step` is taken with a valid form. It answers nothing, or a sentence on why it could not be taken: then the
    page shows it and what was typed stays (409)."""
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
    if refused := step():
        form.add_error(None, refused)
        return render(request, template, context, status=409)
    return back(request, default, said=said)


def already(row: Model, name: str, typed: str, sentence: str) -> str:
    """Whether somebody else ended the row before, in other words than `typed`: then a sentence with theirs."""
    row.refresh_from_db(fields=[name])
    said = getattr(row, name)
    return "" if said == typed else f"{sentence}: “{said}” What you wrote is below; nothing was changed."
