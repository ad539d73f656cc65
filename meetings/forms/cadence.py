"""A new cadence of a team, from which day on, and what to do with the meetings that somebody has touched."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import DayField, WordsField
from alignment.forms.layout import Laid
from alignment.forms.places import ZoneField, zone_names
from alignment.models import Team
from alignment.models.teams import Nth, Rhythm, Weekday
from meetings.cadence import Cadence, Kind
from meetings.models import Meeting

LONGEST_AHEAD = timedelta(days=366)
STAY, GO = "stay", "go"


class CadenceForm(Laid, forms.Form):
    """Begins with the cadence as it is; the day proposed is the one after the next meeting."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("since",),
        ("rhythm", "nth"),
        ("weekday", "time"),
        ("zone",),
        ("why",),
    )

    since = DayField(label="From which day on", error_messages={"required": "Choose the day."})
    rhythm = forms.ChoiceField(label="How often", choices=Rhythm.choices)
    nth = forms.TypedChoiceField(
        label="Which of the month", choices=Nth.choices, coerce=int, required=False, empty_value=1,
        help_text="For once a month alone.",
    )  # fmt: skip
    weekday = forms.TypedChoiceField(label="Weekday", choices=Weekday.choices, coerce=int)
    time = forms.TimeField(
        label="Time", input_formats=["%H:%M", "%H:%M:%S"], widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Choose the time.", "invalid": "Write the time as hours and minutes, such as 09:30."},
    )  # fmt: skip
    zone = ZoneField(label="Time zone of the team")
    why = WordsField(
        label="Why", max_length=300, required=False, help_text="Stays with the change, where admins read it."
    )

    def __init__(self, data: Any = None, *, team: Team, now: datetime) -> None:
        self.team, self.now = team, now
        super().__init__(data, initial=_as_it_is(team, now))
        self.fields["time"].css = "field--short"  # type: ignore[attr-defined]  # read by components/form.html

    @property
    def zones(self) -> tuple[str, ...]:
        return zone_names()

    def clean_since(self) -> Any:
        since, today = self.cleaned_data["since"], self.team.today(self.now)
        if since <= today:
            raise ValidationError("Choose a day from tomorrow on: what is planned for today stays as it is.")
        if since > today + LONGEST_AHEAD:
            raise ValidationError("Choose a day within a year from now.")
        return since

    @property
    def cadence(self) -> Cadence:
        told = self.cleaned_data
        return Cadence(
            kind=Kind(told["rhythm"]), weekday=told["weekday"], time=told["time"], zone=ZoneInfo(told["zone"]),
            starts_on=told["since"], ends_on=self.team.ends_on, minutes=self.team.minutes, nth=told["nth"] or 1,
        )  # fmt: skip

    @property
    def mark(self) -> str:
        """Of what was asked: only what was looked at can be done."""
        told = "|".join(
            str(self.cleaned_data[name]) for name in ("since", "rhythm", "nth", "weekday", "time", "zone")
        )
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def answers(self, wanted: str) -> set[int]:
        """The meetings for which the page says `wanted`: STAY or GO."""
        named = (name.removeprefix("meeting-") for name, value in self.data.items() if value == wanted)
        return {int(pk) for pk in named if pk.isascii() and pk.isdecimal() and len(pk) < 19}


def _as_it_is(team: Team, now: datetime) -> dict[str, Any]:
    coming = Meeting.objects.ahead().filter(team=team, starts_at__gt=now).first()
    day = coming.starts_at.astimezone(team.zone).date() if coming else team.today(now)
    return {
        "since": day + timedelta(days=1), "rhythm": team.rhythm, "nth": team.nth, "weekday": team.weekday,
        "time": team.local_time, "zone": team.timezone,
    }  # fmt: skip
