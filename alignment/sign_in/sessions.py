"""The browsers a person is signed in with: when each was last used, and signing them out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from alignment import audit
from alignment.models import Company, User

LAST_NOTED = "seen"
"""Key of the session's last note, in seconds; sessions without it did not begin at our sign-in."""

OFTEN_ENOUGH = 3600
FRESH = 300
"""Seconds after a sign-in in which nobody is asked for their password once more."""

log = logging.getLogger(__name__)


class LastSeen:
    """Notes once an hour when and from where a session was used; other requests cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and not request.session.is_empty():
            noted_at = request.session.get(LAST_NOTED)
            if noted_at is not None and time.time() - noted_at > OFTEN_ENOUGH:
                self._note(request)
        return response

    def _note(self, request: HttpRequest) -> None:
        where = get_adapter().get_client_ip(request)
        try:
            rows = UserSession.objects.filter(session_key=request.session.session_key)
            rows.update(last_seen_at=timezone.now(), ip=where)
        except DatabaseError:  # a full or read-only disk must not take reading away
            log.warning("when a session was last seen could not be noted")
        else:
            request.session[LAST_NOTED] = int(time.time())


def is_fresh(records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one of these sign-ins, as allauth keeps them in the session, was a moment ago."""
    return any(time.time() - float(record.get("at", 0)) < FRESH for record in records)


def begin(request: HttpRequest) -> None:
    """Let the session just signed in be noted from now on."""
    request.session[LAST_NOTED] = int(time.time())


@dataclass(frozen=True, slots=True)
class Browser:
    """One session as its owner reads it."""

    pk: int
    name: str
    ip: str
    began: datetime
    last_seen: datetime
    here: bool


def browsers_of(request: HttpRequest, user: User) -> list[Browser]:
    """The person's sessions that still hold, this one first, then the latest seen. Two queries."""
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk"))
    held = Session.objects.filter(
        session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
    )
    keys = set(held.values_list("session_key", flat=True))
    browsers = [
        Browser(
            row.pk,
            named(row.user_agent),
            row.ip,
            row.created_at,
            row.last_seen_at,
            here=row.session_key == request.session.session_key,
        )
        for row in rows
        if row.session_key in keys
    ]
    return sorted(browsers, key=lambda browser: not browser.here)


@transaction.atomic
def end(
    user: User,
    *,
    by: User | None,
    now: datetime,
    company: Company | None = None,
    but: str = "",
    only: int = 0,
) -> int:
    """Sign the person out where they are signed in, except in the session
    `but`; or in the one browser `only`.

    How many sessions ended. Their cookies open nothing from the next request on.
    """
    rows = UserSession.objects.filter(user=user).exclude(session_key=but)
    rows = rows.filter(pk=only) if only else rows
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended: int = rows.filter(session_key__in=keys).delete()[0]
    if ended:
        audit.note("sessions.ended", by=by, now=now, company=company, about=user.name, new=str(ended))
    return ended


#: Marks in a browser's name, the specific ones first: most browsers also name others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("SamsungBrowser", "Samsung Internet"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def named(user_agent: str) -> str:
    """A browser as people call it, such as “Firefox on Windows”."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return " on ".join(filter(None, (browser, system))) or "Unknown browser"
