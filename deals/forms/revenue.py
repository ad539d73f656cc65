"""Money really won or invoiced, as people type it. An entry is never changed: a correction is a new one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from alignment.creating import made_once
from alignment.forms.fields import AmountField, DayField, WordsField
from alignment.forms.items import ItemForm
from deals.models import RevenueEntry


class RevenueForm(ItemForm[RevenueEntry]):
    """A new entry; with `corrects` the one that stands in place of it."""

    layout = (("day", "amount"), ("note",))

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
        return made_once(entry, told=told)
