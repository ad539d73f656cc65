"""The settings of an existing team: one form for each part, with its defaults."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, transaction
from django.http import QueryDict

from alignment.audit import note
from alignment.forms.fields import AmountField
from alignment.forms.versioned import RowForm
from alignment.models import Company, Team, User, VersionConflict
from alignment.models.policy import CHOICES, follows_company, own_policies
from alignment.models.teams import DueRule
from alignment.rules.money import show
from alignment.rules.team_limits import (
    LONGEST_OPEN,
    LONGEST_SECTION,
    LONGEST_WAIT,
    MOST_MISSES,
    MOST_REMINDERS,
)
from meetings.forms.teams import HourField, NameField, PickField, free_name
from meetings.models.team_cadence import due_rule_of
from meetings.rules.cadence_text import spell_due
from meetings.transitions.due_times import keep_due_times_from_past


class WholeField(forms.IntegerField):
    css = "field--short"

    def __init__(self, label: str, *, most: int, least: int = 1, unit: str = "hours", **kwargs: Any) -> None:
        super().__init__(min_value=least, max_value=most, label=label, **kwargs)
        self.unit_name = unit
        wrong = f"Enter a whole number from {least} to {most}."
        self.error_messages = {"required": wrong, "invalid": wrong}
        self.validators = [MinValueValidator(least, wrong), MaxValueValidator(most, wrong)]
        self.widget.attrs.update({"inputmode": "numeric", "class": "num"})

    def describe(self, value: Any) -> str:
        return f"{value} {self.unit_name}"


class HoursField(forms.CharField):
    """Hours before something, the longest first: "72, 24, 2"."""

    css = "field--short"

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        typed = str(super().to_python(value)).replace(";", ",").replace(",", " ").split()
        if not all(
            hour.isascii() and hour.isdigit() and 1 <= int(hour[:6]) <= LONGEST_WAIT for hour in typed
        ):
            raise ValidationError(f"Enter whole hours from 1 to {LONGEST_WAIT}, such as 72, 24, 2.")
        hours = sorted({int(hour) for hour in typed}, reverse=True)
        if len(hours) > MOST_REMINDERS:
            raise ValidationError(f"Enter at most {MOST_REMINDERS} reminders.")
        return hours

    def describe(self, value: Any) -> str:
        return f"{self.prepare_value(value)} hours before"


class DueRuleField(PickField):
    css = "field--wide"

    def __init__(self, label: str) -> None:
        super().__init__(choices=DueRule.choices, label=label)

    def describe(self, value: Any) -> str:
        return str(DueRule(value).label)


class PartForm(RowForm[Team]):
    """One part of a team's settings.
    Its fields are the team's own, and their defaults are the usual values.
    """

    part_name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    about: ClassVar[str] = ""
    has_usual: ClassVar[bool] = True

    class Meta:
        model = Team
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, instance: Team, user: User) -> None:
        self.user = user
        super().__init__(data, instance=instance, part=self.part_name, auto_id=f"id_{self.part_name}_%s")
        for name in self._settings:
            field = self.fields[name]
            if isinstance(field, AmountField):
                field.write_for(user.locale, currency=instance.currency)
            if self.has_usual:
                field.help_text = (
                    f"{field.help_text} Default: {self._describe(name, self.usual[name])}.".strip()
                )

    @classmethod
    def as_usual(cls, data: QueryDict, *, instance: Team, user: User) -> Self:
        """The form as if the usual values had been submitted."""
        usual, typed = cls(instance=instance, user=user), data.copy()
        for name, value in usual.usual.items():
            typed[name] = str(usual.fields[name].prepare_value(value))
        return cls(typed, instance=instance, user=user)

    def for_row(self, row: Team) -> Self:
        return type(self)(instance=row, user=self.user)

    @property
    def notice(self) -> str:
        """What to know about the part as this team has it."""
        return ""

    @property
    def _settings(self) -> list[str]:
        return [name for name in self._meta.fields or () if name in self.fields]

    @property
    def usual(self) -> dict[str, Any]:
        fresh = Team()
        return {name: getattr(fresh, name) for name in self._meta.fields or ()}

    @property
    def is_usual(self) -> bool:
        return not self.has_usual or all(
            getattr(self.instance, name) == value for name, value in self.usual.items()
        )

    def in_words(self, values: dict[str, Any]) -> str:
        """Labels and values, for the audit."""
        return ", ".join(
            f"{self.fields[name].label}: {self._describe(name, value)}" for name, value in values.items()
        )

    def _describe(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, WholeField | HoursField | DueRuleField):
            return field.describe(value)
        if isinstance(field, AmountField):
            return show(value, currency=field.currency, locale="en-US")
        if isinstance(field, HourField):
            return f"{value:%H:%M}"
        return str(value)

    @transaction.atomic
    def write(self, *, by: User, now: datetime) -> Team:
        """Save what changed, with an entry in the audit.

        Raises VersionConflict when somebody else saved in between.
        """
        stored = (
            Team.objects.select_for_update(of=("self",)).select_related("company").get(pk=self.instance.pk)
        )
        new = {name: value for name, value in self.submitted.items() if getattr(stored, name) != value}
        if not new:
            return stored
        old = {name: getattr(stored, name) for name in new}
        try:
            with transaction.atomic(), keep_due_times_from_past(stored, now):
                saved = stored.edit(version=self.submitted_version, **new)
        except IntegrityError as broken:  # another team took the name in the meantime
            raise VersionConflict(stored) from broken
        note(
            "team.changed",
            by=by,
            now=now,
            company=stored.company,
            about=stored.name,
            old=self.in_words(old),
            new=self.in_words(new),
        )
        Team.objects.bump_revision(stored.pk)
        return saved

    def rising(self, lower: str, upper: str, sentence: str) -> None:
        low, high = self.value(lower), self.value(upper)
        if low is not None and high is not None and high < low:
            self.add_error(upper if upper in self.fields else None, sentence)


class NameForm(PartForm):
    part_name, title, has_usual = "name", "Name", False

    name = NameField("The team’s web address does not change.")

    class Meta(PartForm.Meta):
        fields = ("name",)

    def clean_name(self) -> str:
        return free_name(self.cleaned_data["name"], self.instance.company, of=self.instance.pk)


class MinutesForm(PartForm):
    part_name, title = "minutes", "Minutes per section"
    about = "In the meeting, the timer turns orange one minute before a section’s time is up."

    minutes_revenue = WholeField("Revenue vs goal", most=LONGEST_SECTION, unit="minutes")
    minutes_deals = WholeField("Big deals", most=LONGEST_SECTION, unit="minutes")
    minutes_risks = WholeField("Risks", most=LONGEST_SECTION, unit="minutes")
    minutes_initiatives = WholeField("Initiatives", most=LONGEST_SECTION, unit="minutes")
    minutes_issues = WholeField("Issues", most=LONGEST_SECTION, unit="minutes")
    layout = (
        ("minutes_revenue", "minutes_deals", "minutes_risks"),
        ("minutes_initiatives", "minutes_issues"),
    )

    class Meta(PartForm.Meta):
        fields = (
            "minutes_revenue",
            "minutes_deals",
            "minutes_risks",
            "minutes_initiatives",
            "minutes_issues",
        )


class BandsForm(PartForm):
    part_name, title = "bands", "Deal sizes"
    about = "Big deals appear on the agenda automatically."
    layout = (("mid_deal_from", "big_deal_from"),)

    mid_deal_from = AmountField(label="Mid-size from", error_messages={"required": "Enter an amount."})
    big_deal_from = AmountField(label="Big from", error_messages={"required": "Enter an amount."})

    class Meta(PartForm.Meta):
        fields = ("mid_deal_from", "big_deal_from")

    def clean(self) -> None:
        self.rising(
            "mid_deal_from", "big_deal_from", "This must not be lower than the amount for mid-size deals."
        )


class DeadlinesForm(PartForm):
    part_name, title = "deadlines", "Deadlines"
    about = (
        "“On the last working day before” skips weekends and company holidays: a Monday meeting is prepared by "
        "Friday, with at least four hours left to read it."
    )
    layout = (("due_rule",), ("due_time", "preparation_hours"))

    due_rule = DueRuleField("Preparation due")
    due_time = HourField(label="Time on the working day", help_text="In the team’s time zone.")
    preparation_hours = WholeField("Hours before the start", most=LONGEST_WAIT, help_text="If hours decide.")
    missed_after_hours = WholeField(
        "Meeting counts as missed if not started",
        most=LONGEST_WAIT,
        help_text="Hours after the planned start.",
    )
    closes_after_hours = WholeField(
        "Open meeting is closed automatically", most=LONGEST_OPEN, help_text="Hours after the planned end."
    )

    class Meta(PartForm.Meta):
        fields = ("due_rule", "due_time", "preparation_hours", "missed_after_hours", "closes_after_hours")

    @property
    def notice(self) -> str:
        rule = due_rule_of(self.instance)
        if rule.hours is None:
            return ""
        usual = spell_due(due_rule_of(Team()))
        return (
            f"New teams prepare by {usual.removeprefix('at ')} the meeting. "
            f"This team keeps {spell_due(rule)} the start. You can change it here."
        )

    def in_words(self, values: dict[str, Any]) -> str:
        """Without the setting that waits while the other one decides."""
        waits = {DueRule.WORKING_DAY: "preparation_hours", DueRule.HOURS: "due_time"}.get(
            values.get("due_rule", "")
        )
        return super().in_words({name: value for name, value in values.items() if name != waits})


class RemindersForm(PartForm):
    part_name, title = "reminders", "Preparation reminders"
    about = "Sent to the sales leader until the preparation is submitted."

    reminder_hours = HoursField(
        label="Hours before the deadline",
        max_length=100,
        error_messages={"required": "Enter at least one, such as 24."},
    )

    class Meta(PartForm.Meta):
        fields = ("reminder_hours",)


class EscalationForm(PartForm):
    part_name, title = "escalation", "Escalation"
    about = "The CEO and the sales leader are notified of every missed meeting."
    layout = (("admins_told_after", "red_after"),)

    admins_told_after = WholeField("Notify admins after", most=MOST_MISSES, unit="meetings")
    red_after = WholeField("Mark the team red after", most=MOST_MISSES, unit="meetings")

    class Meta(PartForm.Meta):
        fields = ("admins_told_after", "red_after")

    def clean(self) -> None:
        self.rising(
            "admins_told_after", "red_after", "This must not be lower than the number for notifying admins."
        )


class PolicyForm(PartForm):
    """One setting that the team says itself or takes from its company; empty follows the company."""

    has_usual = False
    follows: ClassVar[str] = ""
    policy: ClassVar[str]

    def __init__(self, data: Any = None, *, instance: Team, user: User) -> None:
        super().__init__(data, instance=instance, user=user)
        choices, field = CHOICES[self.policy], self.fields[self.policy]
        company = choices(getattr(instance.company, self.policy))
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(self.follows, f"As the company: {company.label}"), *choices.choices]
        if follows_company(instance, self.policy):
            self.initial[self.policy] = self.follows

    @property
    def submitted(self) -> dict[str, Any]:
        """The value that holds, and whether the team says it itself."""
        value = super().submitted.get(self.policy)
        if value is None:
            return {}
        own = own_policies(self.instance, self.policy, is_own=value != self.follows)
        return {self.policy: value or getattr(self.instance.company, self.policy), "own_policies": own}

    def in_words(self, values: dict[str, Any]) -> str:
        value = CHOICES[self.policy](values.get(self.policy, getattr(self.instance, self.policy))).label
        follows = self.policy not in values.get("own_policies", self.instance.own_policies)
        return f"{self.fields[self.policy].label}: {'as the company, ' if follows else ''}{value}"


class RevenueKindForm(PolicyForm):
    part_name, title, policy = "revenue", "What counts as revenue", "revenue_kind"
    about = "What the goal is made of. Revenue of another kind is kept and shown apart, never added."

    revenue_kind = forms.ChoiceField(required=False, label="Revenue")

    class Meta(PartForm.Meta):
        fields = ("revenue_kind",)


class CallPeriodForm(PolicyForm):
    part_name, title, policy = "call", "Forecast call", "call_period"
    about = "The sales leader states commit and best case for this period when preparing the meeting."

    call_period = forms.ChoiceField(required=False, label="Period")

    class Meta(PartForm.Meta):
        fields = ("call_period",)


def describe_defaults(company: Company, user: User) -> list[tuple[str, str]]:
    """The settings a new team starts with, by part."""
    forms = [form(instance=Team(company=company), user=user) for form in PARTS.values() if form.has_usual]
    return [(form.title, form.in_words(form.usual)) for form in forms]


PARTS: dict[str, type[PartForm]] = {
    form.part_name: form
    for form in (
        NameForm,
        RevenueKindForm,
        CallPeriodForm,
        MinutesForm,
        BandsForm,
        DeadlinesForm,
        RemindersForm,
        EscalationForm,
    )
}
