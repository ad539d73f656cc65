"""A seat is given, ended or handed over, on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from alignment.forms.fields import DayField, PersonField, WordsField
from alignment.forms.layout import Question
from alignment.models import Seat, Team
from alignment.models.teams import Role, Side
from alignment.people import present
from meetings.forms.teams import PickField

KEPT = "Kept with the change, for the admins of the company."


class FromDayField(DayField):
    def __init__(self) -> None:
        super().__init__(
            label="From which day on?", error_messages={"required": "Say from which day on."},
            help_text="Today or earlier: at once. A day to come: on that day, and you can cancel it until then.",
        )  # fmt: skip


class SeatForm(Question):
    """Who sits on the team in which role, from when. Whoever has another seat on it gives that up."""

    layout = (("person",), ("role", "acts_for"), ("day",))

    person = PersonField(label="Who?", nobody="", error_messages={"required": "Choose somebody."})
    role = PickField(choices=Role.choices, label="As what?", initial=Role.OBSERVER)
    acts_for = forms.ChoiceField(
        choices=[("", "Nobody: not a delegate"), (Side.CEO, "The CEO"), (Side.LEADER, "The sales leader")],
        required=False, label="Acts for", help_text="For a delegate alone.",
        error_messages={"invalid_choice": "Choose one of those listed."},
    )  # fmt: skip
    day = FromDayField()

    def __init__(self, data: Any = None, *, team: Team, today: date) -> None:
        super().__init__(data, initial={"day": today})
        person = self.fields["person"]
        assert isinstance(person, PersonField)
        person.choose_from(present(team.company))

    def clean(self) -> None:
        if self.cleaned_data.get("role") == Role.DELEGATE and not self.cleaned_data.get("acts_for"):
            self.add_error("acts_for", "Say whose delegate it is.")
        elif self.cleaned_data.get("role") != Role.DELEGATE:
            self.cleaned_data["acts_for"] = ""


class HandoverForm(Question):
    """Who follows in a seat."""

    layout = (("person", "day"), ("why",))

    person = PersonField(label="Who follows?", nobody="", error_messages={"required": "Choose who follows."})
    day = FromDayField()
    why = WordsField(
        max_length=300, label="Why?", help_text=KEPT, error_messages={"required": "Say in a few words why."}
    )

    def __init__(self, data: Any = None, *, seat: Seat, today: date) -> None:
        super().__init__(data, initial={"day": today})
        person = self.fields["person"]
        assert isinstance(person, PersonField)
        person.choose_from(present(seat.team.company).exclude(pk=seat.user_id))


class EndSeatForm(Question):
    """The last day of a seat."""

    last = DayField(
        label="Last day", help_text="Today or earlier: the seat ends at once. A day to come: after that day.",
        error_messages={"required": "Say which day is the last."},
    )  # fmt: skip
    why = WordsField(max_length=300, required=False, label="Why?", help_text=KEPT)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"last": today})
