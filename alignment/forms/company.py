"""A company's facts and holidays, and the first company with its admin."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from alignment.audit import note
from alignment.company import holidays
from alignment.company.creation import NewCompany
from alignment.forms.fields import AddressField, DayField, WordsField
from alignment.forms.layout import Question
from alignment.forms.locale_fields import CurrencyField, MonthField, ZoneField, zone_names
from alignment.forms.versioned import RowForm
from alignment.models import Company, User
from alignment.models.policy import CHOICES, POLICIES, apply_to_teams
from alignment.rules.call_periods import CallPeriod
from alignment.rules.periods import MONTH_NAMES
from alignment.rules.revenue_kinds import RevenueKind


class NewCompanyForm(Question):
    """The arguments of `manage.py create_company`."""

    company = WordsField(
        label="Company", max_length=120, error_messages={"required": "Enter the company’s name."}
    )
    currency = CurrencyField(label="Currency", initial="USD")
    fiscal_year_start = MonthField(label="Fiscal year starts in", initial=1)
    timezone = ZoneField(
        label="Time zone",
        initial="UTC",
        help_text="For example Europe/Paris, or just the city. Teams elsewhere can have their own.",
        error_messages={"required": "Enter a time zone, for example Europe/Paris."},
    )
    person = WordsField(
        label="Your name",
        max_length=120,
        error_messages={"required": "Enter your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label="Your email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": "Enter your email address. You will sign in with it."},
    )

    @property
    def datalists(self) -> dict[str, tuple[str, ...]]:
        return {"zones": zone_names()}

    @property
    def new_company(self) -> NewCompany:
        return NewCompany(**{name: self.cleaned_data[name] for name in NewCompany.__slots__})


class FirstRunForm(NewCompanyForm):
    """The first visit: the company, and whoever creates it."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("company",),
        ("currency",),
        ("fiscal_year_start",),
        ("timezone",),
        ("person",),
        ("email",),
        ("password",),
    )

    password = forms.CharField(
        label="Password",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least ten characters; several words work well.",
        error_messages={"required": "Choose a password."},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["timezone"].widget.attrs["data-zone"] = ""  # the browser proposes its own

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if "password" in values:
            user = User(email=values.get("email", ""), name=values.get("person", ""))
            try:
                validate_password(values["password"], user)
            except ValidationError as wrong:
                self.add_error("password", wrong)
        return values


class CompanyForm(RowForm[Company]):
    """The facts of a company. A change of currency or fiscal year must be confirmed: see `asks`."""

    layout = (("name",), ("currency", "fiscal_year_start"), ("timezone",), ("revenue_kind", "call_period"))
    serious = ("currency", "fiscal_year_start")

    name = WordsField(label="Name", max_length=120, error_messages={"required": "Enter the company’s name."})
    currency = CurrencyField(label="Currency")
    fiscal_year_start = MonthField(label="Fiscal year starts in")
    timezone = ZoneField(
        label="Time zone",
        help_text="For example Europe/Paris, or just the city. Each team keeps its own.",
        error_messages={"required": "Enter a time zone, for example Europe/Paris."},
    )
    revenue_kind = forms.ChoiceField(
        choices=RevenueKind,
        label="What counts as revenue",
        help_text="What goals are made of. A team may say otherwise in its settings. "
        "Revenue of another kind is kept and shown apart.",
    )
    call_period = forms.ChoiceField(
        choices=CallPeriod,
        label="Period of the forecast call",
        help_text="The sales leader states commit and best case for it. A team may say otherwise in its settings.",
    )
    sure = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Company
        fields = ("name", "currency", "fiscal_year_start", "timezone", *POLICIES)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if "currency" in self.fields:
            self.fields["currency"].add_choice(self.instance.currency)  # type: ignore[attr-defined]

    @property
    def datalists(self) -> dict[str, tuple[str, ...]]:
        return {"zones": zone_names()}

    @property
    def asks(self) -> dict[str, Any]:
        """The changes of currency and fiscal year by their new values, until they are confirmed."""
        submitted = self.submitted
        changes = {
            name: submitted[name]
            for name in self.serious
            if name in submitted and submitted[name] != getattr(self.instance, name)
        }
        return changes if self.cleaned_data.get("sure") != self.sure_of(changes) else {}

    @staticmethod
    def sure_of(changes: dict[str, Any]) -> str:
        """What `sure` says of exactly these changes."""
        return " ".join(str(value) for value in changes.values())

    @transaction.atomic
    def write(self, *, by: User, now: datetime) -> Company:
        """Each changed fact with a line in the audit; open pages of its teams
        notice. Raises VersionConflict."""
        submitted = self.submitted
        before = Company.objects.select_for_update().get(pk=self.instance.pk)
        saved = before.edit(version=self.submitted_version, **submitted)
        for name, new in submitted.items():
            if (old := getattr(before, name)) != new:
                about = str(self[name].label)
                note(
                    "company.changed",
                    by=by,
                    now=now,
                    company=saved,
                    about=about,
                    old=display_value(name, old),
                    new=display_value(name, new),
                )
        for name in POLICIES:
            if name in submitted:
                apply_to_teams(saved, name)
        saved.teams.update(revision=F("revision") + 1)
        return saved


def display_value(name: str, value: Any) -> str:
    if name in POLICIES:
        return str(CHOICES[name](value).label)
    return MONTH_NAMES[value - 1] if name == "fiscal_year_start" else str(value)


class HolidayForm(Question):
    """One holiday."""

    layout = (("day", "name"),)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="holiday_%s")  # it stands beside the company's name

    day = DayField(label="Day", error_messages={"required": "Enter the day."})
    name = WordsField(
        label="Holiday name", max_length=holidays.LONGEST, error_messages={"required": "Enter its name."}
    )

    @property
    def days(self) -> list[holidays.Day]:
        return [(self.cleaned_data["day"], self.cleaned_data["name"])]


class HolidaysForm(Question):
    """Several holidays, pasted."""

    lines = WordsField(
        rows=6,
        max_length=40_000,
        label="Add several at once",
        help_text="One per line: 2026-12-25 Christmas Day",
        error_messages={"required": "Paste the days, one per line."},
    )

    def clean_lines(self) -> str:
        text: str = self.cleaned_data["lines"]
        try:
            self.days = holidays.parse(text)
        except holidays.HolidayLinesError as wrong:
            raise ValidationError(wrong.wrong) from wrong
        return text
