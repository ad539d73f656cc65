"""Changing a team's cadence: from which day on, and what happens to meetings that people have changed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms

from alignment.forms.fields import WordsField
from alignment.forms.versioned import LARGEST_VERSION
from alignment.models import Team
from meetings.forms.teams import CadenceForm
from meetings.models import Meeting
from meetings.rules.cadence import Cadence

STAY, GO = "stay", "go"
FROM_TOMORROW = "Tomorrow or later. Meetings planned before this date do not change."


class CadenceChangeForm(CadenceForm):
    """Starts with the current cadence.
    The proposed day is the Monday after the next meeting, so that every week has one.
    """

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (("starts_on",), *CadenceForm.layout[:2], ("why",))

    version = forms.IntegerField(
        min_value=1, max_value=LARGEST_VERSION, required=False, widget=forms.HiddenInput
    )
    why = WordsField(
        label="Reason",
        max_length=300,
        required=False,
        help_text="Recorded in the audit log, which admins can read.",
    )

    def __init__(self, data: Any = None, *, team: Team, now: datetime) -> None:
        super().__init__(data, company=team.company, now=now)
        self.team = team
        self.initial.update(_as_it_is(team, now))
        self.fields["starts_on"].help_text = FROM_TOMORROW

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("starts_on") == self.team.today(self.now):
            self.add_error("starts_on", "Choose tomorrow or later. Meetings planned for today do not change.")

    @property
    def cadence(self) -> Cadence:
        return replace(super().cadence, ends_on=self.team.ends_on, minutes=self.team.minutes)

    @property
    def mark(self) -> str:
        """A hash of the cadence that was previewed: only that one can be applied."""
        return hashlib.sha256(repr(self.cadence).encode()).hexdigest()[:16]

    def meetings_to(self, choice: str) -> set[int]:
        """The meetings for which the page says `choice`: STAY or GO."""
        named = (name.removeprefix("meeting-") for name, value in self.data.items() if value == choice)
        return {int(pk) for pk in named if pk.isascii() and pk.isdecimal() and len(pk) < 19}


def _as_it_is(team: Team, now: datetime) -> dict[str, Any]:
    coming = Meeting.objects.ahead().filter(team=team, starts_at__gt=now).first()
    day = coming.starts_at.astimezone(team.zone).date() if coming else team.today(now)
    return {
        "starts_on": day + timedelta(days=7 - day.weekday()),
        "rhythm": team.rhythm,
        "nth": team.nth,
        "weekday": team.weekday,
        "local_time": team.local_time,
        "timezone": team.timezone,
    }
