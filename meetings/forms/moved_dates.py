"""Forms of why dates moved: for many deals together, and for one by a rep's link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField

from alignment.forms.fields import WordsField
from alignment.forms.layout import Question
from alignment.models import VersionConflict
from deals.forms.reasons import ReasonField
from deals.models import Deal
from deals.rules.reasons import ReasonFor, grouped_choices
from meetings.moved_dates.queries import MovedDeal

LONGEST = 300


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A deal with its two fields."""

    moved: MovedDeal
    fields: tuple[BoundField, ...]


class MovedDatesForm(Question):
    """A reason for each deal, or one for all that have none of their own. What is left empty stays unexplained."""

    for_all = ReasonField(label="For all without a reason of their own")

    def __init__(self, data: Any, *, moved: Iterable[MovedDeal]) -> None:
        super().__init__(data)
        self.moved = list(moved)
        for row in self.moved:
            name = row.deal.name
            self.fields[f"kind-{row.deal.pk}"] = ReasonField(label=f"Reason, {name}")
            words = WordsField(max_length=LONGEST, required=False, label=f"In words, {name}")
            words.widget.attrs["placeholder"] = "In your words"
            self.fields[f"words-{row.deal.pk}"] = words

    @property
    def lines(self) -> list[MovedLine]:
        names = ("kind", "words")
        return [MovedLine(row, tuple(self[f"{name}-{row.deal.pk}"] for name in names)) for row in self.moved]

    def write(self, *, now: datetime) -> int:
        """Record the reasons; returns how many. A deal that somebody else changed meanwhile is left for next time."""
        explained = 0
        for row in self.moved:
            words = self.cleaned_data[f"words-{row.deal.pk}"] or ""
            kind = self.cleaned_data[f"kind-{row.deal.pk}"] or self.cleaned_data["for_all"]
            if words or kind:
                explained += _save_reason(row.deal, kind, words, now)
        return explained


def _save_reason(deal: Deal, kind: str, words: str, now: datetime) -> int:
    try:
        deal.record_reason(words, kind=kind, version=deal.version, now=now)
    except VersionConflict:
        return 0
    return 1


class MovedDateForm(Question):
    """One deal: a tap on the kind of reason sends it, with words if there are any."""

    reason = WordsField(
        max_length=LONGEST,
        required=False,
        label="In your words",
        widget=forms.TextInput(attrs={"enterkeyhint": "done"}),
    )
    kind = ReasonField(label="Why")

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The buttons, by the side that caused it."""
        return grouped_choices(ReasonFor.PUSH)

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data.get("kind"):
            self.add_error("kind", "Choose why the date moved.")
        return self.cleaned_data
