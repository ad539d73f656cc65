"""allauth's form for a forgotten password, whose mail goes by way of the outbox."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest
from django.utils import timezone

from alignment.celery import nudge
from alignment.notices import owe


class ResetPassword(ResetPasswordForm):
    """The link is made when the mail is, so that none lies in the database; an unknown address gets the same answer."""

    def save(self, request: HttpRequest, **_: Any) -> str:
        now = timezone.now()
        for person in self.users:
            about = f"asked-{person.pk}-{now.timestamp():.6f}"
            owe("new_password", to=person, about=about, payload={"by": ""}, now=now)
        if not self.users:
            nudge("alignment.tasks.deliver_due")  # as long as for an address that is known
        return str(self.cleaned_data["email"])
