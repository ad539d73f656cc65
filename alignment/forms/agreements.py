"""Declining what the other side proposed."""

from __future__ import annotations

from alignment.forms.fields import WordsField
from alignment.forms.layout import Question


class DeclineForm(Question):
    why = WordsField(
        rows=3,
        max_length=500,
        label="Why not",
        help_text="Only the CEO and the sales leader can read this.",
        error_messages={"required": "Say why in one sentence."},
    )
