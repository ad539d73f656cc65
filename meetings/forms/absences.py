"""Time off. Nobody is asked for a reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import DayField, PersonField
from alignment.forms.layout import Laid
from alignment.models import Absence, Seat, User
from alignment.rules.roles import Role

LONGEST = timedelta(days=366)


class AbsenceForm(Laid, forms.Form):
    """The user's own days; a delegate also enters those of the people they act for."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (("who",), ("first", "last"))

    who = PersonField(label="Who", nobody="")
    first = DayField(label="First day", error_messages={"required": "Choose the first day."})
    last = DayField(
        label="Last day", error_messages={"required": "Choose the last day."}, help_text="Inclusive."
    )

    def __init__(self, data: Any = None, *, user: User, today: date) -> None:
        super().__init__(data, initial={"who": str(user.pk)})
        self.today, self.people = today, people_of(user)
        self.fields["who"].choose_from(self.people)  # type: ignore[attr-defined]  # a PersonField
        if len(self.people) == 1:
            del self.fields["who"]
        self.only = self.people[0]

    @property
    def person(self) -> User:
        person: User = self.cleaned_data.get("who") or self.only
        return person

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if not first or not last:
            return cleaned
        if last < first:
            self.add_error("last", "The last day is before the first.")
        elif last - first > LONGEST:
            self.add_error("last", "That is more than a year. Hand over the role instead.")
        elif last < self.today:
            raise ValidationError(
                "These days are in the past. Enter time off beforehand, or comment on a missed meeting."
            )
        elif Absence.objects.filter(user=self.person, first__lte=first, last__gte=last).exists():
            raise ValidationError("This time off is already entered.")
        return cleaned


def people_of(user: User) -> list[User]:
    """The people whose absences the user enters: themselves, then those they act for as a delegate."""
    mine = Seat.objects.current().filter(user=user, role=Role.DELEGATE)
    acted_for = Seat.objects.current().filter(role__in=mine.values("acts_for"), team__in=mine.values("team"))
    pairs = set(mine.values_list("team", "acts_for"))
    people = {
        seat.user_id: seat.user
        for seat in acted_for.select_related("user")
        if (seat.team_id, seat.role) in pairs
    }
    return [user, *(person for pk, person in sorted(people.items()) if pk != user.pk)]
