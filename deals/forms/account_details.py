"""The form of an account: its name, what it is, how large, and whose it is."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db import transaction

from alignment.forms.fields import WordsField
from alignment.forms.versioned import RowForm
from alignment.models import Team
from alignment.rules.folding import search_key
from deals.models import Account, Rep
from deals.sales_people.rep_names import AmbiguousRepError, RepNames

NOT_SAID = ("", "Not said")


class AccountForm(RowForm[Account]):
    """`team` is the one whose rep owns it, where a name is typed."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("name",),
        ("status", "owner_name"),
        ("employees", "revenue_band"),
    )

    name = WordsField(
        max_length=200, label="Account", error_messages={"required": "Enter the account’s name."}
    )
    status = forms.ChoiceField(choices=[NOT_SAID, *Account.Status.choices], required=False, label="Status")
    owner_name = WordsField(
        max_length=120,
        required=False,
        label="Owner",
        help_text="The rep who looks after them.",
        widget=forms.TextInput(attrs={"list": "reps"}),
    )
    employees = forms.IntegerField(
        min_value=1,
        max_value=10_000_000,
        required=False,
        label="Employees",
        error_messages={"invalid": "Enter a whole number, for example 250."},
    )
    revenue_band = forms.ChoiceField(
        choices=[NOT_SAID, *Account.RevenueBand.choices], required=False, label="Their annual revenue"
    )

    class Meta:
        model = Account
        fields = ("name", "status", "employees", "revenue_band")

    def __init__(self, *args: Any, team: Team, today: date, **kwargs: Any) -> None:
        self.team, self.today = team, today
        super().__init__(*args, **kwargs)
        if self.instance.owner is not None:
            self.initial["owner_name"] = self.instance.owner.known_as.name

    def for_row(self, row: Account) -> AccountForm:
        return AccountForm(instance=row, part=self.part, team=self.team, today=self.today)

    @property
    def datalists(self) -> dict[str, list[str]]:
        return {"reps": list(Rep.objects.on_team(self.team).values_list("name", flat=True)[:200])}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Account.objects.filter(company=self.instance.company_id, name_key=search_key(name))
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"Another account is called “{name}” already. Choose another name.")
        return name

    def clean_owner_name(self) -> str:
        name: str = self.cleaned_data["owner_name"]
        if name and self.is_changed("owner_name"):
            try:
                known = RepNames(self.team.company_id).meant_by(name, team=self.team)
            except AmbiguousRepError as error:
                raise forms.ValidationError(str(error)) from error
            if known is None:
                raise forms.ValidationError(f"“{name}” is no rep of {self.team}. Add them as a rep first.")
        return name

    @property
    def submitted(self) -> dict[str, Any]:
        submitted = super().submitted
        if self.is_changed("owner_name"):
            name = self.cleaned_data["owner_name"]
            submitted["owner"] = (
                RepNames(self.team.company_id).meant_by(name, team=self.team) if name else None
            )
        return submitted

    @transaction.atomic
    def write(self) -> Account:
        """Raises VersionConflict when somebody saved in between."""
        submitted = self.submitted
        if not self.differs(submitted):
            return self.instance
        return self.instance.edit(version=self.submitted_version, **submitted)
