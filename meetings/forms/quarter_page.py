"""What of a quarter's page others may read."""

from __future__ import annotations

from typing import Any

from django import forms

from alignment.forms.layout import Question
from meetings.rules.quarter_page import Part, known_parts


class ShareForm(Question):
    parts = forms.MultipleChoiceField(
        label="Others have",
        required=False,
        choices=[(part.value, part.label) for part in Part],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these is no part of the page. Choose again."},
    )
    ceo_number = forms.BooleanField(
        label="My own number for the quarter, beside the sales leader’s call",
        required=False,
        help_text="Until you tick it only you and the sales leader have it, and no print.",
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def clean_parts(self) -> tuple[Part, ...]:
        return known_parts(self.cleaned_data["parts"])

    def base_on(self, version: int) -> None:
        """What is stored now: the next time it is sent, it replaces that."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = version
        self.data = data
