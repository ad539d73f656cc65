"""The forms to move, excuse or reopen a meeting. Each asks for a reason, which stays with the meeting."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from alignment.forms.fields import DayField, WordsField
from meetings.models import Meeting
from meetings.transitions.move_and_excuse import find_obstacle


class WhyForm(forms.Form):
    """A form that asks only for the reason."""

    why = WordsField(
        max_length=300,
        label="Reason",
        error_messages={"required": "Enter a reason. It is recorded with the meeting."},
    )

    def __init__(self, data: Any = None, *, meeting: Meeting, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.meeting, self.now = meeting, now

    @property
    def rows(self) -> list[list[BoundField]]:
        return [[self["why"]]]


class MoveForm(WhyForm):
    """A day and a time in the team's time zone."""

    day = DayField(label="Date", error_messages={"required": "Choose a date."})
    time = forms.TimeField(
        label="Time",
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": "Choose a time.",
            "invalid": "Enter the time as hours and minutes, such as 09:30.",
        },
    )

    def __init__(self, data: Any = None, *, meeting: Meeting, now: datetime, **kwargs: Any) -> None:
        local = meeting.starts_at.astimezone(meeting.team.zone)
        super().__init__(
            data, meeting=meeting, now=now, initial={"day": local.date(), "time": local.time()}, **kwargs
        )
        self.fields["time"].css = "field--short"  # type: ignore[attr-defined]  # read by components/form.html
        self.fields["time"].help_text = f"In the team’s time zone, {meeting.team.timezone.replace('_', ' ')}."

    @property
    def rows(self) -> list[list[BoundField]]:
        return [[self["day"], self["time"]], [self["why"]]]

    @property
    def starts_at(self) -> datetime:
        """In UTC. A time that the clock change skips moves forward by the same amount."""
        cleaned = self.cleaned_data
        return datetime.combine(cleaned["day"], cleaned["time"], self.meeting.team.zone).astimezone(UTC)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "day" not in cleaned or "time" not in cleaned:
            return cleaned
        if obstacle := find_obstacle(self.meeting, self.starts_at, now=self.now):
            raise ValidationError(obstacle)
        return cleaned
