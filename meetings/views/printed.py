"""The chapters of an agenda as HTML, kept while the agenda is: a page opened again is not written again."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from meetings.agenda import Agenda
from meetings.views.chapters import hidden

TEMPLATE = "meetings/agenda/all.html"
#: Stands in the kept HTML where each reader's own token goes. Nobody can type it: it is made anew by each process.
TOKEN = secrets.token_hex(24)


class Press:
    """HTML by what it depends on besides the agenda, which is a value and compared by identity."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[Any, ...], tuple[Agenda, str]] = OrderedDict()
        self.lock = Lock()

    def find(self, key: tuple[Any, ...], agenda: Agenda) -> str | None:
        with self.lock:
            made_from, html = self.kept.get(key, (None, None))
        return html if made_from is agenda else None

    def keep(self, key: tuple[Any, ...], agenda: Agenda, html: str) -> None:
        with self.lock:
            self.kept[key] = (agenda, html)
            self.kept.move_to_end(key)
            while len(self.kept) > settings.AGENDAS_REMEMBERED:
                self.kept.popitem(last=False)


press = Press()


def printed(request: HttpRequest, context: dict[str, Any]) -> SafeString:
    """All chapters, from the context of `chapters()`. The words of days depend on the reader's zone and day."""
    agenda: Agenda = context["agenda"]
    key = (
        context["to"], context["can"], context["frozen"], context["m"],
        timezone.get_current_timezone_name(), timezone.localdate(),
    )  # fmt: skip
    html = press.find(key, agenda)
    if html is None:
        form = {} if context["frozen"] else {"hidden": hidden(context["meeting"], TOKEN)}
        html = get_template(TEMPLATE).render(context | form)
        press.keep(key, agenda, html)
    return mark_safe(html.replace(TOKEN, get_token(request)))  # noqa: S308 - rendered by a template, and a token
