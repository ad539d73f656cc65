"""Words and notes as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import WordsField
from alignment.models import Stale
from meetings.models import Section
from meetings.words import ITEMS, Place

LONGEST = 2**31 - 1
KEEP = (("mine", "mine"), ("theirs", "theirs"), ("both", "both"))


class TextForm(forms.Form):
    """A text with the version it was typed on (0: there was none yet), and without JavaScript what to keep of two."""

    text = WordsField(rows=6, max_length=4000, required=False)
    version = forms.IntegerField(min_value=0, max_value=LONGEST, required=False, widget=forms.HiddenInput)
    stored_version = forms.IntegerField(
        min_value=0, max_value=LONGEST, required=False, widget=forms.HiddenInput
    )
    keep = forms.ChoiceField(choices=KEEP, required=False, widget=forms.HiddenInput)

    @property
    def told_version(self) -> int:
        """Of a choice between two texts, the version of the one that was shown."""
        chosen = self.cleaned_data.get("stored_version") if self.cleaned_data.get("keep") else None
        version: int = chosen or self.cleaned_data.get("version") or 0
        return version

    def chosen(self, stored: str) -> str:
        """What shall stand: as typed, or as chosen between that and the text stored."""
        typed: str = self.cleaned_data["text"]
        kept = {"theirs": [stored], "both": [stored, typed] if typed != stored else [typed]}
        return "\n\n".join(filter(None, kept.get(self.cleaned_data["keep"], [typed])))

    def conflict(self, stale: Stale, *, who: str) -> dict[str, Any]:
        """Both texts, for components/conflict.html."""
        current = stale.current
        field = {"name": "text", "label": "Words", "mine": self.cleaned_data["text"], "theirs": current.text}
        return {"version": current.version, "who": who, "at": current.changed_at, "fields": [field]}


class WordsForm(TextForm):
    """Words of one side on a section, or on one item of it (`about`, such as risk-7)."""

    section = forms.ChoiceField(choices=Section, required=False, widget=forms.HiddenInput)
    about = forms.RegexField(
        rf"^({'|'.join(ITEMS)})-([0-9]{{1,18}})$", required=False, widget=forms.HiddenInput,
        error_messages={"invalid": "These words are about nothing we know. Load the page again."},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("section") and not cleaned.get("about"):
            raise ValidationError("Say which section or item these words are about.")
        return cleaned

    @property
    def place(self) -> Place:
        kind, _, pk = self.cleaned_data["about"].partition("-")
        return Place(ITEMS[kind][1], kind, int(pk)) if kind else Place(self.cleaned_data["section"])


class NoteForm(TextForm):
    """A private note."""

    text = WordsField(rows=6, max_length=10_000, required=False)
