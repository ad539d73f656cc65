"""The confirmation before a person is erased."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import WordsField
from alignment.forms.layout import Question


class ForgetForm(Question):
    typed = WordsField(
        label="Name of the person",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="This cannot be undone. Type the name to confirm.",
        error_messages={"required": "Type the name of the person to erase."},
    )

    def __init__(self, data: Any = None, *, name: str) -> None:
        super().__init__(data)
        self.name = name

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.split() != self.name.split():
            raise ValidationError(f"That is not the name. Type “{self.name}”.")
        return typed
