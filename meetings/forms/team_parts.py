"""What can be changed of a team that is there: each part a form of its own, with what is usual."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from babel.numbers import get_currency_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict

from alignment.forms.fields import AmountField
from alignment.forms.layout import Question
from alignment.models import Company, Team, User
from meetings.forms.teams import NameField, free_name


class WholeField(forms.IntegerField):
    css = "field--short"

    def __init__(self, label: str, *, most: int, least: int = 1, unit: str = "hours", **kwargs: Any) -> None:
        super().__init__(min_value=least, max_value=most, label=label, **kwargs)
        self.unit_name = unit
        wrong = f"Write a whole number from {least} to {most}."
        self.error_messages = {"required": wrong, "invalid": wrong}
        self.validators = [MinValueValidator(least, wrong), MaxValueValidator(most, wrong)]
        self.widget.attrs.update({"inputmode": "numeric", "class": "num"})

    def said(self, value: Any) -> str:
        return f"{value} {self.unit_name}"


class HoursField(forms.CharField):
    """Hours before something, the longest first: "72, 24, 2"."""

    css = "field--short"
    MOST, LONGEST = 6, 336

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        typed = str(super().clean(value)).replace(";", ",").replace(",", " ").split()
        if not all(
            each.isascii() and each.isdigit() and 1 <= int(each[:6]) <= self.LONGEST for each in typed
        ):
            raise ValidationError(f"Write whole hours from 1 to {self.LONGEST}, such as 72, 24, 2.")
        hours = sorted({int(each) for each in typed}, reverse=True)
        if len(hours) > self.MOST:
            raise ValidationError(f"At most {self.MOST} reminders go out for one preparation.")
        return hours

    def said(self, value: Any) -> str:
        return f"{self.prepare_value(value)} hours before"


class PartForm(Question):
    """One part of a team's setup; its fields are the team's own, and their defaults what is usual.

    `basis` says the values as they were shown, so that what somebody else changed meanwhile is not written over.
    """

    part: ClassVar[str] = ""
    title: ClassVar[str] = ""
    about: ClassVar[str] = ""
    has_usual: ClassVar[bool] = True

    basis = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, team: Team, user: User) -> None:
        self.team, self.is_late = team, False
        stored = {name: getattr(team, name) for name in self.names}
        super().__init__(data, initial=stored | {"basis": _as_text(stored)}, auto_id=f"id_{self.part}_%s")
        for name in self.names:
            field = self.fields[name]
            if isinstance(field, AmountField):
                field.locale = user.locale
                field.unit = get_currency_symbol(team.currency, locale=user.locale.replace("-", "_"))
            if self.has_usual:
                field.help_text = f"{field.help_text} Usually {self._said(name, self.usual[name])}.".strip()

    @property
    def names(self) -> list[str]:
        return [name for name in self.base_fields if name != "basis"]

    @property
    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}

    def was(self, name: str) -> str | None:
        """The value as the page showed it; None when what was sent does not say."""
        try:
            told = json.loads(self.data.get("basis") or "{}")
        except (ValueError, RecursionError):
            return None
        return str(told[name]) if isinstance(told, dict) and name in told else None

    def say_what_changed(self, stored: dict[str, Any]) -> None:
        """Beside what was typed, what somebody else wrote meanwhile; sent once more, what was typed is meant."""
        for name, value in stored.items():
            now = self._said(name, value)
            self.add_error(name, f"Somebody changed this meanwhile: it is {now}. Save again to have yours.")
        shown, data = {name: self.was(name) for name in self.names}, QueryDict(mutable=True)
        data.update(self.data)
        data["basis"] = json.dumps(shown | {name: str(value) for name, value in stored.items()})
        self.data, self.is_late = data, True

    @property
    def usual(self) -> dict[str, Any]:
        fresh = Team()
        return {name: getattr(fresh, name) for name in self.names}

    @property
    def is_usual(self) -> bool:
        return not self.has_usual or all(
            getattr(self.team, name) == value for name, value in self.usual.items()
        )

    def in_words(self, values: dict[str, Any]) -> str:
        """For the audit."""
        return ", ".join(
            f"{self.fields[name].label}: {self._said(name, value)}" for name, value in values.items()
        )

    def _said(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, WholeField | HoursField):
            return field.said(value)
        return f"{field.unit}{value:,.0f}" if isinstance(field, AmountField) else str(value)

    def rising(self, lower: str, upper: str, sentence: str) -> None:
        low, high = self.cleaned_data.get(lower), self.cleaned_data.get(upper)
        if low is not None and high is not None and high < low:
            self.add_error(upper, sentence)


def _as_text(values: dict[str, Any]) -> str:
    return json.dumps({name: str(value) for name, value in values.items()})


class NameForm(PartForm):
    part, title, has_usual = "name", "Name", False

    name = NameField("Its address stays as it is.")

    def clean_name(self) -> str:
        return free_name(self.cleaned_data["name"], self.team.company, of=self.team.pk)


class MinutesForm(PartForm):
    part, title = "minutes", "Minutes of each section"
    about = "The clock of the meeting turns orange a minute before a section’s time is over."

    minutes_revenue = WholeField("Revenue vs goal", most=120, unit="minutes")
    minutes_deals = WholeField("Big deals", most=120, unit="minutes")
    minutes_risks = WholeField("Risks", most=120, unit="minutes")
    minutes_initiatives = WholeField("Initiatives", most=120, unit="minutes")
    minutes_issues = WholeField("Issues", most=120, unit="minutes")
    layout = (
        ("minutes_revenue", "minutes_deals", "minutes_risks"),
        ("minutes_initiatives", "minutes_issues"),
    )


class BandsForm(PartForm):
    part, title = "bands", "Sizes of deals"
    about = "Big deals stand on the agenda by themselves."
    layout = (("mid_deal_from", "big_deal_from"),)

    mid_deal_from = AmountField(
        label="Middle-sized from", error_messages={"required": "Say from which amount."}
    )
    big_deal_from = AmountField(label="Big from", error_messages={"required": "Say from which amount."})

    def clean(self) -> None:
        self.rising("mid_deal_from", "big_deal_from", "A big deal is not smaller than a middle-sized one.")


class ClockForm(PartForm):
    part, title = "clock", "What the clock waits for"

    preparation_hours = WholeField(
        "The preparation is due before the meeting", most=336, help_text="So many hours before the start."
    )
    missed_after_hours = WholeField(
        "A meeting nobody started counts as missed", most=336, help_text="So many hours after its time."
    )
    closes_after_hours = WholeField(
        "A meeting left open closes itself", most=168, help_text="So many hours after its planned end."
    )


class RemindersForm(PartForm):
    part, title = "reminders", "Reminders of the preparation"
    about = "To the leader’s side, until the preparation is handed in."

    reminder_hours = HoursField(
        label="Hours before the preparation is due", max_length=100,
        error_messages={"required": "Write at least one, such as 24."},
    )  # fmt: skip


class EscalationForm(PartForm):
    part, title = "escalation", "When meetings are missed in a row"
    about = "After the first one both are told."
    layout = (("admins_told_after", "red_after"),)

    admins_told_after = WholeField("The company’s admins are told after", most=26, unit="meetings")
    red_after = WholeField("The team is red on every screen after", most=26, unit="meetings")

    def clean(self) -> None:
        self.rising("admins_told_after", "red_after", "This cannot come before the admins are told.")


def usual_in_words(company: Company, user: User) -> list[tuple[str, str]]:
    """With what a new team begins, part by part."""
    forms = [form(team=Team(company=company), user=user) for form in PARTS.values() if form.has_usual]
    return [(form.title, form.in_words(form.usual)) for form in forms]


PARTS: dict[str, type[PartForm]] = {
    form.part: form for form in (NameForm, MinutesForm, BandsForm, ClockForm, RemindersForm, EscalationForm)
}
