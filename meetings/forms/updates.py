"""The forms of updates and private notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, Self

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import WordsField
from alignment.forms.versioned import VersionedForm
from meetings.models import Section
from meetings.updates.autosave import ITEMS

OVER = "This meeting has ended, so your text is not in its record. Nothing else was changed."


@dataclass(frozen=True, slots=True)
class Offer:
    """Where a text can go that came too late: the address that takes it, and what is said of it."""

    url: str
    label: str
    done: str


DISCUSS = "Let’s discuss this in the meeting."


class StoredText(Protocol):
    """The stored text; version 0 if there is none yet."""

    @property
    def version(self) -> int: ...

    @property
    def text(self) -> str: ...


class TextForm(VersionedForm):
    """A text with the version it is based on."""

    text = WordsField(rows=6, max_length=4000, required=False)

    def __init__(self, data: Any, *, instance: StoredText) -> None:
        super().__init__(data, initial={"text": instance.text})
        self.instance = instance
        self.carry_version()

    def for_row(self, row: StoredText) -> Self:
        return type(self)(None, instance=row)

    @property
    def submitted_version(self) -> int:
        """0 for the first text, also if none is sent: a stored text is never overwritten unnoticed."""
        return self.cleaned_data.get("version") or 0


class WordsForm(TextForm):
    """An update of one side on a section, or on one of its items (`about`, such as risk-7)."""

    section = forms.ChoiceField(choices=Section, required=False, widget=forms.HiddenInput)
    about = forms.RegexField(
        rf"^({'|'.join(ITEMS)})-([0-9]{{1,18}})$",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": "This section or item no longer exists. Reload the page."},
    )

    def __init__(
        self, data: Any, *, instance: StoredText, is_over: bool = False, offer: Offer | None = None
    ) -> None:
        super().__init__(data, instance=instance)
        self.is_over, self.offer = is_over, offer

    def clean_text(self) -> str:
        if self.is_over:
            raise ValidationError(OVER)
        text: str = self.cleaned_data["text"]
        if "answer" in self.data and not text:  # sent as a whole, by the button that names it
            raise ValidationError("Enter your answer.")
        return DISCUSS if "discuss" in self.data and not text else text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("section") and not cleaned.get("about"):
            raise ValidationError("Choose the section or item this text is about.")
        return cleaned


class NoteForm(TextForm):
    """A private note."""

    text = WordsField(rows=6, max_length=10_000, required=False)
