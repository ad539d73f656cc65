"""A new team, and what of it can be changed: each part a form of its own, with what is usual."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from alignment.forms.fields import AmountField, DayField, PersonField, WordsField
from alignment.forms.layout import Question
from alignment.forms.places import ZoneField, zone_names
from alignment.models import Company, Team, User
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


# What can be changed of a team that is there


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
    """One part of a team's setup; its fields are the team's own, and their defaults what is usual."""

    part: ClassVar[str] = ""
    title: ClassVar[str] = ""
    about: ClassVar[str] = ""
    has_usual: ClassVar[bool] = True

    def __init__(self, data: Any = None, *, team: Team, user: User) -> None:
        self.team = team
        super().__init__(
            data, initial={name: getattr(team, name) for name in self.base_fields}, auto_id="id_%s"
        )
        for name, field in self.fields.items():
            if isinstance(field, AmountField):
                field.locale = user.locale
                field.unit = get_currency_symbol(team.currency, locale=user.locale.replace("-", "_"))
            if self.has_usual:
                field.help_text = f"{field.help_text} Usually {self._said(name, self.usual[name])}.".strip()

    @property
    def usual(self) -> dict[str, Any]:
        fresh = Team()
        return {name: getattr(fresh, name) for name in self.base_fields}

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
