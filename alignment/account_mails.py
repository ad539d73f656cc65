"""Mails about a person's account: the invitation, a new password, another address. They cannot be turned off.

Each is made at delivery, so that no link that opens a door lies in the database.
"""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone

from alignment import address_changes, joining
from alignment.mail import Letter, compose
from alignment.models import AddressChange, Invite, Notice
from alignment.notices import maker

NO_MONEY = "USD"
"""A mail without amounts needs no currency."""


@maker("invite", label="Invitation to a company", waits=False, joins=True, sealed=True)
def invite(notice: Notice) -> Letter | None:
    found = Invite.objects.open().select_related("company", "invited_by")
    row = found.filter(pk=notice.payload["invite"], version=notice.payload["version"]).first()
    if row is None or row.has_expired(timezone.now()):
        return None
    told = {
        "company": row.company,
        "by": row.invited_by,
        "expires": row.expires_at,
        "url": joining.url_for(row),
    }
    return Letter("invite", notice.to, NO_MONEY, told, alone=True)


@maker("new_password", label="A link to set a new password", waits=False, sealed=True)
def new_password(notice: Notice) -> Letter:
    user = notice.to
    place = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    url = settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=place)
    return Letter("new_password", user, NO_MONEY, {"url": url, "by": notice.payload["by"]}, alone=True)


@maker("new_address", label="Confirm a new address", waits=False, sealed=True)
def new_address(notice: Notice) -> EmailMultiAlternatives | None:
    """Goes to the address that is to be confirmed, not to the one its reader has now."""
    row = AddressChange.objects.filter(pk=notice.payload["change"]).first()
    if row is None or timezone.now() >= row.expires_at:
        return None
    told = {"email": row.email, "expires": row.expires_at, "url": address_changes.url_for(row)}
    return _to(row.email, compose("new_address", to=notice.to, key=notice.key, currency=NO_MONEY, **told))


@maker("address_taken", label="Somebody asked for your address", waits=False)
def address_taken(notice: Notice) -> Letter:
    url = settings.BASE_URL + reverse("alignment:profile")
    return Letter("address_taken", notice.to, NO_MONEY, {"url": url}, alone=True)


@maker("address_changed", label="Your address was changed", waits=False)
def address_changed(notice: Notice) -> EmailMultiAlternatives:
    """Goes to the address before, so that its owner learns of it whoever did it."""
    old, new = notice.payload["old"], notice.payload["new"]
    url = settings.BASE_URL + reverse("account_login")
    mail = compose(
        "address_changed", to=notice.to, key=notice.key, currency=NO_MONEY, old=old, new=new, url=url
    )
    return _to(old, mail)


def _to(address: str, mail: EmailMultiAlternatives) -> EmailMultiAlternatives:
    mail.to = [address]
    return mail
