"""Mails saved as files (alignment.outbox.file_backend) that are to a person, or mention them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.conf import settings

from alignment.erasure.mentions import Mentions

log = logging.getLogger(__name__)


def delete_mails(person: Mentions) -> None:
    for path in settings.MAIL_DIR.glob("*.eml"):
        try:
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if any(person.spans(text) for text in texts_of(mail)):
                path.unlink(missing_ok=True)
        except (OSError, LookupError, ValueError):
            log.exception("a mail saved as a file could not be read or deleted")


def texts_of(mail: EmailMessage) -> Iterator[str]:
    """Its headers and texts, those of its attachments too, decoded."""
    for part in mail.walk():
        yield from map(str, part.values())
        if part.get_content_maintype() == "text":
            yield part.get_content()
