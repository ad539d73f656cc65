"""A table as people give it: pasted, or as a file."""

from __future__ import annotations

from typing import Any

from django import forms

from alignment.forms.fields import WordsField
from alignment.forms.layout import Question
from deals.imports.read import BadFile, Line
from deals.sheets.read import MAX_BYTES, TOO_LARGE, file_lines, text_lines


class TableForm(Question):
    """A table, pasted or as a file."""

    text = WordsField(
        label="Rows", rows=10, required=False, strip=False, max_length=MAX_BYTES,
        help_text="Copy them in your spreadsheet and paste them here.",
    )  # fmt: skip
    file = forms.FileField(label="Or a file", required=False, help_text="XLSX or CSV, at most 2 MB.")

    def clean(self) -> dict[str, Any]:
        text, file = self.cleaned_data.get("text"), self.cleaned_data.get("file")
        if self.errors:
            return self.cleaned_data
        if not text and not file:
            self.add_error("text", "Paste rows or choose a file.")
        elif text and file:
            self.add_error("file", "Rows were pasted and a file was chosen. Take one of them away.")
        elif file and file.size > MAX_BYTES:
            self.add_error("file", TOO_LARGE)
        else:
            self._read(text or "", file)
        return self.cleaned_data

    def _read(self, text: str, file: Any) -> None:
        try:
            self.cleaned_data["table"] = file_lines(file.read()) if file else text_lines(text)
        except BadFile as trouble:
            self.add_error("file" if file else "text", [*trouble.sentences])

    @property
    def table(self) -> list[Line]:
        lines: list[Line] = self.cleaned_data["table"]
        return lines

    @property
    def place(self) -> str:
        """The field that what is wrong with the table stands at."""
        return "file" if self.cleaned_data.get("file") else "text"


class FiguresForm(TableForm):
    """Figures, then the second step: write down what was looked at. `token` makes two clicks one."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    step = forms.ChoiceField(
        choices=(("look", "look"), ("write", "write")), required=False, widget=forms.HiddenInput
    )
    also = forms.BooleanField(required=False, widget=forms.HiddenInput)
    source = forms.ChoiceField(
        choices=(("pasted", "pasted"), ("file", "file")), required=False, widget=forms.HiddenInput
    )

    @property
    def came(self) -> str:
        """Whether it was pasted or came in a file, also in the second step."""
        return "file" if self.place == "file" else self.cleaned_data["source"] or "pasted"
