from __future__ import annotations

from typing import Any

from django import forms

from alignment.forms.fields import WordsField

HEALTHY = 8
"""From this rating on no reason is needed."""


class RatingForm(forms.Form):
    """A rating from 1 to 10; below 8 it needs a reason."""

    score = forms.IntegerField(
        min_value=1,
        max_value=10,
        error_messages={
            "required": "Choose a number from 1 to 10.",
            "invalid": "Choose a number from 1 to 10.",
            "min_value": "Choose a number from 1 to 10.",
            "max_value": "Choose a number from 1 to 10.",
        },
    )
    why = WordsField(max_length=300, required=False)

    @property
    def choices(self) -> list[tuple[int, bool]]:
        """The ten numbers, and whether each is selected."""
        selected = str(self["score"].value())
        return [(number, str(number) == selected) for number in range(1, 11)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("score", HEALTHY) < HEALTHY and not cleaned.get("why") and "why" not in self.errors:
            self.add_error("why", "Enter what would have made it better (required below 8).")
        return cleaned
