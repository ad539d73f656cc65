"""Comments on missed meetings and flags, and the correction of a missed meeting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField

from alignment.forms.fields import WordsField
from meetings.models import Meeting
from meetings.rules.misses import FAULTS


class CommentForm(forms.Form):
    """A comment of one sentence."""

    comment = WordsField(max_length=300, label="Comment", error_messages={"required": "Enter a comment."})

    @property
    def rows(self) -> list[list[BoundField]]:
        return [[self["comment"]]]


class CorrectionForm(forms.Form):
    """The correct outcome, and the reason."""

    to = forms.ChoiceField(
        label="What really happened",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what really happened."},
    )
    why = WordsField(
        max_length=300,
        label="Reason",
        error_messages={"required": "Enter a reason. It is recorded with the meeting."},
    )

    def __init__(self, data: Any = None, *, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        others = [
            (str(fault), f"Missed: {description}")
            for fault, description in FAULTS.items()
            if fault != meeting.missed_by
        ]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("excused", "Excused: counts neither as held nor missed"),
            *others,
        ]

    @property
    def rows(self) -> list[list[BoundField]]:
        return [[self["to"]], [self["why"]]]
