from __future__ import annotations

from typing import Any

from django import forms

from alignment.forms.fields import WordsField

HEALTHY = 8
"""From this rating on nobody is asked why."""


class RatingForm(forms.Form):
    """How good the meeting was, 1 to 10; below 8 with a word on why."""

    score = forms.IntegerField(
        min_value=1, max_value=10,
        error_messages={
            "required": "Choose a number from 1 to 10.", "invalid": "Choose a number from 1 to 10.",
            "min_value": "Choose a number from 1 to 10.", "max_value": "Choose a number from 1 to 10.",
        },
    )  # fmt: skip
    why = WordsField(max_length=300, required=False)

    @property
    def choices(self) -> list[tuple[int, bool]]:
        """The ten numbers, and which of them is chosen."""
        chosen = str(self["score"].value())
        return [(number, str(number) == chosen) for number in range(1, 11)]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("score", HEALTHY) < HEALTHY and not told.get("why") and "why" not in self.errors:
            self.add_error("why", "Below 8: say in a sentence what would have made it better.")
        return told
