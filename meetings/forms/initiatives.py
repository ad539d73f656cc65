"""What the leader works on besides selling, as people type it.

Parts of the edit form, for autosave on other pages. POST to meetings:initiative_edit with `version`, `part` and:
    progress   current, health
    plan       title, kind, plan, measure, unit, baseline, target, due
Without a part: every field below. A field that is not sent stays as it is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from alignment.creating import made_once
from alignment.forms.fields import DayField, WordsField, is_blank
from alignment.forms.items import ItemForm
from alignment.forms.layout import Question
from alignment.models import Team
from alignment.money import BadAmount, parse_amount
from meetings.models import Initiative, InitiativePoint


class NumberField(forms.Field):
    """A value of a measure, below zero too, typed in the reader's way."""

    widget = forms.TextInput
    css = "field--short"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.locale = "en-US"
        self.widget.attrs.update({"inputmode": "decimal", "class": "num", "maxlength": "40"})

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or is_blank(str(value)):
            return None
        try:
            return parse_amount(str(value), locale=self.locale, allow_negative=True)
        except BadAmount as wrong:
            raise ValidationError(
                str(wrong).replace("an amount", "a number").replace("amount", "number")
            ) from wrong

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}".removesuffix(".00") if isinstance(value, Decimal) else value


class InitiativeForm(ItemForm[Initiative]):
    parts: ClassVar[dict[str, tuple[str, ...]]] = {
        "progress": ("current", "health"),
        "plan": ("title", "kind", "plan", "measure", "unit", "baseline", "target", "due"),
    }
    layout = (
        ("title",), ("kind", "health"), ("plan",), ("measure",), ("baseline", "current", "target"), ("unit", "due")
    )  # fmt: skip

    title = WordsField(max_length=200, error_messages={"required": "Name the initiative."})
    kind = forms.ChoiceField(
        choices=Initiative.Kind.choices, help_text="A rep’s plan is read by the two of you alone."
    )
    health = forms.ChoiceField(choices=Initiative.Health.choices, label="How it goes")
    plan = WordsField(
        rows=5, max_length=4000, required=False, label="The plan", help_text="What is done, why, by whom."
    )
    measure = WordsField(
        max_length=200, required=False, help_text="What is counted, such as “deals above $20k a month”."
    )
    unit = WordsField(max_length=20, required=False, help_text="Such as deals, %, days.")
    baseline = NumberField(label="Baseline")
    current = NumberField(label="Now")
    target = NumberField(label="Target")
    due = DayField(required=False, label="By when")

    class Meta:
        model = Initiative
        fields = (
            "title",
            "kind",
            "health",
            "plan",
            "measure",
            "unit",
            "baseline",
            "current",
            "target",
            "due",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, NumberField):
                field.locale = self.user.locale
        if not self.instance.pk:
            self.fill_in(kind=lambda: Initiative.Kind.OTHER, health=lambda: Initiative.Health.ON_TRACK)

    def clean_kind(self) -> str:
        """A rep's plan is begun by one of the two, and never shown to others afterwards."""
        kind: str = self.cleaned_data["kind"]
        if kind == Initiative.Kind.REP and not self.team.is_pair(self.user):
            raise ValidationError(
                "A rep’s plan is read by the CEO and the leader alone, so one of the two begins it."
            )
        if self.instance.pk and self.instance.is_for_the_two and kind != Initiative.Kind.REP:
            raise ValidationError(
                "A rep’s plan stays between the two of you. Finish it and begin another initiative."
            )
        return kind

    @transaction.atomic
    def write(self) -> Initiative:
        """Raises Stale when somebody saved in between."""
        told = self.told
        if told.get("kind") == Initiative.Kind.REP and not (
            self.instance.pk and self.instance.is_for_the_two
        ):
            told |= Initiative.pair_of(self.team)
        if not self.instance.pk:
            token = self.cleaned_data["token"] or self.instance.token
            by = {"created_by": self.user, "created_at": self.now, "changed_at": self.now}
            return made_once(
                Initiative(team=self.team, token=token, **by, **told), then=self._first_point, told=told
            )
        if not self.differs(told):
            return self.instance
        saved = self.instance.revise(version=self.told_version, now=self.now, **told)
        Team.objects.stir(self.team.pk)
        return saved

    def _first_point(self, initiative: Initiative) -> None:
        if initiative.current is not None:
            InitiativePoint.objects.create(initiative=initiative, at=self.now, value=initiative.current)


class WordForm(Question):
    """The CEO's word on a plan, as it was at `version`."""

    word = forms.ChoiceField(
        choices=[(Initiative.Word.AGREED, "I agree"), (Initiative.Word.NOT_YET, "Not yet")], widget=forms.RadioSelect,
        label="Your word", error_messages={"required": "Choose one of the two.", "invalid_choice": "Choose one of the two."},
    )  # fmt: skip
    why = WordsField(
        rows=3, max_length=500, required=False, label="Why", help_text="Asked for with “Not yet”."
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def was_read(self, version: int) -> bool:
        """Whether the plan still is what the CEO read. If not, the form is about the new one from now on."""
        read = self.cleaned_data["version"] in (None, version)
        self.data = dict(self.data.items()) | {"version": version}
        return read

    def clean(self) -> dict[str, Any]:
        not_yet = self.cleaned_data.get("word") == Initiative.Word.NOT_YET
        if not_yet and self.cleaned_data.get("why") == "":
            self.add_error("why", "Say what keeps you from agreeing, so that the plan can change.")
        return self.cleaned_data


class FinishForm(Question):
    outcome = WordsField(
        rows=3, max_length=500, label="What came of it?", error_messages={"required": "Say what came of it."}
    )
