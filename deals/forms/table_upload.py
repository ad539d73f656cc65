"""A table, pasted or uploaded as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from alignment.forms.fields import WordsField
from alignment.forms.layout import Question
from deals.tables.csv_reader import TableError
from deals.tables.files import PASTED, Table, read_file, read_text, too_large
from deals.tables.questions import HIDDEN_CHOICES, MARK_CHOICES, ORDER_CHOICES, Answers, TableQuestion

NOT_SAID = ("", "Choose")


def _choice(label: str, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    """What is asked only of a table that can be read in several ways: hidden until then."""
    return forms.ChoiceField(
        label=label, choices=(NOT_SAID, *choices), required=False, widget=forms.HiddenInput
    )


class TableForm(Question):
    """A table, pasted or as a file."""

    unmarked = ("text", "file", "mark", "order", "worksheet", "hidden")

    text = WordsField(
        label="Rows",
        rows=10,
        required=False,
        strip=False,
        max_length=PASTED.size,
        help_text="Copy them from your spreadsheet and paste them here.",
    )
    file = forms.FileField(label="Or a file", required=False, help_text="XLSX or CSV, at most 2 MB.")
    mark = _choice("Amounts in this table are written", MARK_CHOICES)
    order = _choice("Dates in this table have", ORDER_CHOICES)
    worksheet = forms.CharField(label="Sheet to read", required=False, strip=False, widget=forms.HiddenInput)
    hidden = _choice("Hidden rows and columns", HIDDEN_CHOICES)

    def __init__(self, *args: Any, locale: str = "en-US", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.locale = locale

    def clean(self) -> dict[str, Any]:
        text, file = self.cleaned_data.get("text"), self.cleaned_data.get("file")
        if self.errors:
            return self.cleaned_data
        if not text and not file:
            self.add_error("text", "Paste rows or choose a file.")
        elif text and file:
            self.add_error("file", "Either paste rows or choose a file, not both.")
        elif file and file.size > PASTED.size:
            self.add_error("file", too_large(PASTED))
        else:
            self._read(text or "", file)
        return self.cleaned_data

    def _read(self, text: str, file: Any) -> None:
        try:
            table = (
                read_file(file.read(), locale=self.locale, answers=self.answers) if file else read_text(text)
            )
            self.cleaned_data |= {"table": table}
        except TableQuestion as question:
            self.refuse(question)
        except TableError as error:
            self.add_error("file" if file else "text", [*error.sentences])

    @property
    def table(self) -> Table:
        table: Table = self.cleaned_data["table"]
        return table

    @property
    def answers(self) -> Answers:
        return Answers(**{name: self.cleaned_data[name] for name in ("mark", "order", "worksheet", "hidden")})

    def refuse(self, error: TableError) -> None:
        """Show what is wrong with the table; a question also shows the field that answers it."""
        if isinstance(error, TableQuestion):
            self.fields[error.key].widget = forms.Select(choices=[NOT_SAID, *error.choices])
            self.add_error(error.key, [*error.sentences, *self._file_again()])
        else:
            self.add_error(None, [*error.sentences])

    def _file_again(self) -> list[str]:
        return ["Choose the file again too."] if self.cleaned_data.get("file") else []

    @property
    def entry_source(self) -> str:
        """Whether the table was pasted or came in a file."""
        return "file" if self.cleaned_data.get("file") else "pasted"


class PreviewForm(forms.Form):
    """The second step: record what was previewed. `token` names the preview and makes two clicks one."""

    token = forms.UUIDField()
    also = forms.BooleanField(required=False)
