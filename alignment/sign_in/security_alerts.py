"""The audit entry and mail when somebody's sign-in changes. They cannot be turned off."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from alignment import audit
from alignment.models import Company, Notice, User
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import enqueue, notice_type

EVENTS = {
    "totp_activated": "An authenticator app was set up",
    "totp_deactivated": "The authenticator app was removed",
    "webauthn_added": "A passkey was added",
    "webauthn_removed": "A passkey was removed",
    "recovery_codes_generated": "New recovery codes were created",
    "password_changed": "Your password was changed",
    "password_set": "Your password was set",
    "password_reset": "Your password was reset by email link",
    "factors_removed": "Your second factors were removed",
    "account_connected": "Your account was linked to your company’s sign-in provider",
}
"""Events by allauth's name, as the owner reads them."""

NOTED = {
    "totp_activated": ("factor.added", "authenticator app"),
    "totp_deactivated": ("factor.removed", "authenticator app"),
    "webauthn_added": ("factor.added", "passkey"),
    "webauthn_removed": ("factor.removed", "passkey"),
    "recovery_codes_generated": ("recovery.made", ""),
    "password_changed": ("password.changed", ""),
    "password_set": ("password.changed", "set for the first time"),
    "password_reset": ("password.changed", "by email link"),
    "factors_removed": ("factor.removed", "all"),
    "account_connected": ("provider.linked", ""),
}
"""The same events as the audit records them: the kind and a fact."""


@transaction.atomic
def alert(what: str, user: User, *, by: User | None, now: datetime, company: Company | None = None) -> None:
    """Note it in the audit and send the owner a mail. Raises KeyError for an unknown event."""
    kind, fact = NOTED[what]
    audit.note(kind, by=by, now=now, company=company, about=user.name, new=fact)
    payload = {
        "what": what,
        "at": now.isoformat(),
        "by": "" if by == user else by.name if by else "the site administrator",
    }
    enqueue("security", to=user, about=f"{what}-{now.timestamp():.6f}", payload=payload, now=now)


@notice_type("security", label="Your sign-in was changed", waits=False)
def security(notice: Notice) -> Message:
    context = {
        "what": EVENTS[notice.payload["what"]],
        "at": datetime.fromisoformat(notice.payload["at"]),
        "by": notice.payload["by"],
        "url": f"{settings.BASE_URL}{reverse('alignment:security')}",
        "reset": f"{settings.BASE_URL}{reverse('account_reset_password')}",
    }
    return Message("security", notice.to, "USD", context)


def alert_own_change(what: str, user: User) -> None:
    """For what people do themselves."""
    alert(what, user, by=user, now=timezone.now())
