"""The forms of initiatives: editing one, the CEO's approval, finishing it.

Other pages autosave parts of the edit form: they POST to meetings:initiative_edit with `version`, `part` and
    progress   current, health
    plan       title, kind, plan, measure, unit, baseline, target, due
Without a part: all fields below. A field that is not sent keeps its value.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from alignment.forms.fields import AmountField, DayField, WordsField
from alignment.forms.layout import Question
from alignment.forms.versioned import ItemForm
from alignment.models import Team
from alignment.web.create_once import create_once
from meetings.models import Initiative, Measure


class NumberField(AmountField):
    """A value of a measure, possibly negative, in the reader's number format."""

    allow_negative = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def write_for(self, locale: str, *, currency: str = "") -> None:
        """A measure is in its own unit, whatever the currency of the team."""
        super().write_for(locale, currency="")

    def to_python(self, value: Any) -> Decimal | None:
        try:
            return super().to_python(value)
        except ValidationError as wrong:
            sentence = wrong.message.replace("an amount", "a number").replace("amount", "number")
            raise ValidationError(sentence) from wrong


class InitiativeForm(ItemForm[Initiative]):
    parts: ClassVar[dict[str, tuple[str, ...]]] = {
        "progress": ("current", "health"),
        "plan": ("title", "kind", "plan", "measure", "unit", "baseline", "target", "due"),
    }
    layout = (
        ("title",),
        ("kind", "health"),
        ("plan",),
        ("measure",),
        ("baseline", "current", "target"),
        ("unit", "due"),
    )

    title = WordsField(max_length=200, error_messages={"required": "Enter a title."})
    kind = forms.ChoiceField(
        choices=Initiative.Kind.choices,
        help_text="Rep development is visible only to the CEO and the sales leader.",
    )
    health = forms.ChoiceField(choices=Initiative.Health.choices, label="Status")
    plan = WordsField(
        rows=5, max_length=4000, required=False, label="Plan", help_text="What will be done, why and by whom."
    )
    measure = WordsField(
        max_length=200, required=False, help_text="What you measure, such as “deals above $20k a month”."
    )
    unit = WordsField(max_length=20, required=False, help_text="For example deals, %, days.")
    baseline = NumberField(label="Start")
    current = NumberField(label="Current value")
    target = NumberField(label="Target")
    due = DayField(required=False, label="Due")

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
        if (row := kwargs.get("instance")) is not None:
            measured = {name: getattr(row, name) for name in Initiative.MEASURED}
            kwargs["initial"] = measured | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fill_in(kind=lambda: Initiative.Kind.OTHER, health=lambda: Initiative.Health.ON_TRACK)

    def clean_kind(self) -> str:
        """A rep plan is started by the CEO or the sales leader, and never shown to others afterwards."""
        kind: str = self.cleaned_data["kind"]
        if kind == Initiative.Kind.REP and not self.team.is_principal(self.user):
            raise ValidationError(
                "Rep development is visible only to the CEO and the sales leader, so only they can add it."
            )
        if self.instance.pk and self.instance.is_for_principals and kind != Initiative.Kind.REP:
            raise ValidationError("Rep development stays private. Mark it complete and add a new initiative.")
        return kind

    @transaction.atomic
    def write(self) -> Initiative:
        """Raises VersionConflict when somebody else saved in between."""
        submitted = self.submitted
        if submitted.get("kind") == Initiative.Kind.REP and not (
            self.instance.pk and self.instance.is_for_principals
        ):
            submitted |= Initiative.pair_of(self.team)
        if not self.instance.pk:
            token = self.cleaned_data["token"] or self.instance.token
            by = {"created_by": self.user, "created_at": self.now, "changed_at": self.now}
            measured = {name: submitted.pop(name) for name in Initiative.MEASURED if name in submitted}
            current = measured.pop("current", None)
            row = Initiative(team=self.team, token=token, **by, **submitted)
            measure = Measure.of_initiative(row, **measured)
            return create_once(
                row,
                then=lambda _: measure.start(current, at=self.now),
                text_fields=(*submitted, *measured),
            )
        if not self.differs(submitted):
            return self.instance
        saved = self.instance.revise(version=self.submitted_version, now=self.now, **submitted)
        Team.objects.bump_revision(self.team.pk)
        return saved


class ApprovalForm(Question):
    """The CEO's approval of a plan, as it was at `version`."""

    unmarked = ("why",)

    approval = forms.ChoiceField(
        choices=[(Initiative.Approval.AGREED, "Approve"), (Initiative.Approval.NOT_YET, "Request changes")],
        widget=forms.RadioSelect,
        label="Your decision",
        error_messages={"required": "Choose one option.", "invalid_choice": "Choose one option."},
    )
    why = WordsField(
        rows=3,
        max_length=500,
        required=False,
        label="What has to change",
        help_text="Required when you request changes.",
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def was_read(self, version: int) -> bool:
        """Whether the plan is still the one the CEO read.
        If not, the form is about the new version from now on.
        """
        read = self.cleaned_data["version"] in (None, version)
        self.data = dict(self.data.items()) | {"version": version}
        return read

    def clean(self) -> dict[str, Any]:
        not_yet = self.cleaned_data.get("approval") == Initiative.Approval.NOT_YET
        if not_yet and self.cleaned_data.get("why") == "":
            self.add_error("why", "Enter what has to change before you approve the plan.")
        return self.cleaned_data


class FinishForm(Question):
    outcome = WordsField(
        rows=3,
        max_length=500,
        label="What was the outcome?",
        error_messages={"required": "Enter the outcome."},
    )
