"""The mix that the sales leader proposes, or with which the CEO answers."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from alignment.forms.fields import WordsField
from alignment.forms.layout import Question
from alignment.rules.percentages import ALL
from deals.mix.terms import MixTerms
from deals.rules.mix import Band, Bands, adds_up


def _share(label: str) -> forms.IntegerField:
    wrong = "Enter a whole number from 0 to 100."
    field = forms.IntegerField(
        min_value=0,
        max_value=ALL,
        label=label,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "num"}),
    )
    field.css, field.unit = "field--short", "%"  # type: ignore[attr-defined]
    return field


class MixForm(Question):
    layout: ClassVar[tuple[tuple[str, ...], ...]] = (("small", "mid", "big"), ("why",))

    small, mid, big = _share("Small deals"), _share("Mid-size deals"), _share("Big deals")
    why = WordsField(
        max_length=200,
        label="Why this mix",
        help_text="One sentence, such as “Mid-size pays the salaries until June”.",
        error_messages={"required": "Say why in one sentence."},
    )

    number = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    """Of the newest line that the page shows."""

    def __init__(self, data: Any = None, *, bands: Bands, known: MixTerms | None = None) -> None:
        initial: dict[str, Any] = {}
        if known is not None:
            initial = {band.value: share for band, share in known.target.items()} | {"why": known.why}
        super().__init__(data, initial=initial)
        self.bands = bands

    def read_to(self, number: int) -> None:
        """The page around the form shows the lines up to this one."""
        self.initial["number"] = number
        if self.is_bound:
            self.data = dict(self.data.items()) | {"number": number}

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if not self.errors and not adds_up(self._target):
            total = sum(self._target.values())
            self.add_error("big", f"The three add up to {total}%. They must add up to 100%.")
        return values

    @property
    def _target(self) -> dict[Band, int]:
        return {band: self.cleaned_data[band.value] for band in Band}

    @property
    def terms(self) -> MixTerms:
        return MixTerms(self._target, self.cleaned_data["why"], self.bands)
