"""The outbox: what is owed lies in Notice rows; deliver() claims one, sends it outside any transaction, stamps it."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from alignment.celery import nudge
from alignment.models import Notice, User
from alignment.models.notices import LAST_ATTEMPT

log = logging.getLogger(__name__)

#: Makes the message of a notice; None: its reason is gone, and it is closed unsent.
Maker = Callable[[Notice], EmailMultiAlternatives | None]
MAKERS: dict[str, Maker] = {}


def maker(kind: str) -> Callable[[Maker], Maker]:
    """Register the function that writes the messages of one kind."""

    def register(make: Maker) -> Maker:
        MAKERS[kind] = make
        return make

    return register


def owe(
    kind: str, *, to: User, about: str, payload: dict[str, Any], now: datetime, due_at: datetime | None = None
) -> None:
    """Owe one message once: the same kind, reader and subject again changes nothing."""
    notice = Notice(
        key=f"{kind}:{about}:{to.pk}", kind=kind, to=to, payload=payload, created_at=now, due_at=due_at or now
    )
    Notice.objects.owe([notice])
    nudge("alignment.tasks.deliver_due")


def deliver(notice: Notice) -> str:
    """Send one notice if it is this process's to send. Returns what became of it: sent, closed, later, failed or taken.

    At least once: a process that dies between the mail server's answer and the stamp sends again after the
    claim has expired, with the same Message-ID.
    """
    if not notice.claim(timezone.now()):
        return "taken"
    try:
        message = MAKERS[notice.kind](notice)
        if message is None or not notice.to.is_active:
            return _stamp(notice, "closed", closed_at=timezone.now())
        message.send()
    except (
        Exception
    ) as error:  # whatever the mail server's client raises: written down, tried again or given up
        return _failed(notice, error)
    return _stamp(notice, "sent", sent_at=timezone.now(), error="")


def _failed(notice: Notice, error: Exception) -> str:
    attempts = notice.attempts + 1
    told = str(error)[:500] or type(error).__name__
    log.warning("notice %s not sent at attempt %s: %s", notice.pk, attempts, type(error).__name__)
    if attempts >= LAST_ATTEMPT or _is_final(error):
        return _stamp(notice, "failed", failed_at=timezone.now(), error=told)
    wait = timedelta(minutes=min(2**attempts, 120))
    Notice.objects.filter(pk=notice.pk).update(claimed_until=timezone.now() + wait, error=told)
    return "later"


def _is_final(error: Exception) -> bool:
    """Whether the mail server said that this address will never do (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _stamp(notice: Notice, said: str, **fields: Any) -> str:
    Notice.objects.filter(pk=notice.pk).update(claimed_until=None, **fields)
    return said


def deliver_due(*, most: int = 500) -> dict[str, int]:
    """Deliver what is due now; returns how many were sent, closed, put off, given up, or taken by somebody else."""
    became: dict[str, int] = {}
    for notice in Notice.objects.waiting(timezone.now()).select_related("to")[:most]:
        said = deliver(notice)
        became[said] = became.get(said, 0) + 1
    return became
