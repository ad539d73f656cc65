"""The forms to give, end or hand over a seat on a certain day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from alignment.forms.fields import DayField, PersonField, WordsField
from alignment.forms.layout import Question
from alignment.models import Seat, Team
from alignment.people.directory import present
from alignment.rules.roles import Role, Side
from meetings.forms.teams import PickField

IN_AUDIT_LOG = "Recorded in the audit log, which admins can read."


class FromDayField(DayField):
    def __init__(self) -> None:
        super().__init__(
            label="Start date",
            error_messages={"required": "Enter the start date."},
            help_text=(
                "A past date or today takes effect at once. A future date takes effect on that day; "
                "you can cancel it until then."
            ),
        )


class SeatForm(Question):
    """Who gets which role on the team, from which day. Another seat of that person on the team ends."""

    layout = (("person",), ("role", "acts_for"), ("day",))

    person = PersonField(label="Person", nobody="", error_messages={"required": "Choose a person."})
    role = PickField(choices=Role.choices, label="Role", initial=Role.OBSERVER)
    acts_for = forms.ChoiceField(
        choices=[("", "Not a delegate"), (Side.CEO, "The CEO"), (Side.LEADER, "The sales leader")],
        required=False,
        label="Acts for",
        help_text="For delegates only.",
        error_messages={"invalid_choice": "Choose from the list."},
    )
    day = FromDayField()

    def __init__(self, data: Any = None, *, team: Team, today: date) -> None:
        super().__init__(data, initial={"day": today})
        person = self.fields["person"]
        assert isinstance(person, PersonField)
        person.choose_from(present(team.company))

    def clean(self) -> None:
        if self.cleaned_data.get("role") == Role.DELEGATE and not self.cleaned_data.get("acts_for"):
            self.add_error("acts_for", "Choose whom the delegate acts for.")
        elif self.cleaned_data.get("role") != Role.DELEGATE:
            self.cleaned_data["acts_for"] = ""


class HandoverForm(Question):
    """The successor in a seat."""

    layout = (("person", "day"), ("why",))

    person = PersonField(
        label="Replacement", nobody="", error_messages={"required": "Choose the replacement."}
    )
    day = FromDayField()
    why = WordsField(
        max_length=300, label="Reason", help_text=IN_AUDIT_LOG, error_messages={"required": "Enter a reason."}
    )

    def __init__(self, data: Any = None, *, seat: Seat, today: date) -> None:
        super().__init__(data, initial={"day": today})
        person = self.fields["person"]
        assert isinstance(person, PersonField)
        person.choose_from(present(seat.team.company).exclude(pk=seat.user_id))


class EndSeatForm(Question):
    """The last day of a seat."""

    last = DayField(
        label="Last day",
        help_text="A past date or today takes effect at once. A future date is their last day on the team.",
        error_messages={"required": "Enter the last day."},
    )
    why = WordsField(max_length=300, required=False, label="Reason", help_text=IN_AUDIT_LOG)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"last": today})
