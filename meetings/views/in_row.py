"""An act taken in a row of home: the row answers in place, with Undo; without JavaScript home opens at the next."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from django.contrib import messages
from django.forms.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alignment.web.requests import Request
from alignment.web.responses import LONGEST_NAME, next_page
from meetings.needs import needs_you
from meetings.needs.undo import UndoRefusedError, undo

KEY = re.compile(r"(initiative|issue|commitment|agreement|ask)-[a-z0-9-]{1,40}")
ASKING = "ask-"
"""Before the team in the key of a question worth asking, which is in no list of what waits."""
UNDO_TAG = "undo:"
"""Before the token in the tags of a message, which then offers Undo (templates/components/messages.html)."""


@dataclass(frozen=True, slots=True)
class InRow:
    request: Request
    key: str

    @classmethod
    def of(cls, request: Request) -> Self | None:
        """None where the act was taken elsewhere."""
        key = request.POST.get("need", "")
        return cls(request, key) if KEY.fullmatch(key) else None

    def done(self, sentence: str, token: str) -> HttpResponse:
        """One line in place of the row. `token` is that of meetings.needs.undo."""
        if not self.request.htmx:
            messages.success(self.request, sentence, extra_tags=f"{UNDO_TAG}{token}")
            return redirect(next_page(self.request, reverse("meetings:home")))
        context = {
            "sentence": sentence,
            "token": token,
            "draft": self.request.POST.get("draft", "")[:LONGEST_NAME],
        }
        return self._render("done", context)

    def refused(self, form: BaseForm, status: int) -> HttpResponse:
        """The row with why nothing was changed, and with what was typed."""
        errors = [str(error) for of_field in form.errors.values() for error in of_field]
        return self.row(error=" ".join(errors), status=status)

    def row(self, *, error: str = "", status: int = 200) -> HttpResponse:
        """The row as it stands now."""
        needs = needs_you(self.request.user, timezone.now())
        need = needs.at(self.key)
        typed = {name: self.request.POST.get(name, "") for name in ("text", "why")}
        if need is None and self.key.startswith(ASKING) and not error:
            error = "Taken off the agenda."
        if need is None:
            return self._render("gone", {"error": error, "typed": typed}, status=status)
        context = {"need": need, "error": error, "typed": typed, "number": needs.number}
        return self._render("row", context, status=status)

    def _render(self, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        needs = context.get("number")
        number = needs_you(self.request.user, timezone.now()).number if needs is None else needs
        context |= {"key": self.key, "number": number}
        return render(self.request, f"meetings/needs/{name}.html", context, status=status)

    def answers(self, done: Callable[..., HttpResponse]) -> dict[str, Any]:
        """For confirm_action and edit_view. Without JavaScript what is wrong is said on the form's own page."""
        return {"done": done} | ({"refused": self.refused} if self.request.htmx else {})


@require_POST
def undo_act(request: Request) -> HttpResponse:
    """Take back what was done in a row."""
    row = InRow.of(request) or InRow(request, "")
    try:
        key = undo(request.POST.get("token", ""), by=request.user, now=timezone.now())
    except UndoRefusedError as why:
        if request.htmx:
            return row.row(error=str(why), status=409)
        messages.error(request, str(why))
        return redirect("meetings:home")
    if request.htmx:
        return InRow(request, key).row()
    messages.success(request, "Undone.")
    return redirect(f"{reverse('meetings:home')}#need-{key}")
