"""Sending somebody without an account a personal link, sending it again, and ending it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from alignment.celery import nudge
from alignment.links.kinds import title_of
from alignment.links.tokens import token_of
from alignment.models import Company, Link, Notice, User
from alignment.models.invitations import A_MOMENT
from alignment.models.links import UNUSED_FOR, hash_of


@transaction.atomic
def send_link(
    kind: str,
    thing: int,
    *,
    name: str,
    email: str,
    company: Company,
    by: User,
    notice: str,
    about: str,
    payload: dict[str, Any],
    now: datetime,
) -> Link:
    """Send the person their link to the thing, with a mail of the kind `notice`; `about` keeps the mail single.

    A person has one open link a thing: asked once more, they get the same one again.
    """
    link = _open_link(kind, thing, email, now) or _create(kind, thing, name, email, company, by, now)
    if link.asked_by_id != by.pk:
        link.asked_by = by
        link.save(update_fields=("asked_by",))
    _enqueue(link, notice, by=by, about=about, payload=payload, now=now)
    return link


def _open_link(kind: str, thing: int, email: str, now: datetime) -> Link | None:
    """The person's link, if there is one that works; one that went unused for too long is ended."""
    link = Link.objects.filter(kind=kind, thing=thing, email=email.lower(), ended_at=None).first()
    if link is None or link.is_open(now):
        return link
    link.end(now=now)
    return None


def _create(kind: str, thing: int, name: str, email: str, company: Company, by: User, now: datetime) -> Link:
    seed = uuid.uuid4()
    link = Link(
        company=company,
        kind=kind,
        thing=thing,
        name=name,
        email=email.lower(),
        asked_by=by,
        asked_at=now,
        seed=seed,
        token_hash=hash_of(token_of(seed)),
        until=now + UNUSED_FOR,
    )
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError:  # another click or the sweep was faster
        return Link.objects.get(kind=kind, thing=thing, email=link.email, ended_at=None)
    return link


@transaction.atomic
def renew_link(link: Link, *, by: User, now: datetime) -> bool:
    """Mail a new address; the earlier one, and whatever was opened with it, stops working. False when it has ended,
    or what it was for is gone. A second click changes nothing.
    """
    if title_of(link) is None:
        return False
    seed = uuid.uuid4()
    same = Link.objects.filter(pk=link.pk, ended_at=None, asked_at__lte=now - A_MOMENT)
    renewed = same.update(seed=seed, token_hash=hash_of(token_of(seed)), asked_at=now, until=now + UNUSED_FOR)
    link.refresh_from_db()
    last = Notice.objects.filter(link=link).order_by("-pk").first()
    if renewed and last:
        about = f"renewed-{now:%Y%m%d%H%M%S}"
        _enqueue(link, last.kind, by=by, about=about, payload=last.payload, now=now)
    return link.ended_at is None


def _enqueue(link: Link, kind: str, *, by: User, about: str, payload: dict[str, Any], now: datetime) -> None:
    """The notice is in the name of whoever asks; it goes to the link's address."""
    notice = Notice(
        key=f"{kind}:link-{link.pk}-{about}",
        kind=kind,
        to=by,
        link=link,
        payload=payload,
        created_at=now,
        due_at=now,
        company_id=link.company_id,
    )
    Notice.objects.enqueue([notice])
    nudge("alignment.tasks.deliver_due")


def refused_addresses(emails: Iterable[str]) -> set[str]:
    """Those of the addresses that the mail server refused for good the last time, and that got no mail since."""
    results = Notice.objects.filter(link__email__in=set(emails)).exclude(sent_at=None, refused=False)
    last = dict(results.order_by("pk").values_list("link__email", "refused"))
    return {email for email, is_refused in last.items() if is_refused}
