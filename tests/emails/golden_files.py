"""Mails held against files, word for word. After a wanted change: UPDATE_GOLDEN=1 make test, and read the diff."""

import os
import re
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from alignment.outbox.messages import NO_AUTOMATIC_REPLIES
from tests.html import stray_blanks, visible_lines

GOLDEN = Path(__file__).parent / "golden"


def same_as_golden(name: str, mail: EmailMultiAlternatives) -> None:
    assert mail.extra_headers.items() >= NO_AUTOMATIC_REPLIES.items()
    told = f"Subject: {mail.subject}\n\n{mail.body}".replace(settings.BASE_URL, "https://align.example.com")
    told = re.sub(r"/meetings/\d+/", "/meetings/7/", told)
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(told)
    assert told == file.read_text()
    assert stray_blanks([mail.subject, *mail.body.splitlines()]) == []
    assert stray_blanks(visible_lines(str(mail.alternatives[0].content))) == []
