"""The chapters of an agenda as HTML, kept while the agenda is: a page opened again is not written again."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from meetings.agenda import Agenda
from meetings.agenda.remembered import Shelf
from meetings.views.chapters import hidden

#: Stands in the kept HTML where each reader's own token goes. Nobody can type it: each process makes another.
TOKEN = secrets.token_hex(24)

#: With the agenda it was written from: as long as that is kept, no other one can have its id.
written: Shelf[tuple[Agenda, str]] = Shelf()


def printed(request: HttpRequest, context: dict[str, Any]) -> SafeString:
    """All chapters, from the context of `chapters()`. How days are called depends on the reader's zone and day."""
    agenda: Agenda = context["agenda"]
    key = (
        id(agenda), context["to"], context["can"], context["frozen"], context["m"],
        timezone.get_current_timezone_name(), timezone.localdate(),
    )  # fmt: skip
    _, html = written.get(key, lambda: (agenda, _write(context)))
    return mark_safe(html.replace(TOKEN, get_token(request)))  # noqa: S308 - rendered by a template, and a token


def _write(context: dict[str, Any]) -> str:
    forms = {"hidden": hidden(context["meeting"], TOKEN), "csrf_token": TOKEN}
    return get_template("meetings/agenda/all.html").render(context | ({} if context["frozen"] else forms))
