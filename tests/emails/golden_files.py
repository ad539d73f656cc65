"""Mails held against files, word for word. After a wanted change: UPDATE_GOLDEN=1 make test, and read the diff."""

import os
import re
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

GOLDEN = Path(__file__).parent / "golden"


def same_as_golden(name: str, mail: EmailMultiAlternatives) -> None:
    told = f"Subject: {mail.subject}\n\n{mail.body}".replace(settings.BASE_URL, "https://align.example.com")
    told = re.sub(r"/meetings/\d+/", "/meetings/7/", told)
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(told)
    assert told == file.read_text()
