"""Why a committed deal will close: facts by tap, with a day and who said so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from alignment.forms.fields import DayField, WordsField
from alignment.forms.layout import Question
from deals.models import Contact, Deal
from deals.rules.evidence import FACTS, LABELS, EvidenceKind

ONE_OR_THE_OTHER = "“None yet” goes with no fact. Choose one or the other."


class EvidenceForm(Question):
    """`given` are kinds that hold already and are not offered again; with a fact “None yet” is no answer any more."""

    layout = (("kinds",), ("day", "contact"), ("words",))

    kinds = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="What do you know?",
        error_messages={
            "required": "Tick what you know, or “None yet”.",
            "invalid_choice": "Choose from the list.",
        },
    )
    day = DayField(label="Since", error_messages={"required": "Enter the day."})
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        required=False,
        label="Who said so",
        empty_label="Nobody in particular",
        error_messages={"invalid_choice": "Choose one of the account’s contacts."},
    )
    words = WordsField(max_length=200, required=False, label="In your words")

    def __init__(
        self,
        data: Any = None,
        *,
        deal: Deal,
        given: Collection[str],
        contacts: QuerySet[Contact],
        today: date,
    ) -> None:
        super().__init__(data, initial={"day": today})
        self.today = today
        kinds = self._field("kinds")
        kinds.choices = [
            (kind.value, LABELS[kind]) for kind in EvidenceKind
        ]  # a second click sends what is given
        offered = [kind for kind in EvidenceKind if kind not in given and not (kind not in FACTS and given)]
        kinds.widget.choices = [(kind.value, LABELS[kind]) for kind in offered]
        known = contacts.filter(account=deal.account_id)
        self._field("contact").queryset = known
        if not known:
            del self.fields["contact"]

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def clean_kinds(self) -> list[EvidenceKind]:
        kinds = [EvidenceKind(kind) for kind in self.cleaned_data["kinds"]]
        if EvidenceKind.NONE_YET in kinds and len(kinds) > 1:
            raise forms.ValidationError(ONE_OR_THE_OTHER)
        return kinds

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError("Enter today or an earlier day.")
        return day
