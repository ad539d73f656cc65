"""Mail backend of the embedded default: every mail is a file DATA_DIR/mail/*.eml."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}.eml"
            draft = settings.MAIL_DIR / f".{name}.part"
            draft.write_bytes(message.message().as_bytes())
            draft.replace(settings.MAIL_DIR / name)  # whole or not at all
        return len(email_messages)
