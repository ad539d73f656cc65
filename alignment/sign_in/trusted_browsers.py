"""Browsers somebody has signed in with before: failed attempts of strangers never lock the owner out.

A cookie holds, for each of the last few accounts, a random name of the browser and a seal over it and the
account's address. It opens nothing: it only has attempts counted for that browser alone instead of for
everybody.
"""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from alignment.models import User

COOKIE = "known"
AGE = 180 * 24 * 60 * 60
ACCOUNTS = 3
"""How many people one browser is remembered for, the latest first."""
MARK = re.compile(r"[0-9a-f]{16}\.[0-9a-f]{64}")


def seal(name: str, email: str) -> str:
    return salted_hmac(
        "alignment.sign_in.trusted_browsers", f"{name}:{email.lower()}", algorithm="sha256"
    ).hexdigest()


def known_to(request: HttpRequest, email: str) -> str:
    """The browser's random name where the account has been signed in with it; else empty."""
    for name, mark in _marks(request):
        if constant_time_compare(mark, seal(name, email)):
            return name
    return ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    name = known_to(request, user.email) or secrets.token_hex(8)
    others = [(other, mark) for other, mark in _marks(request) if other != name]
    marks = [(name, seal(name, user.email)), *others][:ACCOUNTS]
    response.set_cookie(
        COOKIE,
        "~".join(".".join(mark) for mark in marks),
        max_age=AGE,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[tuple[str, str]]:
    parts = request.COOKIES.get(COOKIE, "")[:400].split("~")[:ACCOUNTS]
    return [tuple(part.split(".")) for part in parts if MARK.fullmatch(part)]  # type: ignore[misc]  # two, by MARK
