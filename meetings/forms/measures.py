"""Forms of leading measures: agreeing on one, and the value of a week."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from alignment.forms.fields import WordsField
from alignment.forms.layout import Question
from alignment.forms.versioned import ItemForm
from alignment.models import Team
from alignment.web.create_once import create_once
from deals.models import Rep
from meetings.forms.initiatives import NumberField
from meetings.measures.queries import stages_of
from meetings.models import Measure
from meetings.rules.measures import DIRECTIONS, MOST_LEADING

STAGE = "stage:"
BELOW_ZERO = "A number without a unit is a count, and no count is below zero. Enter 0 or more."
FULL = (
    f"A team agrees on at most {MOST_LEADING} leading measures, so that each of them is looked at. "
    "End one before you add another."
)


class RepField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when run
    """One of the team's reps, with whether they can be asked by mail."""

    def __init__(self) -> None:
        super().__init__(
            Rep.objects.none(),
            required=False,
            label="Who is asked",
            empty_label="Nobody, it is entered here",
            help_text="For a number somebody else knows: they get a personal link by email each Monday.",
            error_messages={"invalid_choice": "Choose one of the team’s reps."},
        )

    def label_from_instance(self, rep: Rep) -> str:
        return rep.name if rep.email else f"{rep.name} (no email address)"


class MeasureForm(ItemForm[Measure]):
    """What is counted is chosen once: to count something else, a measure is ended and another one added."""

    layout = (("counted",), ("name",), ("direction", "target"), ("unit", "rep"))
    unmarked = ("name", "target")

    counted = forms.ChoiceField(
        label="What is counted",
        help_text="New deals and stages are counted by themselves each week; anything else is typed in.",
        error_messages={
            "required": "Choose what is counted.",
            "invalid_choice": "Choose one of the list.",
        },
    )
    name = WordsField(
        max_length=80,
        required=False,
        label="Name",
        help_text="Such as “First meetings”. Needed for a number that is typed in.",
    )
    direction = forms.ChoiceField(choices=DIRECTIONS, label="Good is")
    target = NumberField(label="Target a week")
    unit = WordsField(max_length=20, required=False, help_text="For example hours, %.")
    rep = RepField()

    class Meta:
        model = Measure
        fields = ("name", "direction", "target", "unit", "rep")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counted, rep = self.fields.get("counted"), self.fields.get("rep")
        if self.instance.pk:
            self.fields.pop("counted", None)
            if not self.instance.is_typed:
                self.fields.pop("rep", None)
        elif isinstance(counted, forms.ChoiceField):
            counted.choices = self._choices()
        if isinstance(rep, RepField):
            current = Rep.objects.filter(pk=self.instance.rep_id) if self.instance.rep_id else None
            on_team = Rep.objects.on_team(self.team)
            rep.queryset = on_team | current if current is not None else on_team

    def _choices(self) -> list[tuple[str, Any]]:
        stages = [(f"{STAGE}{stage}", f"Deals that entered “{stage}”") for stage in stages_of(self.team)]
        new_deals = (Measure.Source.NEW_DEALS.value, "New deals, by the day they were opened")
        typed = (Measure.Source.TYPED.value, "A number that is typed in each week")
        return [("Counted from the deals", [new_deals, *stages]), ("Typed in", [typed])]

    def clean_target(self) -> Decimal:
        target: Decimal | None = self.cleaned_data["target"]
        if target is None:
            raise ValidationError("Enter the target for a week.")
        return target

    def clean_unit(self) -> str:
        unit: str = self.cleaned_data["unit"]
        if not unit and (self.cleaned_data.get("target") or 0) < 0:
            self.add_error("target", BELOW_ZERO)
        return unit

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        source = self._source(cleaned)
        if source != Measure.Source.TYPED and cleaned.get("rep"):
            self.add_error("rep", "Nobody needs to be asked for what is counted from the deals.")
        if "name" in self.fields and not cleaned.get("name") and source:
            if source == Measure.Source.TYPED:
                self.add_error("name", "Enter what is measured.")
            else:
                cleaned["name"] = self._usual_name(cleaned)
        return cleaned

    def _source(self, cleaned: dict[str, Any]) -> str:
        if self.instance.pk:
            return self.instance.source
        counted: str = cleaned.get("counted", "")
        return Measure.Source.STAGE.value if counted.startswith(STAGE) else counted

    def _usual_name(self, cleaned: dict[str, Any]) -> str:
        stage = self.instance.stage if self.instance.pk else cleaned["counted"].removeprefix(STAGE)
        is_stage = self._source(cleaned) == Measure.Source.STAGE
        return stage if is_stage else str(Measure.Source.NEW_DEALS.label)

    def write(self) -> Measure:
        """Raises VersionConflict when somebody else saved in between, ValidationError for a sixth."""
        if self.instance.pk:
            submitted = self.submitted
            if not self.differs(submitted):
                return self.instance
            saved = self.instance.edit(version=self.submitted_version, **submitted)
            Team.objects.bump_revision(self.team.pk)
            return saved
        return self._create()

    @transaction.atomic
    def _create(self) -> Measure:
        """One at a time for a team, so that two find no place twice."""
        Team.objects.select_for_update().get(pk=self.team.pk)
        cleaned = self.cleaned_data
        token = cleaned["token"] or self.instance.token
        twin = Measure.objects.filter(token=token, team=self.team, created_by=self.user).first()
        if twin is not None:
            return twin
        position = Measure.free_position(self.team)
        if position is None:
            raise ValidationError(FULL)
        source = self._source(cleaned)
        row = Measure(
            team=self.team,
            token=token,
            source=source,
            stage=cleaned["counted"].removeprefix(STAGE) if source == Measure.Source.STAGE else "",
            position=position,
            created_by=self.user,
            created_at=self.now,
            **{name: cleaned[name] for name in ("name", "direction", "target", "unit", "rep")},
        )
        return create_once(row)


class ValueForm(Question):
    """The value of one week. `before` is what was there when the form was made; blank takes a value away."""

    unmarked = ("value",)

    value = NumberField(label="Value")
    before = NumberField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, locale: str, current: Decimal | None, unit: str = "") -> None:
        super().__init__(data)
        for field in self.fields.values():
            if isinstance(field, NumberField):
                field.write_for(locale)
        self.is_count = not unit
        self.fields["value"].label = f"Value, {unit}" if unit else "Value"
        self.initial.update(value=current, before=current)

    def clean_value(self) -> Decimal | None:
        value: Decimal | None = self.cleaned_data["value"]
        if self.is_count and value is not None and value < 0:
            raise ValidationError(BELOW_ZERO)
        return value

    def start_from(self, current: Decimal | None) -> None:
        """From now on the form is about the value that is there now; what was typed stays."""
        self.data = dict(self.data.items()) | {"before": "" if current is None else f"{current:f}"}


class AnswerForm(ValueForm):
    """What somebody without an account is asked for: a number, for they were asked for one."""

    def clean_value(self) -> Decimal:
        value = super().clean_value()
        if value is None:
            raise ValidationError("Enter a number. Enter 0 if there was none.")
        return value
