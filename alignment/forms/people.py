"""Forms about people: who is invited, what an admin keeps of a person, and the way in."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from alignment import inviting, leaving
from alignment.addresses import LONGEST_NAME, Asked, BadList, checked, read_people
from alignment.forms.fields import WordsField
from alignment.forms.layout import Question
from alignment.forms.places import ZoneField, zone_names
from alignment.models import Company, User
from alignment.people import Line

LOCALES = (
    "en-US", "en-GB", "en-CA", "en-AU", "en-NZ", "en-IE", "en-IN", "en-ZA", "de-DE", "de-AT", "de-CH", "fr-FR", "fr-BE",
    "fr-CA", "fr-CH", "es-ES", "es-MX", "es-AR", "pt-PT", "pt-BR", "it-IT", "nl-NL", "nl-BE", "da-DK", "sv-SE", "nb-NO",
    "fi-FI", "pl-PL", "cs-CZ", "sk-SK", "hu-HU", "ro-RO", "bg-BG", "el-GR", "tr-TR", "uk-UA", "et-EE", "lv-LV", "lt-LT",
    "hr-HR", "sl-SI", "ja-JP", "ko-KR", "zh-CN", "zh-TW", "th-TH", "vi-VN", "id-ID",
)  # fmt: skip
SAMPLE = Decimal("1234567.5")
TOO_MUCH = 1_000_000
"""Characters of a pasted list; far more than the people that can be invited in one go."""


@lru_cache(maxsize=1)
def locale_choices() -> tuple[tuple[str, str], ...]:
    """Ways of writing amounts by country, each with how it looks: ("de-DE", "Germany: 1.234.567,50")."""
    named = {code: Locale.parse(code, sep="-") for code in LOCALES}
    countries = Counter(where.territory for where in named.values())
    said = ((code, f"{_country(where, countries)}: {_sample(where)}") for code, where in named.items())
    return tuple(sorted(said, key=lambda choice: choice[1]))


def _country(where: Locale, countries: Counter[str | None]) -> str:
    """With its language where it has several."""
    name = str(where.get_territory_name("en"))
    return name if countries[where.territory] == 1 else f"{name}, {where.get_language_name('en')}"


def _sample(where: Locale) -> str:
    return format_decimal(SAMPLE, "#,##0.00", locale=where)


class LocaleField(forms.ChoiceField):
    """How a person reads amounts; what was chosen before stays choosable."""

    default_error_messages = {"invalid_choice": "Choose one of the ways listed."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "How amounts are written")
        super().__init__(choices=locale_choices, **kwargs)

    def keep(self, code: str) -> None:
        if code and code not in dict(locale_choices()):
            self.choices = [(code, code), *locale_choices()]


def name_field() -> WordsField:
    return WordsField(
        label="Name", max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Say the name."},
    )  # fmt: skip


class AboutPerson(Question):
    """What is said of a person: name, zone, formats. `zones` are what the zone is helped with."""

    name = name_field()
    timezone = ZoneField(
        label="Time zone", help_text="Times are shown in it. Write it like Europe/Paris; the list helps.",
        error_messages={"required": "Say the time zone."},
    )  # fmt: skip
    locale = LocaleField()

    def __init__(self, data: Any = None, *, person: User, **kwargs: Any) -> None:
        told = {"name": person.name, "timezone": person.timezone, "locale": person.locale}
        super().__init__(data, **{"initial": told} | kwargs)
        self.person = person
        self.fields["locale"].keep(person.locale)  # type: ignore[attr-defined]  # a LocaleField
        self.datalists = {"zones": zone_names()}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    @property
    def told(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "timezone", "locale")}


class PersonForm(AboutPerson):
    """What an admin keeps of a person: the right always, the rest where it is theirs to keep; of somebody invited also
    where the invitation goes."""

    field_order = ("email", "name", "timezone", "locale", "is_admin")

    email = forms.CharField(
        label="The invitation goes to", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Another address gets a new link; the old one stops working. Seats given already stay.",
        error_messages={"required": "Write the address."},
    )  # fmt: skip
    is_admin = forms.BooleanField(
        label="Admin", required=False,
        help_text="Sets the company up and sees facts: people, teams, goals, who met. Not words of a meeting.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, line: Line, may_edit: bool) -> None:
        super().__init__(data, person=line.user)
        self.invite = line.invite
        self.initial.update(is_admin=line.is_admin, email=line.user.address)
        if self.invite is None:
            del self.fields["email"]
        if not may_edit:
            for name in ("name", "timezone", "locale"):
                del self.fields[name]
            self.datalists = {}

    def clean_email(self) -> str:
        try:
            return checked(self.cleaned_data["email"])
        except ValueError as wrong:
            raise ValidationError("This is not an e-mail address.") from wrong

    @property
    def told(self) -> dict[str, str]:
        return super().told if "name" in self.fields else {}

    @property
    def goes_elsewhere(self) -> bool:
        return self.invite is not None and self.cleaned_data["email"] != self.invite.email

    def keep(self, company: Company, *, by: User, now: datetime) -> bool:
        """Save all of it; False, and a sentence at its place, when something cannot be: then nothing is saved."""
        with transaction.atomic():
            name, refused = self._keep(company, by, now)
            if refused:
                transaction.set_rollback(True)
        if refused:
            self.add_error(name, refused)
        return not refused

    def _keep(self, company: Company, by: User, now: datetime) -> tuple[str, str]:
        wanted = self.cleaned_data["is_admin"]
        if refused := leaving.give_right(self.person, company, is_admin=wanted, by=by, now=now):
            return "is_admin", refused
        leaving.change(self.person, self.told, company=company, by=by, now=now)
        if self.invite is not None and self.goes_elsewhere:
            address = self.cleaned_data["email"]
            return "email", inviting.send_elsewhere(self.invite, address, by=by, now=now)
        return "", ""


class InviteForm(Question):
    people = WordsField(
        label="People, one a line", rows=6, max_length=TOO_MUCH, strip=False,
        help_text="Joe Keller <joe@example.com>, or the address alone. Names and addresses copied from a spreadsheet or a CSV "
        "file will do.",
        error_messages={"required": "Write at least one e-mail address."},
    )  # fmt: skip
    is_admin = forms.BooleanField(
        label="They set the company up too (admins)", required=False,
        help_text="Admins see people, teams, goals and who met; not words of a meeting.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].widget.attrs |= {"spellcheck": "false", "autocapitalize": "off"}
        self.fields["people"].widget.attrs.pop("maxlength", None)  # what is pasted is told about, not cut off

    def clean_people(self) -> list[Asked]:
        try:
            asked = read_people(self.cleaned_data["people"])
        except BadList as wrong:
            raise ValidationError(wrong.sentences) from wrong
        if not asked:
            raise ValidationError("Write at least one e-mail address.")
        return asked

    def send(self, company: Company, *, by: User, now: datetime) -> bool:
        """Invite them; False, and the sentences at the list, when that cannot be: then nobody is."""
        told = self.cleaned_data
        try:
            inviting.invite(company, told["people"], is_admin=told["is_admin"], by=by, now=now)
        except BadList as wrong:
            self.add_error("people", ValidationError(wrong.sentences))
            return False
        return True

    @property
    def said(self) -> str:
        asked: list[Asked] = self.cleaned_data["people"]
        who = asked[0].address if len(asked) == 1 else f"{len(asked)} people"
        return f"Invited {who}. The mail goes out within a minute; seats on a team can be given now."


class PasswordField(forms.CharField):
    """A new password in one field; the page can show what is typed."""

    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "data-reveals": ""})
    default_error_messages = {"required": "Choose a password."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Password")
        kwargs.setdefault(
            "help_text", "At least 10 characters, not only figures, and none that everybody uses."
        )
        super().__init__(strip=False, max_length=200, **kwargs)


class JoinForm(AboutPerson):
    """Accepting an invitation with an address that has no account yet."""

    field_order = ("name", "password", "timezone", "locale")

    password = PasswordField()

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, person=person)
        self.fields["timezone"].widget.attrs["data-zone"] = ""

    def clean(self) -> None:
        told = self.cleaned_data
        if told.get("password"):
            who = User(name=told.get("name", ""), email=self.person.address)
            try:
                validate_password(told["password"], who)
            except ValidationError as wrong:
                self.add_error("password", wrong)


class AddressForm(Question):
    """Another address to sign in with; asks for the password of those who have one."""

    email = forms.EmailField(
        label="New e-mail address", max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Write the new address.", "invalid": "This is not an e-mail address."},
    )  # fmt: skip
    password = forms.CharField(
        label="Your password", strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Type your password, so that nobody else does this."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].lower()
        if address == self.user.email.lower():
            raise ValidationError("This is your address already.")
        return address

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not self.user.check_password(typed):
            raise ValidationError("This is not your password.")
        return typed
