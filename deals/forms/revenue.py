"""The forms of revenue: money actually won or invoiced.

An entry is never changed: a correction is a new entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from alignment import audit
from alignment.forms.fields import AmountField, DayField, WordsField
from alignment.forms.versioned import ItemForm
from alignment.models import Team
from alignment.rules.money import show
from alignment.rules.revenue_kinds import RevenueKind
from alignment.web.create_once import create_once
from deals.models import Deal, RevenueEntry


class RevenueForm(ItemForm[RevenueEntry]):
    """A new entry; with `corrects`, the entry that replaces it."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("day", "amount"),
        ("kind",),
        ("note",),
        ("is_credit",),
        ("is_other_money",),
    )

    day = DayField(label="Date won or invoiced", error_messages={"required": "Enter the date."})
    amount = AmountField(error_messages={"required": "Enter the amount."})
    kind = forms.ChoiceField(choices=RevenueKind, required=False, label="Revenue")
    note = WordsField(max_length=300, required=False, help_text="For example the customer and the invoice.")

    # Hidden until they are asked.
    is_credit = forms.BooleanField(
        required=False, label="This is a credit: money given back", widget=forms.HiddenInput
    )
    is_other_money = forms.BooleanField(
        required=False, label="This is other money: add it too", widget=forms.HiddenInput
    )

    class Meta:
        model = RevenueEntry
        fields = ("day", "amount", "kind", "note")

    def __init__(self, *args: Any, corrects: RevenueEntry | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.corrects = corrects
        self.fields["amount"].allow_negative = True  # type: ignore[attr-defined]
        if corrects is not None:
            self.initial["is_credit"] = corrects.source == RevenueEntry.Source.CREDIT
            self.initial.update(
                day=corrects.day, amount=corrects.amount, kind=corrects.kind, note=corrects.note
            )
        else:
            self.initial.setdefault("kind", self.team.revenue_kind)
            kind = self.fields["kind"]
            kind.help_text = f"The goal of {self.team} is made of: {self.team.revenue_kind_label}."
            self.initial.setdefault("day", self.today)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError("The date cannot be in the future.")
        return day

    def clean_kind(self) -> str:
        """Where nothing was chosen: as the entry that is corrected, else what the team's goal is made of."""
        known = self.corrects.kind if self.corrects else self.team.revenue_kind
        return self.cleaned_data["kind"] or known

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        amount = self.cleaned_data["amount"]
        if self.corrects is not None and not self.differs_from(self.corrects):
            self.add_error(
                None,
                "This is the same as the entry you are correcting. Change the date, the amount or the note.",
            )
        elif amount < 0 and not self.cleaned_data["is_credit"] and not self._is_recurring:
            self._ask("is_credit", "An amount below zero is a credit. Say so if it is one.")
        elif self._is_won and self.corrects is None and not self.cleaned_data["is_other_money"]:
            self._ask_for_won_deal(amount, self.cleaned_data["note"])
        return self.cleaned_data

    @property
    def _is_won(self) -> bool:
        return self.cleaned_data.get("kind") == RevenueKind.WON

    @property
    def _is_recurring(self) -> bool:
        """Recurring revenue is lost without any money being given back."""
        return self.cleaned_data.get("kind") == RevenueKind.RECURRING

    def _ask_for_won_deal(self, amount: Decimal, note: str) -> None:
        """What is entered as won may be a won deal that is booked already."""
        won = Deal.objects.won_and_booked(teams=[self.team.pk], amounts=[amount])
        same = next((deal for deal in won if deal.is_named_in(note)), None)
        if same is not None:
            self._ask(
                "is_other_money",
                f"The won deal “{same.name}” of this amount is booked already. Is this the same money?",
            )

    def _ask(self, name: str, sentence: str) -> None:
        self.fields[name].widget = forms.CheckboxInput()
        self.add_error(name, sentence)

    def differs_from(self, entry: RevenueEntry) -> bool:
        return any(getattr(entry, name) != value for name, value in self.submitted.items())

    def write(self) -> RevenueEntry:
        submitted = self.submitted
        entry = RevenueEntry(
            team=self.team,
            token=self.cleaned_data["token"] or self.instance.token,
            created_by=self.user,
            created_at=self.now,
            corrects=self.corrects,
            deal=self.corrects.deal if self.corrects else None,
            source=self._source(submitted["amount"]),
            **submitted,
        )
        return create_once(entry, text_fields=submitted, then=self._note)

    def _source(self, amount: Decimal) -> str:
        is_credit = amount < 0 and not self._is_recurring
        return RevenueEntry.Source.CREDIT if is_credit else RevenueEntry.Source.TYPED

    def _note(self, entry: RevenueEntry) -> None:
        old = self._describe(self.corrects) if self.corrects else ""
        audit.note(
            "revenue.corrected" if self.corrects else "revenue.added",
            by=self.user,
            now=self.now,
            company=self.team.company,
            about=self.team.name,
            old=old,
            new=self._describe(entry),
        )

    def _describe(self, entry: RevenueEntry) -> str:
        amount = show(entry.amount, currency=self.team.company.currency, locale="en-US")
        return f"{entry.day.isoformat()}: {amount}"


class SetupRevenueForm(RevenueForm):
    """For an admin, who also chooses the team."""

    layout = (("team_slug",), *RevenueForm.layout)

    team_slug = forms.ChoiceField(
        label="Team", error_messages={"invalid_choice": "Choose one of the teams listed."}
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["team_slug"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(team.slug, team.name) for team in teams]
        self.initial.setdefault("team_slug", self.team.slug)
