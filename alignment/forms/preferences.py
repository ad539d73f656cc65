"""A person's notification preferences."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from alignment.forms.layout import Question
from alignment.models import Group, Preference, User
from alignment.models.teams import Weekday
from alignment.outbox import webhooks


class Ticks(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": "Choose from the list."}


class DaysField(Ticks):
    css = "choices--row"


class HourField(forms.TimeField):
    css = "field--short"
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {"invalid": "Enter the time as 22:00."}


class PreferenceForm(Question):
    layout: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("by_mail",),
        ("one_by_one",),
        ("quiet_from", "quiet_until"),
        ("days",),
        ("chat_url",),
        ("by_chat",),
        ("worth_asking",),
    )

    unmarked = ("quiet_from", "quiet_until", "chat_url")

    by_mail = Ticks(
        label="By email",
        choices=Group.optional,
        required=False,
        help_text="Missed meetings, escalations and security messages are always sent by email.",
    )
    one_by_one = forms.BooleanField(label="Don’t bundle emails", required=False)
    quiet_from = HourField(label="Quiet hours from", required=False)
    quiet_until = HourField(label="Quiet hours until", required=False)
    days = DaysField(
        label="Days for messages",
        choices=Weekday.choices,
        help_text="Messages due on other days or in quiet hours wait, except for "
        "meetings about to start and escalations.",
    )
    chat_url = forms.CharField(
        label="Slack or Teams webhook",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
        help_text="Sends a title and a link only, never what was said in a meeting.",
    )
    by_chat = Ticks(label="In chat", choices=Group.choices, required=False)
    worth_asking = forms.BooleanField(
        label="Propose questions worth asking",
        required=False,
        help_text="On Today, for CEOs: at most three, chosen from what the deals, risks and plans show.",
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        self.row = Preference.of(user)
        row = self.row
        super().__init__(
            data,
            initial={
                "by_mail": [value for value, _ in Group.optional() if value not in row.no_mail],
                "by_chat": [value for value, _ in Group.choices if value not in row.no_chat],
                "one_by_one": row.one_by_one,
                "quiet_from": row.quiet_from,
                "quiet_until": row.quiet_until,
                "days": row.days,
                "chat_url": row.chat_url,
                "worth_asking": user.worth_asking,
            },
        )

    def clean_days(self) -> list[int]:
        return sorted(int(day) for day in self.cleaned_data["days"])

    def clean_chat_url(self) -> str:
        address: str = self.cleaned_data["chat_url"]
        try:
            return webhooks.validate_address(address) if address else ""
        except webhooks.WebhookRejected as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> None:
        values = self.cleaned_data
        hours = [name for name in ("quiet_from", "quiet_until") if values.get(name) is not None]
        if len(hours) == 1 and not self.errors:
            missing = "quiet_until" if hours == ["quiet_from"] else "quiet_from"
            self.add_error(missing, "Enter both the start and the end of quiet hours.")

    @transaction.atomic
    def write(self) -> None:
        values = self.cleaned_data
        self.row.user.propose_questions(on=values["worth_asking"])
        Preference.objects.update_or_create(
            user=self.row.user,
            defaults={
                "no_mail": [value for value, _ in Group.optional() if value not in values["by_mail"]],
                "no_chat": [value for value, _ in Group.choices if value not in values["by_chat"]],
                "one_by_one": values["one_by_one"],
                "quiet_from": values["quiet_from"],
                "quiet_until": values["quiet_until"],
                "days": values["days"],
                "chat_url": values["chat_url"],
            },
        )
