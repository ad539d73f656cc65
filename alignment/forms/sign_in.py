"""allauth's forms for signing in and for passwords, in our words."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.http import HttpRequest
from django.utils import timezone

from alignment.celery import nudge
from alignment.forms.people import PasswordField
from alignment.outbox.notice_kinds import enqueue


class OurWords:
    """No placeholder repeats a label; what is missing is said in a sentence."""

    fields: dict[str, forms.Field]
    labels: ClassVar[dict[str, str]] = {
        "oldpassword": "Current password",
        "password1": "New password",
        "password2": "New password again",
    }
    missing: ClassVar[dict[str, str]] = {
        "login": "Enter your email address.",
        "email": "Enter your email address.",
        "password": "Enter your password.",
        "oldpassword": "Enter your current password.",
        "password1": "Choose a password.",
        "password2": "Enter the new password again.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.error_messages["required"] = self.missing.get(name, field.error_messages["required"])
        if "password1" in self.fields:
            self.fields["password1"].help_text = PasswordField.hint
        if "oldpassword" in self.fields:
            self.fields["oldpassword"].help_text = ""  # the page has the link for a forgotten one


class SignIn(OurWords, LoginForm):
    pass


class Reauthenticate(OurWords, ReauthenticateForm):
    pass


class ChangePassword(OurWords, ChangePasswordForm):
    pass


class SetPassword(OurWords, SetPasswordForm):
    pass


class ResetPasswordKey(OurWords, ResetPasswordKeyForm):
    pass


class ResetPassword(OurWords, ResetPasswordForm):
    """The link is made with the mail, so that none is stored; an unknown address gets the same response."""

    def save(self, request: HttpRequest, **_: Any) -> str:
        now = timezone.now()
        for person in self.users:
            about = f"asked-{person.pk}-{now.timestamp():.6f}"
            enqueue("new_password", to=person, about=about, payload={"by": ""}, now=now)
        if not self.users:
            nudge("alignment.tasks.deliver_due")  # as long as for an address that is known
        return str(self.cleaned_data["email"])
