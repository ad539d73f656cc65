"""Mail backend of the embedded default: every mail is a file
DATA_DIR/mail/*.eml, found again by its Message-ID."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.MAIL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # their links open what they lead to
        for message in email_messages:
            written = message.message()
            name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{_mark(written['Message-ID'])}.eml"
            draft = settings.MAIL_DIR / f".{name}.part"
            draft.touch(mode=0o600)
            draft.write_bytes(written.as_bytes())
            draft.replace(settings.MAIL_DIR / name)  # whole or not at all
        return len(email_messages)


def sent_as(message_id: str) -> Parsed | None:
    """The newest mail with this Message-ID; None when there is no file of it."""
    files: list[Path] = sorted(settings.MAIL_DIR.glob(f"*-{_mark(message_id)}.eml"))
    return message_from_bytes(files[-1].read_bytes(), policy=policy.default) if files else None


def delete(message_ids: Collection[str]) -> None:
    """Delete the mails with these Message-IDs."""
    marks = {_mark(message_id) for message_id in message_ids}
    for path in settings.MAIL_DIR.glob("*.eml"):
        if path.stem.rpartition("-")[2] in marks:
            path.unlink(missing_ok=True)


def _mark(message_id: str) -> str:
    return hashlib.sha256(str(message_id).encode()).hexdigest()[:16]
