"""A company's facts, and the first one's with its admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from alignment.first_run import Beginning
from alignment.forms.fields import WordsField
from alignment.forms.layout import Question
from alignment.forms.places import CurrencyField, MonthField, ZoneField, zone_names
from alignment.models import User


class NewCompanyForm(Question):
    """What `manage.py create_company` is told."""

    company = WordsField(
        label="Company", max_length=120, error_messages={"required": "Write the company’s name."}
    )
    currency = CurrencyField(label="Currency of its amounts", initial="USD")
    fiscal_year_start = MonthField(label="Month in which its fiscal year starts", initial=1)
    timezone = ZoneField(
        label="Time zone",
        initial="UTC",
        help_text="Such as Europe/Paris, or the town alone. Teams elsewhere get their own.",
        error_messages={"required": "Write a time zone, such as Europe/Paris."},
    )
    person = WordsField(
        label="Your name", max_length=120, error_messages={"required": "Write your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label="Your e-mail address", max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": "Write your e-mail address: you sign in with it.", "invalid": "This is not an e-mail address."},
    )  # fmt: skip

    @property
    def datalists(self) -> dict[str, tuple[str, ...]]:
        return {"zones": zone_names()}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    @property
    def beginning(self) -> Beginning:
        return Beginning(**{name: self.cleaned_data[name] for name in Beginning.__slots__})


class FirstRunForm(NewCompanyForm):
    """The first visit: the company, and whoever makes it."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("company",), ("currency",), ("fiscal_year_start",), ("timezone",), ("person",), ("email",), ("password",),
    )  # fmt: skip

    password = forms.CharField(
        label="Your password",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least ten characters; several words are good.",
        error_messages={"required": "Choose a password."},
    )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if "password" in told:
            user = User(email=told.get("email", ""), name=told.get("person", ""))
            try:
                validate_password(told["password"], user)
            except ValidationError as wrong:
                self.add_error("password", wrong)
        return told
