"""A new cadence of a team, from which day on, and what to do with the meetings that somebody has touched."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from alignment.forms.fields import WordsField
from alignment.models import Team
from meetings.cadence import Cadence
from meetings.forms.teams import CadenceForm
from meetings.models import Meeting

STAY, GO = "stay", "go"
FROM_TOMORROW = "From tomorrow on. What is planned before that day stays as it is."


class CadenceChangeForm(CadenceForm):
    """Begins with the cadence as it is; the day proposed is the Monday after the next meeting, so that each week has one."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (("starts_on",), *CadenceForm.layout[:2], ("why",))

    why = WordsField(
        label="Why?", max_length=300, required=False, help_text="Stays with the change, where admins read it."
    )

    def __init__(self, data: Any = None, *, team: Team, now: datetime) -> None:
        super().__init__(data, company=team.company, now=now)
        self.team = team
        self.initial.update(_as_it_is(team, now))
        self.fields["starts_on"].help_text = FROM_TOMORROW

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("starts_on") == self.team.today(self.now):
            self.add_error(
                "starts_on", "Choose a day from tomorrow on: what is planned for today stays as it is."
            )

    @property
    def cadence(self) -> Cadence:
        return replace(super().cadence, ends_on=self.team.ends_on, minutes=self.team.minutes)

    @property
    def mark(self) -> str:
        """Of what was asked: only what was looked at can be done."""
        return hashlib.sha256(repr(self.cadence).encode()).hexdigest()[:16]

    def answers(self, wanted: str) -> set[int]:
        """The meetings for which the page says `wanted`: STAY or GO."""
        named = (name.removeprefix("meeting-") for name, value in self.data.items() if value == wanted)
        return {int(pk) for pk in named if pk.isascii() and pk.isdecimal() and len(pk) < 19}


def _as_it_is(team: Team, now: datetime) -> dict[str, Any]:
    coming = Meeting.objects.ahead().filter(team=team, starts_at__gt=now).first()
    day = coming.starts_at.astimezone(team.zone).date() if coming else team.today(now)
    return {
        "starts_on": day + timedelta(days=7 - day.weekday()), "rhythm": team.rhythm, "nth": team.nth, "weekday": team.weekday,
        "local_time": team.local_time, "timezone": team.timezone,
    }  # fmt: skip
