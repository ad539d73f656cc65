"""A word on a miss or a flag, and the correction of a miss."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField

from alignment.forms.fields import WordsField
from meetings.discipline import FAULTS
from meetings.models import Meeting


class WordForm(forms.Form):
    """One sentence."""

    word = WordsField(
        max_length=300, label="Your word", error_messages={"required": "Say it in a few words; they stay."}
    )

    @property
    def rows(self) -> list[list[BoundField]]:
        return [[self["word"]]]


class CorrectionForm(forms.Form):
    """What is true instead, and why."""

    to = forms.ChoiceField(
        label="What is true", widget=forms.RadioSelect, error_messages={"required": "Choose what is true."}
    )
    why = WordsField(
        max_length=300, label="Why?", error_messages={"required": "Say why in a few words; it stays with the meeting."}
    )  # fmt: skip

    def __init__(self, data: Any = None, *, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        others = [
            (str(fault), f"Missed: {said}") for fault, said in FAULTS.items() if fault != meeting.missed_by
        ]
        self.fields["to"].choices = [("excused", "Excused: it neither counts as held nor as missed"), *others]  # type: ignore[attr-defined]

    @property
    def rows(self) -> list[list[BoundField]]:
        return [[self["to"]], [self["why"]]]
