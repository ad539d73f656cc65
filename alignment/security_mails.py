"""What is said and noted when somebody's way of signing in changes. It cannot be turned off."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from alignment import audit
from alignment.mail import Letter
from alignment.models import Company, Notice, User
from alignment.notices import maker, owe

SAID = {
    "totp_activated": "An authenticator app was set up",
    "totp_deactivated": "The authenticator app was removed",
    "webauthn_added": "A passkey was added",
    "webauthn_removed": "A passkey was removed",
    "recovery_codes_generated": "New recovery codes were made",
    "password_changed": "Your password was changed",
    "password_set": "Your password was set",
    "password_reset": "Your password was set anew by a link from a mail",
    "factors_removed": "Your second factors were removed",
    "account_connected": "Your account was linked with your company’s sign-in provider",
}
"""What happened, by allauth's name for it, as its owner reads it."""

NOTED = {
    "totp_activated": ("factor.added", "authenticator app"),
    "totp_deactivated": ("factor.removed", "authenticator app"),
    "webauthn_added": ("factor.added", "passkey"),
    "webauthn_removed": ("factor.removed", "passkey"),
    "recovery_codes_generated": ("recovery.made", ""),
    "password_changed": ("password.changed", ""),
    "password_set": ("password.changed", "set for the first time"),
    "password_reset": ("password.changed", "by a link from a mail"),
    "factors_removed": ("factor.removed", "all"),
    "account_connected": ("provider.linked", ""),
}
"""And as the audit keeps it: its kind there, and a fact."""


@transaction.atomic
def tell(what: str, user: User, *, by: User | None, now: datetime, company: Company | None = None) -> None:
    """Note it in the audit and owe its owner a mail; a kind that is not known here is a KeyError."""
    kind, fact = NOTED[what]
    audit.note(kind, by=by, now=now, company=company, about=user.name, new=fact)
    said = {
        "what": what,
        "at": now.isoformat(),
        "by": "" if by == user else by.name if by else "whoever runs this site",
    }
    owe("security", to=user, about=f"{what}-{now.timestamp():.6f}", payload=said, now=now)


@maker("security", label="Your sign-in was changed", waits=False)
def security(notice: Notice) -> Letter:
    told = {
        "what": SAID[notice.payload["what"]], "at": datetime.fromisoformat(notice.payload["at"]),
        "by": notice.payload["by"], "url": f"{settings.BASE_URL}{reverse('alignment:security')}",
        "reset": f"{settings.BASE_URL}{reverse('account_reset_password')}",
    }  # fmt: skip
    return Letter("security", notice.to, "USD", told)


def told_now(what: str, user: User) -> None:
    """For what people do themselves."""
    tell(what, user, by=user, now=timezone.now())
