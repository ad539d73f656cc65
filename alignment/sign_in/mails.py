"""Mails about a person's account: the invitation, a new password, another address. They cannot be turned off.

Each is written at delivery, so that no sign-in link is stored in the database.
"""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone

from alignment.models import AddressChange, Notice
from alignment.outbox.messages import Message, compose
from alignment.outbox.notice_kinds import notice_type
from alignment.sign_in import email_change

NO_MONEY = "USD"
"""A mail without amounts needs no currency."""


@notice_type("new_password", label="Password reset link", waits=False, sealed=True)
def new_password(notice: Notice) -> Message:
    user = notice.to
    key_arguments = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    url = settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=key_arguments)
    return Message("new_password", user, NO_MONEY, {"url": url, "by": notice.payload["by"]}, alone=True)


@notice_type("new_address", label="Confirm a new address", waits=False, sealed=True)
def new_address(notice: Notice) -> EmailMultiAlternatives | None:
    """Goes to the address that is to be confirmed, not to the one its reader has now."""
    row = AddressChange.objects.filter(pk=notice.payload["change"]).first()
    if row is None or timezone.now() >= row.expires_at:
        return None
    context = {"email": row.email, "expires": row.expires_at, "url": email_change.url_for(row)}
    return _to(row.email, compose("new_address", to=notice.to, key=notice.key, currency=NO_MONEY, **context))


@notice_type("address_taken", label="Someone requested your address", waits=False)
def address_taken(notice: Notice) -> Message:
    url = settings.BASE_URL + reverse("alignment:profile")
    return Message("address_taken", notice.to, NO_MONEY, {"url": url}, alone=True)


@notice_type("address_changed", label="Your address was changed", waits=False)
def address_changed(notice: Notice) -> EmailMultiAlternatives:
    """Goes to the old address, so that its owner learns of it whoever did it."""
    old, new = notice.payload["old"], notice.payload["new"]
    url = settings.BASE_URL + reverse("account_login")
    mail = compose(
        "address_changed", to=notice.to, key=notice.key, currency=NO_MONEY, old=old, new=new, url=url
    )
    return _to(old, mail)


def _to(address: str, mail: EmailMultiAlternatives) -> EmailMultiAlternatives:
    mail.to = [address]
    return mail
