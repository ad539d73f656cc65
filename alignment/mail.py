"""One maker for every mail: subject, text and html from a folder of templates, told for one reader."""

from __future__ import annotations

import hashlib
import re
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

from alignment.middleware import zone_named
from alignment.models import User
from alignment.templatetags.figures import MoneyFormat


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said to one reader, before it is known whether it goes by itself or together with others.

    `name` is its folder under templates/emails/; its templates extend `layout_html` and `layout_text`. `context` holds
    `url`, the one place it calls to. `alone`: long enough to be a mail of its own always.
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

    def text(self, layout: str = "letter") -> str:
        told = self._render("body.txt", f"emails/{layout}.txt")
        return re.sub(r"\n{3,}", "\n\n", told).strip()

    def html(self, layout: str = "letter") -> str:
        return self._render("body.html", f"emails/{layout}.html")

    def _render(self, part: str, layout: str) -> str:
        context = {
            **self.context, "reader": self.to, "m": MoneyFormat(self.currency, self.to.locale),
            "base_url": settings.BASE_URL, "layout": layout,
        }  # fmt: skip
        with timezone.override(zone_named(self.to.timezone)):
            return render_to_string(f"emails/{self.name}/{part}", context)


def compose(name: str, *, to: User, key: str, currency: str, **context: Any) -> EmailMultiAlternatives:
    """The mail `templates/emails/<name>/` for one reader, in their zone and their way of writing amounts.

    The Message-ID follows from `key`, so that a mail sent twice is one mail in the reader's inbox.
    """
    return write([Letter(name, to, currency, context)], goes_as=message_id(key))


def write(letters: Sequence[Letter], *, goes_as: str) -> EmailMultiAlternatives:
    """One mail of one letter, or of several to the same reader, each a section of it."""
    first = letters[0]
    if len(letters) > 1:
        sections = [
            {"subject": each.subject, "text": each.text("section"), "html": each.html("section")}
            for each in letters
        ]
        first = Letter("together", first.to, first.currency, {"sections": sections})
    message = EmailMultiAlternatives(
        first.subject, first.text() + "\n", to=[first.to.address], headers={"Message-ID": goes_as}
    )
    message.attach_alternative(_inliner().inline(first.html()), "text/html")
    return message


def message_id(key: str) -> str:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


@cache
def _inliner() -> css_inline.CSSInliner:
    styles = Path(settings.BASE_DIR, "templates", "emails", "mail.css").read_text()
    return css_inline.CSSInliner(extra_css=styles, load_remote_stylesheets=False, keep_style_tags=False)
