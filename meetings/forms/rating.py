from __future__ import annotations

from django import forms

from alignment.forms.fields import WordsField

HEALTHY = 8
"""Below this rating it is offered to say why."""


class RatingForm(forms.Form):
    """A rating from 1 to 10; below 8 the page offers to say why, and never demands it."""

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
    def choices(self) -> list[tuple[int, bool, bool]]:
        """The ten numbers, whether each is selected, and whether it is offered to say why."""
        selected = str(self["score"].value())
        return [(number, str(number) == selected, number < HEALTHY) for number in range(1, 11)]
