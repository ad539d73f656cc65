"""The forms of a new team, of ending a team and of restarting it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import DayField, PersonField, WordsField
from alignment.forms.layout import Question
from alignment.forms.locale_fields import ZoneField, zone_names
from alignment.models import Company, Team
from alignment.models.policy import company_defaults
from alignment.models.teams import Nth, Rhythm, Weekday
from alignment.people.directory import present
from alignment.rules.folding import search_key
from meetings.rules.cadence import Cadence, Kind

HALF_HOUR = 30
TAKEN = "This company already has a team with that name. Choose another."
Layout = tuple[tuple[str, ...], ...]
LATEST_START = timedelta(days=366)


def free_name(name: str, company: Company, *, of: int = 0) -> str:
    """The name itself. Raises ValidationError when another team of the company has it."""
    if company.teams.filter(name_key=search_key(name)).exclude(pk=of).exists():
        raise ValidationError(TAKEN)
    return name


class NameField(WordsField):
    def __init__(self, help_text: str) -> None:
        super().__init__(
            max_length=120,
            label="Team name",
            help_text=help_text,
            error_messages={"required": "Enter a team name."},
        )


class HourField(forms.TimeField):
    css = "field--short"
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {
        "invalid": "Enter the time as hours and minutes, such as 09:00.",
        "required": "Enter the time.",
    }

    def prepare_value(self, value: Any) -> Any:
        """As it is sent back, so that an untouched field is one."""
        return f"{value:%H:%M}" if isinstance(value, time) else value


class PickField(forms.TypedChoiceField):
    css = "field--short"
    default_error_messages = {"invalid_choice": "Choose from the list."}


class NthField(PickField):
    """The week of the month; hidden by CSS while another rhythm is selected."""

    css = "field--short field--nth"


class CadenceForm(Question):
    """When the team meets. Also used to preview the dates."""

    layout: ClassVar[Layout] = (("rhythm", "nth", "weekday"), ("local_time", "timezone"), ("starts_on",))

    rhythm = PickField(choices=Rhythm.choices, label="Frequency", initial=Rhythm.WEEKLY)
    nth = NthField(
        choices=Nth.choices,
        label="Week of the month",
        coerce=int,
        required=False,
        initial=Nth.FIRST,
    )
    weekday = PickField(choices=Weekday.choices, label="Weekday", coerce=int, initial=Weekday.MONDAY)
    local_time = HourField(label="Time", initial=time(9))
    timezone = ZoneField(
        label="Time zone",
        help_text="The meeting stays at this local time when clocks change.",
        error_messages={"required": "Enter the team’s time zone."},
    )
    starts_on = DayField(
        label="Start date",
        help_text="The first meeting is on the first matching weekday from this date.",
        error_messages={"required": "Enter the start date."},
    )

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
                self.add_error("starts_on", "This date is in the past. Choose today or later.")
            elif day - today > LATEST_START:
                self.add_error("starts_on", "This date is more than a year ahead. Choose an earlier date.")

    @property
    def cadence(self) -> Cadence:
        """The cadence; needs a valid form."""
        cleaned = self.cleaned_data
        return Cadence(
            kind=Kind(cleaned["rhythm"]),
            weekday=cleaned["weekday"],
            nth=cleaned["nth"],
            time=cleaned["local_time"],
            zone=ZoneInfo(cleaned["timezone"]),
            starts_on=cleaned["starts_on"],
            ends_on=None,
            minutes=HALF_HOUR,
        )


class NewTeamForm(CadenceForm):
    layout: ClassVar[Layout] = (("name",), ("ceo", "leader"), *CadenceForm.layout)

    name = NameField("For example North, or Enterprise sales.")
    ceo = PersonField(label="CEO", nobody="", error_messages={"required": "Choose the CEO."})
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
                    ("", "Choose a person"),
                    *((pk, who.name) for pk, who in field.people.items()),
                ]

    def clean_name(self) -> str:
        return free_name(self.cleaned_data["name"], self.company)

    def clean(self) -> None:
        super().clean()
        ceo, leader = self.cleaned_data.get("ceo"), self.cleaned_data.get("leader")
        if ceo and ceo == leader:
            self.add_error("leader", f"{ceo} is already the CEO. Choose someone else as sales leader.")

    @property
    def team(self) -> Team:
        """The team as entered, not saved yet."""
        cleaned = self.cleaned_data
        names = ("name", "rhythm", "nth", "weekday", "local_time", "timezone", "starts_on")
        return Team(
            company=self.company,
            **company_defaults(self.company),
            **{name: cleaned[name] for name in names},
        )


class EndTeamForm(Question):
    """The last day of a team."""

    last = DayField(
        label="Last day",
        help_text="A meeting on this day still takes place.",
        error_messages={"required": "Enter the last day."},
    )
    why = WordsField(
        max_length=300,
        required=False,
        label="Reason",
        help_text="Recorded in the audit log, which admins can read.",
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        self.today = today
        super().__init__(data, initial={"last": today})

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        if last < self.today:
            raise ValidationError("This date is in the past. Choose today or later.")
        return last


class RestartTeamForm(Question):
    """Who has which seat on a restarted team."""

    layout = (("ceo", "leader"),)

    ceo = PersonField(label="CEO", nobody="", error_messages={"required": "Choose the CEO."})
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
            self.add_error("leader", f"{ceo} is already the CEO. Choose someone else as sales leader.")
