"""Changing the sign-in address: requested on one's profile, done once the link sent there is opened.

The page's response, and that the address gets one mail, are the same whether it has an account or not.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse

from alignment.audit import note
from alignment.models import AddressChange, User
from alignment.models.invitations import A_MOMENT, CHANGE_HOLDS
from alignment.models.people import account_of
from alignment.outbox.notice_kinds import enqueue

SALT = "alignment.address"


def url_for(change: AddressChange) -> str:
    token = signing.dumps(change.pk, salt=SALT, compress=False)
    return settings.BASE_URL + reverse("alignment:address_confirm", args=(token,))


def waiting(token: str, now: datetime) -> AddressChange | None:
    """The change the link is for; None when it is not ours, was used, cancelled, replaced or is too old."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    changes = AddressChange.objects.select_related("user").filter(pk=pk, expires_at__gt=now)
    return changes.filter(user__is_active=True).first()


def was_just_requested(user: User, address: str, now: datetime) -> bool:
    """A second click."""
    return AddressChange.objects.filter(user=user, email=address, asked_at__gt=now - A_MOMENT).exists()


@transaction.atomic
def request_change(user: User, address: str, *, now: datetime) -> None:
    """Let the address wait for its confirmation, replacing any earlier one, and send it one mail."""
    User.objects.select_for_update().get(pk=user.pk)
    if was_just_requested(user, address, now):
        return
    AddressChange.objects.filter(user=user).delete()
    row = AddressChange.objects.create(user=user, email=address, asked_at=now, expires_at=now + CHANGE_HOLDS)
    owner = account_of(address)
    if owner is None:
        enqueue("new_address", to=user, about=f"{row.pk}", payload={"change": row.pk}, now=now)
    else:
        enqueue("address_taken", to=owner, about=f"{row.pk}", payload={}, now=now)


@transaction.atomic
def cancel(user: User) -> bool:
    return bool(AddressChange.objects.filter(user=user).delete()[0])


def confirm(row: AddressChange, *, now: datetime) -> bool:
    """From now on they sign in with it only. False, and nothing is changed, when it is taken by now."""
    try:
        with transaction.atomic():
            return _confirm(row, now)
    except IntegrityError:
        return False


def _confirm(row: AddressChange, now: datetime) -> bool:
    taken = account_of(row.email) is not None
    if not AddressChange.objects.filter(pk=row.pk).delete()[0] or taken:
        return False
    user, old = row.user, row.user.email
    user.email = row.email
    user.save(update_fields=("email",))
    EmailAddress.objects.filter(user=user).delete()  # the old one opens nothing any more
    note("address.changed", by=user, now=now, company=None, about=user.name, old=old, new=user.email)
    enqueue("address_changed", to=user, about=f"{row.pk}", payload={"old": old, "new": user.email}, now=now)
    return True
