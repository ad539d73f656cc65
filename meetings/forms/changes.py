"""A meeting at another time, not at all, or open again: each says why, and the why stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from alignment.forms.fields import DayField, WordsField
from meetings.models import Meeting


class WhyForm(forms.Form):
    """The reason alone."""

    why = WordsField(
        max_length=300, label="Why?", error_messages={"required": "Say why in a few words; it stays with the meeting."}
    )  # fmt: skip

    def __init__(self, data: Any = None, *, meeting: Meeting, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.meeting, self.now = meeting, now

    @property
    def rows(self) -> list[list[BoundField]]:
        return [[self["why"]]]


class MoveForm(WhyForm):
    """A day and a time in the team's zone."""

    day = DayField(label="Day", error_messages={"required": "Choose the day."})
    time = forms.TimeField(
        label="Time", input_formats=["%H:%M", "%H:%M:%S"], widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Choose the time.", "invalid": "Write the time as hours and minutes, such as 09:30."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, meeting: Meeting, now: datetime, **kwargs: Any) -> None:
        local = meeting.starts_at.astimezone(meeting.team.zone)
        super().__init__(
            data, meeting=meeting, now=now, initial={"day": local.date(), "time": local.time()}, **kwargs
        )
        self.fields["time"].css = "field--short"  # type: ignore[attr-defined]  # read by components/form.html
        self.fields["time"].help_text = f"In the team’s zone, {meeting.team.timezone.replace('_', ' ')}."

    @property
    def rows(self) -> list[list[BoundField]]:
        return [[self["day"], self["time"]], [self["why"]]]

    @property
    def starts_at(self) -> datetime:
        """In UTC. An hour the clocks skip is later by what they skip."""
        told = self.cleaned_data
        return datetime.combine(told["day"], told["time"], self.meeting.team.zone).astimezone(UTC)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if "day" not in told or "time" not in told:
            return told
        if self.starts_at <= self.now:
            raise ValidationError("That time has passed. Choose one that is still to come.")
        others = Meeting.objects.ahead().filter(team=self.meeting.team_id).exclude(pk=self.meeting.pk)
        between = others.filter(planned_start__gt=self.meeting.planned_start, starts_at__lte=self.starts_at)
        if between.exists():
            raise ValidationError(
                "By then the meeting after this one has begun. Choose an earlier time, or excuse this one."
            )
        return told
