"""What each of the two prepares for their first meeting, in ten minutes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import AmountField, WordsField
from alignment.forms.layout import Question
from alignment.forms.versioned import VersionedForm
from alignment.models import Team, User
from meetings.forms.agreement import LONGEST_SENTENCE, AgreementForm
from meetings.models import FirstMeetingAnswer
from meetings.rules.decision_rights import RightKind
from meetings.rules.first_meeting import MOST_LINES, PART_BY_KEY, PARTS, Part, wrong_with


class LinesField(WordsField):
    """At most three lines."""

    def __init__(self, part: Part) -> None:
        super().__init__(
            rows=MOST_LINES, max_length=600, required=False, label=part.title, help_text=part.hint
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        if wrong := wrong_with(value):
            raise ValidationError(wrong)


class FirstMeetingForm(VersionedForm):
    """`instance` is the person’s answer, stored or not."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("success",),
        ("goals_view",),
        ("goals_words",),
        ("chase",),
        ("leave",),
        ("discount", "terms", "unpaid"),
        ("spending",),
        ("people",),
        ("exceptions",),
        ("call_when",),
        ("never_from_others",),
        ("is_done",),
    )
    unmarked = FirstMeetingAnswer.WORDS

    def __init__(
        self,
        data: Any = None,
        *,
        team: Team,
        user: User,
        instance: FirstMeetingAnswer,
        other: str,
        goals: str = "",
    ) -> None:
        self.team, self.user, self.instance, self.other = team, user, instance, other
        self.goals = goals
        initial = {name: getattr(instance, name) for name in FirstMeetingAnswer.WORDS}
        super().__init__(data, initial=initial | {"is_done": instance.done_at is not None})
        for part in PARTS:
            self.fields[part.key] = LinesField(part)
        self._ask_goals()
        for kind in RightKind:
            field = self.fields[str(kind)] = deepcopy(AgreementForm.base_fields[str(kind)])
            label = str(field.label)
            field.label = f"The leader decides {label[:1].lower()}{label[1:]}"
        spending = self.fields["spending"]
        assert isinstance(spending, AmountField)
        spending.write_for(user.locale, currency=team.currency)
        self.fields["is_done"] = forms.BooleanField(
            required=False,
            label="I am done",
            help_text=f"Once {other} is done too, both of you read both.",
        )
        self.carry_version()

    def _ask_goals(self) -> None:
        wrong = "Choose one of the two, or neither."
        self.fields["goals_view"] = forms.ChoiceField(
            label="The goals of the quarter",
            help_text=self.goals,
            choices=FirstMeetingAnswer.GoalsView.choices,
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": wrong},
        )
        self.fields["goals_words"] = LinesField(
            Part("goals_words", "The goals, in your words", "What makes them right, or wrong.", "")
        )

    def for_row(self, row: FirstMeetingAnswer) -> Self:
        return type(self)(team=self.team, user=self.user, instance=row, other=self.other, goals=self.goals)

    @property
    def submitted_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FirstMeetingAnswer.WORDS}


class OutcomeForm(Question):
    """A line of one of the two, or words of their own, that become a sentence of the agreement."""

    part = forms.ChoiceField(choices=[(key, key) for key in PART_BY_KEY])
    text = WordsField(
        max_length=LONGEST_SENTENCE, error_messages={"required": "Enter a sentence, or take a line above."}
    )
