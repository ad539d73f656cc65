"""A new team, its end, and its being taken up again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import DayField, PersonField, WordsField
from alignment.forms.layout import Question
from alignment.forms.places import ZoneField, zone_names
from alignment.models import Company, Team
from alignment.models.teams import Nth, Rhythm, Weekday
from alignment.people import present
from meetings.cadence import Cadence, Kind

HALF_HOUR = 30
TAKEN = "A team of this company has that name already. Choose another."
Layout = tuple[tuple[str, ...], ...]
LATEST_START = timedelta(days=366)


def free_name(name: str, company: Company, *, of: int = 0) -> str:
    """Raises ValidationError when another team of the company is called so."""
    if company.teams.filter(name__iexact=name).exclude(pk=of).exists():
        raise ValidationError(TAKEN)
    return name


class NameField(WordsField):
    def __init__(self, help_text: str) -> None:
        super().__init__(
            max_length=120, label="Name of the team", help_text=help_text,
            error_messages={"required": "Give the team a name."},
        )  # fmt: skip


class HourField(forms.TimeField):
    css = "field--short"
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {
        "invalid": "Write the time as hours and minutes, such as 09:00.",
        "required": "Say at what time.",
    }


class PickField(forms.TypedChoiceField):
    css = "field--short"
    default_error_messages = {"invalid_choice": "Choose one of those listed."}


class NthField(PickField):
    """Of a month; a style hides it while another rhythm is chosen."""

    css = "field--short field--nth"


class CadenceForm(Question):
    """When the meeting stands. Also what the preview of its dates is made from."""

    layout: ClassVar[Layout] = (("rhythm", "nth", "weekday"), ("local_time", "timezone"), ("starts_on",))

    rhythm = PickField(choices=Rhythm.choices, label="How often?", initial=Rhythm.WEEKLY)
    nth = NthField(
        choices=Nth.choices, label="Which of the month?", coerce=int, required=False, initial=Nth.FIRST,
    )  # fmt: skip
    weekday = PickField(choices=Weekday.choices, label="On which day?", coerce=int, initial=Weekday.MONDAY)
    local_time = HourField(label="At what time?", initial=time(9))
    timezone = ZoneField(
        label="Time zone", help_text="The meeting keeps this wall time, also when clocks change.",
        error_messages={"required": "Say in which time zone the team meets."},
    )  # fmt: skip
    starts_on = DayField(
        label="From which day on?", help_text="The first meeting is the first such day from then on.",
        error_messages={"required": "Say from which day on the team meets."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, company: Company, now: datetime, **kwargs: Any) -> None:
        self.company, self.now = company, now
        today = now.astimezone(ZoneInfo(company.timezone)).date()
        super().__init__(data, initial={"timezone": company.timezone, "starts_on": today}, **kwargs)

    @property
    def datalists(self) -> dict[str, tuple[str, ...]]:
        return {"zones": zone_names()}

    def clean(self) -> None:
        self.cleaned_data["nth"] = self.cleaned_data.get("nth") or Nth.FIRST
        zone, day = self.cleaned_data.get("timezone"), self.cleaned_data.get("starts_on")
        if zone and day:
            today = self.now.astimezone(ZoneInfo(zone)).date()
            if day < today:
                self.add_error("starts_on", "That day has passed. Choose today or a later day.")
            elif day - today > LATEST_START:
                self.add_error("starts_on", "That is more than a year ahead. Choose an earlier day.")

    @property
    def cadence(self) -> Cadence:
        """Of a valid form."""
        told = self.cleaned_data
        return Cadence(
            kind=Kind(told["rhythm"]), weekday=told["weekday"], nth=told["nth"], time=told["local_time"],
            zone=ZoneInfo(told["timezone"]), starts_on=told["starts_on"], ends_on=None, minutes=HALF_HOUR,
        )  # fmt: skip


class NewTeamForm(CadenceForm):
    layout: ClassVar[Layout] = (("name",), ("ceo", "leader"), *CadenceForm.layout)

    name = NameField("Such as North, or Enterprise sales.")
    ceo = PersonField(label="CEO", nobody="", error_messages={"required": "Choose who is the CEO."})
    leader = PersonField(label="Sales leader", required=False, nobody="Nobody yet")
    field_order = ("name", "ceo", "leader")

    def __init__(self, data: Any = None, *, company: Company, now: datetime) -> None:
        super().__init__(data, company=company, now=now)
        people = list(present(company))
        for name in ("ceo", "leader"):
            field = self.fields[name]
            assert isinstance(field, PersonField)
            field.choose_from(people)
            if name == "ceo":
                field.choices = [
                    ("", "Choose somebody"),
                    *((pk, who.name) for pk, who in field.people.items()),
                ]

    def clean_name(self) -> str:
        return free_name(self.cleaned_data["name"], self.company)

    def clean(self) -> None:
        super().clean()
        ceo, leader = self.cleaned_data.get("ceo"), self.cleaned_data.get("leader")
        if ceo and ceo == leader:
            self.add_error("leader", f"{ceo} is the CEO. The sales leader is somebody else.")

    @property
    def team(self) -> Team:
        """As it was told; not saved yet."""
        told = self.cleaned_data
        names = ("name", "rhythm", "nth", "weekday", "local_time", "timezone", "starts_on")
        return Team(company=self.company, **{name: told[name] for name in names})


class EndTeamForm(Question):
    """The last day of a team."""

    last = DayField(
        label="Last day", help_text="A meeting on this day still takes place.",
        error_messages={"required": "Say which day is the last."},
    )  # fmt: skip
    why = WordsField(
        max_length=300,
        required=False,
        label="Why?",
        help_text="Kept with the change, for the admins of the company.",
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        self.today = today
        super().__init__(data, initial={"last": today})

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        if last < self.today:
            raise ValidationError("That day has passed. Choose today or a later day.")
        return last


class TakeUpForm(Question):
    """Who sits on a team that is taken up again."""

    layout = (("ceo", "leader"),)

    ceo = PersonField(label="CEO", nobody="", error_messages={"required": "Choose who is the CEO."})
    leader = PersonField(label="Sales leader", required=False, nobody="Nobody yet")

    def __init__(self, data: Any = None, *, team: Team, last: dict[str, int]) -> None:
        super().__init__(data, initial=last)
        people = list(present(team.company))
        for field in self.fields.values():
            assert isinstance(field, PersonField)
            field.choose_from(people)

    def clean(self) -> None:
        ceo, leader = self.cleaned_data.get("ceo"), self.cleaned_data.get("leader")
        if ceo and ceo == leader:
            self.add_error("leader", f"{ceo} is the CEO. The sales leader is somebody else.")
