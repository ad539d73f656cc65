"""Who signed in and out, and who tried: lines of the audit that belong to a person, and to no company."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from alignment.audit import note
from alignment.models import User

WAYS = {
    "password": "password", "password_reset": "link from a mail", "mfa": "second factor", "socialaccount": "the company’s provider",
}  # fmt: skip
"""How somebody showed who they are, by allauth's name for it."""


def came(request: HttpRequest, user: User) -> None:
    """Signed in, and by what means."""
    shown = {record["method"]: None for record in get_authentication_records(request, user)}
    by = ", ".join(WAYS.get(method, method) for method in shown)
    note("signed.in", by=user, now=timezone.now(), company=None, about=user.name, new=by)


def went(user: User) -> None:
    note("signed.out", by=user, now=timezone.now(), company=None, about=user.name)


def failed(email: str) -> None:
    """A wrong password. For an address that is not known the same is done, and then undone: who is known here does not
    show in how long an answer takes."""
    user = User.objects.filter(email=email.lower()).first()
    with transaction.atomic():
        note("signin.failed", by=user, now=timezone.now(), company=None, about=user.name if user else "")
        transaction.set_rollback(user is None)
