"""Money really won or invoiced, as people type it. An entry is never changed: a correction is a new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from alignment import audit
from alignment.creating import made_once
from alignment.forms.fields import AmountField, DayField, WordsField
from alignment.forms.items import ItemForm
from alignment.models import Team
from alignment.money import show
from deals.models import RevenueEntry


class RevenueForm(ItemForm[RevenueEntry]):
    """A new entry; with `corrects` the one that stands in place of it."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (("day", "amount"), ("note",))

    day = DayField(label="Day it was won or invoiced", error_messages={"required": "Write the day."})
    amount = AmountField(error_messages={"required": "Write the amount."})
    note = WordsField(max_length=300, required=False, help_text="Such as the customer and the invoice.")

    class Meta:
        model = RevenueEntry
        fields = ("day", "amount", "note")

    def __init__(self, *args: Any, corrects: RevenueEntry | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.corrects = corrects
        if corrects is not None:
            self.initial.update(day=corrects.day, amount=corrects.amount, note=corrects.note)
        else:
            self.initial.setdefault("day", self.today)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(
                "Revenue cannot lie in the future: write the day it was won, today at the latest."
            )
        return day

    def clean(self) -> dict[str, Any]:
        if self.corrects is not None and not self.errors and not self.differs_from(self.corrects):
            self.add_error(
                None, "Nothing differs from the entry you correct. Change the day, the amount or the note."
            )
        return self.cleaned_data

    def differs_from(self, entry: RevenueEntry) -> bool:
        return any(getattr(entry, name) != value for name, value in self.told.items())

    def write(self) -> RevenueEntry:
        told = self.told
        entry = RevenueEntry(
            team=self.team, token=self.cleaned_data["token"] or self.instance.token, created_by=self.user, created_at=self.now,
            corrects=self.corrects, deal=self.corrects.deal if self.corrects else None, **told,
        )  # fmt: skip
        return made_once(entry, told=told, then=self._noted)

    def _noted(self, entry: RevenueEntry) -> None:
        corrects, company = self.corrects, self.team.company
        shown = [
            f"{one.day.isoformat()}: {show(one.amount, currency=company.currency, locale='en-US')}"
            if one
            else ""
            for one in (corrects, entry)
        ]
        audit.note(
            "revenue.corrected" if corrects else "revenue.added",
            by=self.user, now=self.now, company=company, about=self.team.name, old=shown[0], new=shown[1],
        )  # fmt: skip


class SetupRevenueForm(RevenueForm):
    """An admin's: the team is asked with it."""

    layout = (("team_slug",), ("day", "amount"), ("note",))

    team_slug = forms.ChoiceField(
        label="Team", error_messages={"invalid_choice": "Choose one of the teams listed."}
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["team_slug"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(team.slug, team.name) for team in teams]
        self.initial.setdefault("team_slug", self.team.slug)
