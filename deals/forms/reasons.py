"""The kinds of reason as a choice: one list wherever a date moves or a deal ends."""

from __future__ import annotations

from typing import Any

from django import forms

from deals.rules.reasons import ReasonFor, grouped_choices

NOT_SAID = ("", "Choose one")


class ReasonField(forms.ChoiceField):
    """Optional: the words beside it may say it all. A side with several kinds is a group."""

    def __init__(self, *, reason_for: ReasonFor = ReasonFor.PUSH, **kwargs: Any) -> None:
        super().__init__(choices=choices(reason_for), required=False, **kwargs)

    def limit_to(self, reason_for: ReasonFor) -> None:
        """Offer the kinds that fit alone."""
        self.choices = choices(reason_for)


def choices(reason_for: ReasonFor) -> list[Any]:
    groups = grouped_choices(reason_for)
    return [NOT_SAID, *(kinds[0] if len(kinds) == 1 else (side, kinds) for side, kinds in groups)]
