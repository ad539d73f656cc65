"""Forms about people: inviting them, their profile, and accepting an invitation."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

from babel import Locale
from babel.numbers import format_decimal
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from alignment.forms.fields import AddressField, WordsField
from alignment.forms.layout import Question
from alignment.forms.locale_fields import ZoneField, zone_names
from alignment.forms.versioned import VersionedForm
from alignment.models import Company, User
from alignment.people import invitations, membership
from alignment.people.directory import Line
from alignment.rules.address_list import LONGEST_NAME, AddressListError, Invitee, read_people

LOCALES = (
    *(
        "en-US",
        "en-GB",
        "en-CA",
        "en-AU",
        "en-NZ",
        "en-IE",
        "en-IN",
        "en-ZA",
        "de-DE",
        "de-AT",
        "de-CH",
        "fr-FR",
    ),
    *(
        "fr-BE",
        "fr-CA",
        "fr-CH",
        "es-ES",
        "es-MX",
        "es-AR",
        "pt-PT",
        "pt-BR",
        "it-IT",
        "nl-NL",
        "nl-BE",
        "da-DK",
    ),
    *(
        "sv-SE",
        "nb-NO",
        "fi-FI",
        "pl-PL",
        "cs-CZ",
        "sk-SK",
        "hu-HU",
        "ro-RO",
        "bg-BG",
        "el-GR",
        "tr-TR",
        "uk-UA",
    ),
    *(
        "et-EE",
        "lv-LV",
        "lt-LT",
        "hr-HR",
        "sl-SI",
        "ja-JP",
        "ko-KR",
        "zh-CN",
        "zh-TW",
        "th-TH",
        "vi-VN",
        "id-ID",
    ),
)
SAMPLE = Decimal("1234567.5")
TOO_MUCH = 1_000_000
"""Characters of a pasted list; far more than the people that can be invited in one go."""


@lru_cache(maxsize=1)
def locale_choices() -> tuple[tuple[str, str], ...]:
    """Ways of writing amounts by country, each with how it looks: ("de-DE", "Germany: 1.234.567,50")."""
    named = {code: Locale.parse(code, sep="-") for code in LOCALES}
    countries = Counter(where.territory for where in named.values())
    choices = ((code, f"{_country(where, countries)}: {_sample(where)}") for code, where in named.items())
    return tuple(sorted(choices, key=lambda choice: choice[1]))


def _country(where: Locale, countries: Counter[str | None]) -> str:
    """With its language where it has several."""
    name = str(where.get_territory_name("en"))
    return name if countries[where.territory] == 1 else f"{name}, {where.get_language_name('en')}"


def _sample(where: Locale) -> str:
    return format_decimal(SAMPLE, "#,##0.00", locale=where)


class LocaleField(forms.ChoiceField):
    """How a person reads amounts; an earlier choice stays available."""

    default_error_messages = {"invalid_choice": "Choose a format from the list."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Format of dates and amounts")
        super().__init__(choices=locale_choices, **kwargs)

    def add_choice(self, code: str) -> None:
        if code and code not in dict(locale_choices()):
            self.choices = [(code, code), *locale_choices()]


def name_field() -> WordsField:
    return WordsField(
        label="Name",
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter the name."},
    )


class AboutPerson(VersionedForm):
    """A person's profile: name, zone, formats. `zones` is the list of suggestions for the zone."""

    facts = ("name", "timezone", "locale")

    name = name_field()
    timezone = ZoneField(
        label="Time zone",
        help_text="Times are shown in this time zone, for example Europe/Paris.",
        error_messages={"required": "Enter the time zone."},
    )
    locale = LocaleField()

    def __init__(self, data: Any = None, *, person: User, initial: dict[str, Any] | None = None) -> None:
        stored = {name: getattr(person, name) for name in self.facts}
        super().__init__(data, initial=stored | (initial or {}))
        self.instance = person
        self.fields["locale"].add_choice(person.locale)  # type: ignore[attr-defined]  # a LocaleField
        self.datalists = {"zones": zone_names()}
        self.carry_version()

    def for_row(self, row: User) -> Self:
        return type(self)(person=row)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    @property
    def submitted(self) -> dict[str, str]:
        """What the person changed, cleaned."""
        return {name: self.cleaned_data[name] for name in self.facts if self.is_changed(name)}

    def write(self, company: Company | None, *, by: User, now: datetime) -> User:
        """Raises VersionConflict when somebody else saved in between."""
        return membership.change(
            self.instance, self.submitted, version=self.submitted_version, company=company, by=by, now=now
        )


class PersonForm(AboutPerson):
    """What an admin may change of a person: the admin role always, the profile where the company
    manages it, and the address of an open invitation."""

    field_order = ("email", "name", "timezone", "locale", "is_admin")

    email = AddressField(
        label="Invitation address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="A new address gets a new link; the old link stops working. Team roles stay.",
        error_messages={"required": "Enter the address."},
    )
    is_admin = forms.BooleanField(
        label="Admin",
        required=False,
        help_text="Can change the setup and see facts: people, teams, goals, "
        "meeting attendance. Not what was said in meetings.",
    )

    def __init__(self, data: Any = None, *, line: Line, may_edit: bool) -> None:
        self.line, self.may_edit = line, may_edit
        super().__init__(
            data, person=line.user, initial={"is_admin": line.is_admin, "email": line.user.address}
        )
        self.invite = line.invite
        if self.invite is None:
            del self.fields["email"]
        if not may_edit:
            for name in self.facts:
                del self.fields[name]
            self.datalists = {}

    def for_row(self, row: User) -> Self:
        return type(self)(line=replace(self.line, user=row), may_edit=self.may_edit)

    @property
    def goes_elsewhere(self) -> bool:
        return (
            self.invite is not None
            and self.is_changed("email")
            and self.cleaned_data["email"] != self.invite.email
        )

    @transaction.atomic
    def write(self, company: Company | None, *, by: User, now: datetime) -> User:
        """All of it, or nothing: raises ValidationError with a sentence at its place when something cannot
        be, and VersionConflict when somebody else saved in between."""
        assert company is not None
        refusal = {"is_admin": self._give_right(company, by, now)}
        person = super().write(company, by=by, now=now)
        if self.invite is not None and self.goes_elsewhere:
            address = self.cleaned_data["email"]
            refusal["email"] = invitations.send_elsewhere(self.invite, address, by=by, now=now)
        if sentences := {name: sentence for name, sentence in refusal.items() if sentence}:
            raise ValidationError(sentences)
        return person

    def _give_right(self, company: Company, by: User, now: datetime) -> str:
        """A sentence when it cannot be; a page that shows what was true before takes nobody's right away."""
        if not self.is_changed("is_admin"):
            return ""
        is_admin = self.cleaned_data["is_admin"]
        return membership.give_right(self.instance, company, is_admin=is_admin, by=by, now=now)


class InviteForm(Question):
    people = WordsField(
        label="People, one per line",
        rows=6,
        max_length=TOO_MUCH,
        strip=False,
        help_text="Joe Keller <joe@example.com>, or the address alone. Names and "
        "addresses copied from a spreadsheet or a CSV "
        "file work too.",
        error_messages={"required": "Enter at least one email address."},
    )
    is_admin = forms.BooleanField(
        label="Make them admins",
        required=False,
        help_text="Admins see people, teams, goals and meeting attendance; not what was said in meetings.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].widget.attrs |= {"spellcheck": "false", "autocapitalize": "off"}
        self.fields["people"].widget.attrs.pop(
            "maxlength", None
        )  # a pasted list that is too long gets an error instead of being cut off

    def clean_people(self) -> list[Invitee]:
        try:
            invitees = read_people(self.cleaned_data["people"])
        except AddressListError as wrong:
            raise ValidationError(wrong.sentences) from wrong
        if not invitees:
            raise ValidationError("Enter at least one email address.")
        return invitees

    def send(self, company: Company, *, by: User, now: datetime) -> bool:
        """Invite them; False, with errors on the list, when that is not possible: then nobody is invited."""
        values = self.cleaned_data
        try:
            invitations.invite(company, values["people"], is_admin=values["is_admin"], by=by, now=now)
        except AddressListError as wrong:
            self.add_error("people", ValidationError(wrong.sentences))
            return False
        return True

    @property
    def confirmation(self) -> str:
        invitees: list[Invitee] = self.cleaned_data["people"]
        who = invitees[0].address if len(invitees) == 1 else f"{len(invitees)} people"
        return f"Invited {who}. The invitation goes out within a minute; you can add them to teams now."


class PasswordField(forms.CharField):
    """A new password in one field; the page can show what is typed."""

    hint = "At least 10 characters, not only digits, and not a common password."
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "data-reveals": ""})
    default_error_messages = {"required": "Choose a password."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Password")
        kwargs.setdefault("help_text", self.hint)
        super().__init__(strip=False, max_length=200, **kwargs)


class JoinForm(AboutPerson):
    """Accepting an invitation with an address that has no account yet."""

    field_order = ("name", "password", "timezone", "locale")

    password = PasswordField()

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, person=person)
        del self.fields["version"], self.fields["base"]  # nobody else writes here
        self.fields["timezone"].widget.attrs["data-zone"] = ""

    def clean(self) -> None:
        values = self.cleaned_data
        if values.get("password"):
            who = User(name=values.get("name", ""), email=self.instance.address)
            try:
                validate_password(values["password"], who)
            except ValidationError as wrong:
                self.add_error("password", wrong)


class AddressForm(Question):
    """A new address to sign in with; people with a password must enter it."""

    email = AddressField(
        label="New email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Enter the new address."},
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password to confirm it’s you."},
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if address == self.user.email.lower():
            raise ValidationError("This is already your address.")
        return address

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not self.user.check_password(typed):
            raise ValidationError("Wrong password.")
        return typed
