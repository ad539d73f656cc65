"""allauth's forms for second factors, with our texts, and safe against malformed credentials."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError

from alignment.models import User

LONGEST = 20_000
"""Characters of a credential; real ones have about two thousand."""
HOLDS = 120
"""Seconds, more than a code of an app can be right."""


class Credential(forms.JSONField):
    """The browser's answer about a passkey, as a JSON object."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            read = super().to_python(value if len(value or "") <= LONGEST else "?")
        except RecursionError:
            read = None
        if read is not None and not isinstance(read, dict):
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""})
        return read


CREDENTIAL_ERRORS = {"required": "The browser sent no passkey.", "invalid": "This passkey cannot be read."}


class PasskeyCheck:
    """The libraries expect a browser's answer; anything else counts as a wrong code."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (AttributeError, KeyError, TypeError, LookupError, ValueError, OverflowError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginPasskey(PasskeyCheck, passkeys.LoginWebAuthnForm):
    credential = Credential(error_messages=CREDENTIAL_ERRORS)


class AuthenticatePasskey(PasskeyCheck, passkeys.AuthenticateWebAuthnForm):
    credential = Credential(error_messages=CREDENTIAL_ERRORS)


class ReauthenticatePasskey(PasskeyCheck, passkeys.ReauthenticateWebAuthnForm):
    credential = Credential(error_messages=CREDENTIAL_ERRORS)


class AddPasskey(passkeys.AddWebAuthnForm):
    name = forms.CharField(label="Name", max_length=60, help_text="For example “My phone”.")
    passwordless = forms.BooleanField(
        label="Sign in with it without a password", required=False, initial=True
    )
    credential = Credential(error_messages=CREDENTIAL_ERRORS)

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except (AttributeError, KeyError, TypeError, LookupError, ValueError, OverflowError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return cleaned


class RenamePasskey(passkeys.EditWebAuthnForm):
    name = forms.CharField(label="Name", max_length=60)


def code_field(label: str) -> forms.CharField:
    typed = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs=typed))


class Once:
    """A code works once, whatever it was asked for. allauth remembers one for half a minute, but it
    holds longer for clocks that differ."""

    user: User

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if not cache.add(f"second-factor:{self.user.pk}:{code}", 1, timeout=HOLDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class Authenticate(Once, codes.AuthenticateForm):
    code = code_field("Code")


class Reauthenticate(Once, codes.ReauthenticateForm):
    code = code_field("Code from your app, or a recovery code")


class ActivateApp(Once, ActivateTOTPForm):
    code = code_field("Code shown in the app")
