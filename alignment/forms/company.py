"""A company's facts and holidays, and the first company with its admin."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from alignment import holidays
from alignment.audit import note
from alignment.first_run import Beginning
from alignment.forms.conflicts import raw, told_basis
from alignment.forms.fields import DayField, WordsField
from alignment.forms.items import RowForm
from alignment.forms.layout import Question
from alignment.forms.places import CurrencyField, MonthField, ZoneField, zone_names
from alignment.models import Company, User
from alignment.periods import MONTH_NAMES


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

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["timezone"].widget.attrs["data-zone"] = ""  # the browser proposes its own

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if "password" in told:
            user = User(email=told.get("email", ""), name=told.get("person", ""))
            try:
                validate_password(told["password"], user)
            except ValidationError as wrong:
                self.add_error("password", wrong)
        return told


class CompanyForm(RowForm[Company]):
    """The facts of a company. Another currency or fiscal year is asked about first: see `asks`."""

    layout = (("name",), ("currency", "fiscal_year_start"), ("timezone",))
    serious = ("currency", "fiscal_year_start")

    name = WordsField(label="Name", max_length=120, error_messages={"required": "Write the company’s name."})
    currency = CurrencyField(label="Currency of its amounts")
    fiscal_year_start = MonthField(label="Fiscal year starts in")
    timezone = ZoneField(
        label="Time zone",
        help_text="Such as Europe/Paris, or the town alone. Each team keeps its own.",
        error_messages={"required": "Write a time zone, such as Europe/Paris."},
    )
    sure = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Company
        fields = ("name", "currency", "fiscal_year_start", "timezone")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if "currency" in self.fields:
            self.fields["currency"].keep(self.instance.currency)  # type: ignore[attr-defined]

    @property
    def datalists(self) -> dict[str, tuple[str, ...]]:
        return {"zones": zone_names()}

    @property
    def asks(self) -> dict[str, Any]:
        """What of the currency and the fiscal year was changed here, by its new value, until that was agreed to."""
        known = told_basis(self)
        changed = {
            name: self.cleaned_data[name]
            for name in self.serious
            if name in self.told
            and self.told[name] != getattr(self.instance, name)
            and raw(self[name]) != known.get(name)
        }
        return changed if self.cleaned_data.get("sure") != self.sure_of(changed) else {}

    @staticmethod
    def sure_of(changed: dict[str, Any]) -> str:
        """What `sure` says of exactly these changes."""
        return " ".join(str(value) for value in changed.values())

    @transaction.atomic
    def write(self, *, by: User, now: datetime) -> Company:
        """Each changed fact with a line in the audit; open pages of its teams notice. Raises Stale."""
        before = Company.objects.select_for_update().get(pk=self.instance.pk)
        saved = before.edit(version=self.told_version, **self.told)
        for name, new in self.told.items():
            if (old := getattr(before, name)) != new:
                about = str(self[name].label)
                note("company.changed", by=by, now=now, company=saved, about=about, old=shown(name, old), new=shown(name, new))  # fmt: skip
        saved.teams.update(revision=F("revision") + 1)
        return saved


def shown(name: str, value: Any) -> str:
    return MONTH_NAMES[value - 1] if name == "fiscal_year_start" else str(value)


class HolidayForm(Question):
    """One holiday."""

    layout = (("day", "name"),)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="holiday_%s")  # it stands beside the company's name

    day = DayField(label="Day", error_messages={"required": "Write the day."})
    name = WordsField(
        label="Its name", max_length=holidays.LONGEST, error_messages={"required": "Write its name."}
    )

    @property
    def days(self) -> list[holidays.Day]:
        return [(self.cleaned_data["day"], self.cleaned_data["name"])]


class HolidaysForm(Question):
    """Several holidays, pasted."""

    lines = WordsField(
        rows=6, max_length=40_000, label="Several at once", help_text="One a line: 2026-12-25 Christmas Day",
        error_messages={"required": "Paste the days, one a line."},
    )  # fmt: skip

    def clean_lines(self) -> str:
        text: str = self.cleaned_data["lines"]
        try:
            self.days = holidays.parse(text)
        except holidays.BadLines as wrong:
            raise ValidationError(wrong.wrong) from wrong
        return text
