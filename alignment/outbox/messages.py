"""Every mail is written here: subject, text and html from a folder of templates, for one reader."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from alignment.models import User
from alignment.outbox.plain_text import plain_text
from alignment.rules.formatting import MoneyFormat
from alignment.rules.zones import zone_named


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to one reader, before it is known whether it goes by itself or together with others.

    `name` is its folder under templates/emails/; its templates extend `layout_html` and `layout_text`.
    `context` holds `url`, the one place it calls to. `alone`: long enough to be a mail of its own always.
    """

    name: str
    to: User
    currency: str
    context: Mapping[str, Any] = field(default_factory=dict)
    alone: bool = False

    @property
    def url(self) -> str:
        return str(self.context.get("url", settings.BASE_URL))

    @property
    def subject(self) -> str:
        return " ".join(self._render("subject.txt", "").split())

    def text(self, layout: str = "message") -> str:
        return plain_text(self._render("body.txt", f"emails/{layout}.txt"))

    def html(self, layout: str = "message") -> str:
        return self._render("body.html", f"emails/{layout}.html")

    def _render(self, part: str, layout: str) -> str:
        context = {
            **self.context,
            "reader": self.to,
            "m": MoneyFormat(self.currency, self.to.locale),
            "base_url": settings.BASE_URL,
            "layout": layout,
        }
        with timezone.override(zone_named(self.to.timezone)):
            return render_to_string(f"emails/{self.name}/{part}", context)


NO_AUTOMATIC_REPLIES = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""No absence note comes back for what nobody wrote (RFC 3834; the second header is Exchange's)."""


def compose(name: str, *, to: User, key: str, currency: str, **context: Any) -> EmailMultiAlternatives:
    """The mail `templates/emails/<name>/` for one reader, in their zone and their way of writing amounts.

    The Message-ID follows from `key`, so that a mail sent twice is one mail in the reader's inbox.
    """
    return write([Message(name, to, currency, context)], goes_as=message_id(key))


def write(messages: Sequence[Message], *, goes_as: str) -> EmailMultiAlternatives:
    """One mail of one message, or of several to the same reader as its sections."""
    first = messages[0]
    if len(messages) > 1:
        sections = [
            {"subject": message.subject, "text": message.text("section"), "html": message.html("section")}
            for message in messages
        ]
        first = Message("together", first.to, first.currency, {"sections": sections})
    mail = EmailMultiAlternatives(
        first.subject,
        first.text() + "\n",
        to=[first.to.address],
        headers={"Message-ID": goes_as} | NO_AUTOMATIC_REPLIES,
    )
    mail.attach_alternative(_inliner().inline(first.html()), "text/html")
    return mail


def message_id(key: str) -> str:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


@cache
def _inliner() -> css_inline.CSSInliner:
    styles = Path(settings.BASE_DIR, "templates", "emails", "mail.css").read_text()
    return css_inline.CSSInliner(extra_css=styles, load_remote_stylesheets=False, keep_style_tags=False)
