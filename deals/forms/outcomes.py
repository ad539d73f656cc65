"""What happened to a deal: it was won, it was lost, or it closes on another day. A few questions each."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db import transaction

from alignment.forms.fields import WordsField
from deals.forms.deals import DealForm
from deals.forms.reasons import ReasonField
from deals.models import CapacityNeed, Deal
from deals.rules.reasons import ReasonFor


class OutcomeForm(DealForm):
    """Its `part` says which of them: a deal that is won or lost, or the other day of one that was put off."""

    parts: ClassVar[dict[str, tuple[str, ...]]] = {
        "won": ("close_date", "amount", "won_by", "reason_kind", "won_line", "capacity", "capacity_what"),
        "lost": ("close_date", "reason_kind", "reason"),
        "date": ("close_date", "reason_kind", "reason"),
    }
    demanded: ClassVar[dict[str, tuple[str, ...]]] = {
        "won": ("close_date",),
        "lost": ("close_date", "reason"),
        "date": ("close_date",),
    }
    questions: ClassVar[dict[str, dict[str, str]]] = {
        "won": {
            "close_date": "Day won",
            "won_by": "Who earned it?",
            "reason_kind": "What decided it?",
            "won_line": "What won it, in one line?",
        },
        "lost": {"close_date": "Day lost", "reason_kind": "Why was it lost?"},
        "date": {"close_date": "New close date", "reason_kind": "Why does it move?"},
    }
    layout = (
        ("close_date", "amount"),
        ("won_by",),
        ("reason_kind",),
        ("reason",),
        ("won_line",),
        ("capacity",),
        ("capacity_what",),
    )
    capacity_what = WordsField(max_length=300, required=False, label="What is needed?")
    unmarked = ("capacity", "capacity_what", "reason_kind", "reason")
    reasons: ClassVar[dict[str, ReasonFor]] = {
        "won": ReasonFor.WON,
        "lost": ReasonFor.LOST,
        "date": ReasonFor.PUSH,
    }

    capacity = forms.ChoiceField(
        choices=(("none", "None needed"), ("some", "Say what")),
        widget=forms.RadioSelect,
        required=False,
        label="Delivery capacity",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.questions[self.part].items():
            if name in self.fields:
                self.fields[name].label = label
        if self.part == "won" and not self.is_big:
            self.fields.pop("capacity", None)
            self.fields.pop("capacity_what", None)
        if isinstance(kind := self.fields.get("reason_kind"), ReasonField):
            kind.limit_to(self.reasons[self.part])
        if self.part == "lost" and (reason := self.fields.get("reason")):
            reason.help_text = ""
        if self.part != "date":
            self._propose()

    def _propose(self) -> None:
        """Today and its rep: they differ from what is stored, so all that is sent counts as said."""
        self.fields.pop("base", None)
        self.initial["won_by"] = self.instance.earned_by
        if self.instance.status == Deal.Status.OPEN:
            self.initial["close_date"] = self.today

    @property
    def is_big(self) -> bool:
        """Only a big deal asks what it takes to deliver it."""
        return self.team.is_big_deal(self.instance.amount)

    def value(self, name: str) -> Any:
        return self.part if name == "status" and self.part != "date" else super().value(name)

    def clean(self) -> dict[str, Any]:
        if "close_date" not in self.errors and not self._is_saved_already():
            self._check_day(self.value("close_date"))
        if self.part == "lost" and not self.has_reason and not self.errors.keys() & {"reason_kind", "reason"}:
            self._add_error("reason", "Choose why it was lost, or say it in your words.")
        if self.cleaned_data.get("capacity") == "some" and not self.cleaned_data.get("capacity_what"):
            self._add_error("capacity_what", "Say what is needed to deliver it.")
        return self.cleaned_data

    def _is_saved_already(self) -> bool:
        """A second click on another day: it is stored, and the form is older."""
        same = self.part == "date" and self.value("close_date") == self.instance.close_date
        return same and self.submitted_version < self.instance.version

    def _check_day(self, day: date | None) -> None:
        if self.part == "date" and (day is None or day < self.today):
            return self._add_error("close_date", "Enter the new close date, today or later.")
        if self.part == "date" and day == self.instance.close_date:
            return self._add_error("close_date", "This is the close date as it stands. Choose another.")
        return self._check_dates_and_money(self.value("status"), day)

    @property
    def submitted(self) -> dict[str, Any]:
        submitted = super().submitted
        if self.part != "date":
            submitted["status"] = self.part
        return submitted

    @transaction.atomic
    def write(self) -> Deal:
        deal, what = super().write(), self.cleaned_data.get("capacity_what") or ""
        what = CapacityNeed.NOTHING if self.cleaned_data.get("capacity") == "none" else what
        if what:
            CapacityNeed.objects.all().add_to(deal, what=what, by=self.user, now=self.now)
        return deal
