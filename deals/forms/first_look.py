"""A trial goal for the first look: it stays in the address, for that page alone."""

from __future__ import annotations

from typing import Any

from alignment.forms.fields import AmountField
from alignment.forms.layout import Question
from alignment.models import Team, User


class TrialGoalForm(Question):
    goal = AmountField(
        label="Try a goal for this quarter",
        required=False,
        help_text="For this page alone. It is not saved; admins set goals.",
    )

    def __init__(self, data: Any, *, team: Team, reader: User) -> None:
        super().__init__(data)
        goal = self.fields["goal"]
        assert isinstance(goal, AmountField)
        goal.write_for(reader.locale, currency=team.currency)
