"""Sign-ins, sign-outs and failed attempts: audit entries that belong to a person, not to a company."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from alignment.audit import note
from alignment.models import User

WAYS = {
    "password": "password",
    "password_reset": "email link",
    "mfa": "second factor",
    "socialaccount": "the company’s provider",
}
"""How somebody showed who they are, by allauth's name for it."""


def record_sign_in(request: HttpRequest, user: User) -> None:
    """Signed in, and by what means."""
    methods = {record["method"]: None for record in get_authentication_records(request, user)}
    by = ", ".join(WAYS.get(method, method) for method in methods)
    note("signed.in", by=user, now=timezone.now(), company=None, about=user.name, new=by)


def record_sign_out(user: User) -> None:
    note("signed.out", by=user, now=timezone.now(), company=None, about=user.name)


def record_failure(email: str) -> None:
    """A wrong password. For an unknown address the same is done and undone, so that the
    response time does not show who has an account."""
    user = User.objects.filter(email=email.lower()).first()
    with transaction.atomic():
        note("signin.failed", by=user, now=timezone.now(), company=None, about=user.name if user else "")
        transaction.set_rollback(user is None)
