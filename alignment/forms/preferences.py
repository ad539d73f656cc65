"""How a person wants to be told."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from alignment import chat
from alignment.forms.layout import Question
from alignment.models import Group, Preference, User
from alignment.models.teams import Weekday


class Ticks(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": "Choose among what is listed."}


class DaysField(Ticks):
    css = "choices--row"


class HourField(forms.TimeField):
    css = "field--short"
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {"invalid": "Write the hour as 22:00."}


class PreferenceForm(Question):
    layout: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("by_mail",), ("one_by_one",), ("quiet_from", "quiet_until"), ("days",), ("chat_url",), ("by_chat",),
    )  # fmt: skip

    by_mail = Ticks(
        label="By mail",
        choices=Group.optional,
        required=False,
        help_text="A missed meeting, an escalation and what concerns your account always come by mail.",
    )
    one_by_one = forms.BooleanField(label="One mail for each, also when several come at once", required=False)
    quiet_from = HourField(label="Quiet from", required=False)
    quiet_until = HourField(label="Quiet until", required=False)
    days = DaysField(
        label="Days on which messages come",
        choices=Weekday.choices,
        help_text="What is due on another day or in quiet hours waits, except a meeting about to start and escalations.",
    )
    chat_url = forms.CharField(
        label="Incoming webhook of a chat",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
        help_text="Of Slack or Teams. What comes there is a heading and a link, never words of a meeting.",
    )
    by_chat = Ticks(label="In the chat", choices=Group.choices, required=False)

    def __init__(self, data: Any = None, *, user: User) -> None:
        self.row = Preference.of(user)
        row = self.row
        super().__init__(
            data,
            initial={
                "by_mail": [value for value, _ in Group.optional() if value not in row.no_mail],
                "by_chat": [value for value, _ in Group.choices if value not in row.no_chat],
                "one_by_one": row.one_by_one, "quiet_from": row.quiet_from, "quiet_until": row.quiet_until,
                "days": row.days, "chat_url": row.chat_url,
            },
        )  # fmt: skip

    def clean_days(self) -> list[int]:
        return sorted(int(day) for day in self.cleaned_data["days"])

    def clean_chat_url(self) -> str:
        address: str = self.cleaned_data["chat_url"]
        try:
            return chat.checked(address) if address else ""
        except chat.Refused as why:
            raise ValidationError(str(why)) from why

    def clean(self) -> None:
        told = self.cleaned_data
        hours = [name for name in ("quiet_from", "quiet_until") if told.get(name) is not None]
        if len(hours) == 1 and not self.errors:
            missing = "quiet_until" if hours == ["quiet_from"] else "quiet_from"
            self.add_error(missing, "Say both: from when and until when it is quiet.")

    def write(self) -> None:
        told = self.cleaned_data
        Preference.objects.update_or_create(
            user=self.row.user,
            defaults={
                "no_mail": [value for value, _ in Group.optional() if value not in told["by_mail"]],
                "no_chat": [value for value, _ in Group.choices if value not in told["by_chat"]],
                "one_by_one": told["one_by_one"], "quiet_from": told["quiet_from"],
                "quiet_until": told["quiet_until"], "days": told["days"], "chat_url": told["chat_url"],
            },
        )  # fmt: skip
