"""The form of a check-in: one tap, or the five statements with a guess; and a question to put on the agenda."""

from __future__ import annotations

from typing import Any, Self

from django import forms

from alignment.forms.fields import WordsField
from alignment.forms.versioned import VersionedForm
from meetings.check_in.answers import AnswerTerms
from meetings.check_in.questions import TAP
from meetings.models import CheckIn, CheckInAnswer
from meetings.rules.check_in import BY_KEY, HIGHEST, KEYS, LOWEST, STATEMENTS

SCALE = [(str(value), str(value)) for value in range(LOWEST, HIGHEST + 1)]
NO_NUMBER = f"Choose a number from {LOWEST} to {HIGHEST}."


class ScoreField(forms.TypedChoiceField):
    widget = forms.RadioSelect
    css = "scale"

    def __init__(self, label: str) -> None:
        errors = {"required": NO_NUMBER, "invalid_choice": NO_NUMBER}
        super().__init__(label=label, choices=SCALE, coerce=int, error_messages=errors)


class CheckInForm(VersionedForm):
    """`instance` is the person’s answer, stored or not. `other`: the first name of the other, for the guess."""

    tap = forms.ChoiceField(
        label="Did we talk about what matters?",
        choices=CheckInAnswer.Tap.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose yes, partly or no.",
            "invalid_choice": "Choose yes, partly or no.",
        },
    )
    sentence = WordsField(max_length=300, rows=2, required=False, label="A sentence, if you like")

    def __init__(self, data: Any = None, *, check_in: CheckIn, instance: CheckInAnswer, other: str) -> None:
        self.check_in, self.instance, self.other = check_in, instance, other
        names = ("tap", *CheckInAnswer.SCORES, "sentence")
        super().__init__(data, initial={name: getattr(instance, name) for name in names})
        self.fields["tap"].css = "scale scale--words"  # type: ignore[attr-defined]
        if check_in.is_full:
            self._ask_statements()
        self.carry_version()

    def _ask_statements(self) -> None:
        for statement in STATEMENTS:
            self.fields[statement.key] = ScoreField(statement.text)
        guessed = BY_KEY[self.check_in.guessed]
        self.fields["guess"] = ScoreField(f"Your guess: what will {self.other} answer to “{guessed.text}”")
        self.fields["sentence"] = self.fields.pop("sentence")  # last

    def for_row(self, row: CheckInAnswer) -> Self:
        return type(self)(check_in=self.check_in, instance=row, other=self.other)

    @property
    def submitted_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    @property
    def terms(self) -> AnswerTerms:
        values = self.cleaned_data
        scores = {name: values[name] for name in CheckInAnswer.SCORES if name in values}
        return AnswerTerms(tap=values["tap"], sentence=values["sentence"], **scores)


class QuestionForm(forms.Form):
    """A proposed question, in words that were perhaps edited."""

    key = forms.ChoiceField(choices=[(key, key) for key in (TAP, *KEYS)])
    text = WordsField(
        max_length=200,
        error_messages={"required": "Enter the question, or leave it: nothing was put on the agenda."},
    )
