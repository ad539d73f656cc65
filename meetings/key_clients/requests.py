"""When the owner of a key client is asked what the client says: once it is due, and once more a week later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from alignment.links.sending import refused_addresses, send_link
from alignment.models import User
from alignment.rules.roles import Role
from deals.models import FollowUp
from deals.registry.links import KEY_CLIENT
from deals.rules.key_clients import REMINDED_AFTER

MOST_A_DAY = 3
"""So many clients one owner is asked about within a day, the longest due first; the others wait for the next."""
A_DAY = timedelta(hours=20)
"""Counted a little short, so that those of the next morning are not late."""
NOTHING: Mapping[str, int] = {}


def find_due_clients(now: datetime) -> Iterable[FollowUp]:
    """Whose day has come somewhere, and who was not asked for it yet, or not reminded."""
    tomorrow = (now + timedelta(days=1)).date()
    not_asked = Q(asked_at=None) | Q(asked_at__lte=now - REMINDED_AFTER, reminded_at=None)
    running = Q(team__ends_on=None) | Q(team__ends_on__gte=now.date())
    rows = (
        FollowUp.objects.current()
        .filter(not_asked, running, due_on__lte=tomorrow)
        .exclude(owner__email="", owner__joined_into=None)
    )
    return rows.exclude(owner=None).select_related("team", "owner").order_by("due_on", "pk")


def is_due(row: FollowUp, now: datetime) -> bool:
    return row.due_on <= row.team.today(now)


def ask_owner(row: FollowUp, now: datetime) -> Mapping[str, int]:
    """Send the owner their link, in the name of whoever leads the team."""
    locked = FollowUp.objects.select_for_update(of=("self",)).select_related(
        "team__company", "owner__joined_into"
    )
    row = locked.get(pk=row.pk)
    asker = row.team.holder(Role.LEADER) or row.team.holder(Role.CEO)
    is_reminder = row.asked_at is not None
    if row.owner is None or asker is None or not _is_still_due(row, now):
        return NOTHING
    if _asked_enough(now).filter(owner=row.owner_id).exists():
        return NOTHING
    row.reminded_at = now if is_reminder else None
    row.asked_at = row.asked_at or now
    row.save(update_fields=("asked_at", "reminded_at"))
    owner = row.owner.known_as
    if not owner.email or refused_addresses([owner.email.lower()]):
        return NOTHING
    _send(row, owner.name, owner.email, by=asker, is_reminder=is_reminder, now=now)
    return {"clients asked about": 1}


def _is_still_due(row: FollowUp, now: datetime) -> bool:
    """Nobody answered, took it off the list or asked in the meantime."""
    waits = row.asked_at is None or (row.reminded_at is None and row.asked_at <= now - REMINDED_AFTER)
    return row.ended_at is None and is_due(row, now) and waits


def _asked_enough(now: datetime) -> QuerySet[FollowUp, Any]:
    """The owners who were asked about as many clients as one is asked about in a day."""
    lately = Q(asked_at__gt=now - A_DAY) | Q(reminded_at__gt=now - A_DAY)
    owners = FollowUp.objects.filter(lately).exclude(owner=None).order_by().values("owner")
    return owners.annotate(clients=Count("pk")).filter(clients__gte=MOST_A_DAY).values("owner")


def _send(row: FollowUp, name: str, email: str, *, by: User, is_reminder: bool, now: datetime) -> None:
    send_link(
        KEY_CLIENT,
        row.pk,
        name=name,
        email=email,
        company=row.team.company,
        by=by,
        notice="key_client",
        about=f"{row.due_on}{'-again' if is_reminder else ''}",
        payload={"due": f"{row.due_on}", "again": is_reminder},
        now=now,
    )
