"""One maker for every mail: subject, text and html from a folder of templates, told for one reader."""

from __future__ import annotations

import hashlib
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


def compose(name: str, *, to: User, key: str, currency: str, **context: Any) -> EmailMultiAlternatives:
    """The mail `templates/emails/<name>/` for one reader, in their zone and their way of writing amounts.

    The Message-ID follows from `key`, so that a mail sent twice is one mail in the reader's inbox.
    """
    context |= {"reader": to, "m": MoneyFormat(currency, to.locale), "base_url": settings.BASE_URL}
    with timezone.override(zone_named(to.timezone)):
        subject = " ".join(render_to_string(f"emails/{name}/subject.txt", context).split())
        text = render_to_string(f"emails/{name}/body.txt", context).strip() + "\n"
        html = _inliner().inline(render_to_string(f"emails/{name}/body.html", context))
    message = EmailMultiAlternatives(subject, text, to=[to.email], headers={"Message-ID": message_id(key)})
    message.attach_alternative(html, "text/html")
    return message


def message_id(key: str) -> str:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


@cache
def _inliner() -> css_inline.CSSInliner:
    styles = Path(settings.BASE_DIR, "templates", "emails", "mail.css").read_text()
    return css_inline.CSSInliner(extra_css=styles, load_remote_stylesheets=False, keep_style_tags=False)
