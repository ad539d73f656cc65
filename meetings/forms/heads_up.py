"""The one line of a heads-up, and the words in which the leader puts it on the agenda."""

from __future__ import annotations

from django import forms

from alignment.forms.fields import WordsField
from alignment.forms.layout import Question


class HeadsUpForm(Question):
    words = WordsField(
        max_length=200,
        label="What did you say, to whom?",
        help_text="In one line, such as “Told a rep we would match the price”. Only the two of you read it.",
        error_messages={"required": "Enter what you said, in one line."},
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)


class TalkForm(Question):
    title = WordsField(
        max_length=200,
        label="As it stands on the agenda",
        help_text="Everybody who reads the agenda of this team reads it in these words. Edit them first.",
        error_messages={"required": "Enter what you want to talk about."},
    )
