"""The forms for setting many goals at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import WordsField
from alignment.forms.layout import Question
from alignment.models import Team
from deals.forms.table_upload import TableForm
from deals.goals.grid import Reader
from deals.goals.spread import SPREAD_METHODS
from deals.tables.amounts_and_days import NO_NEGATIVE_GOAL, Reading
from deals.tables.cells import CellError

STEPS = (("1", "whole amounts"), ("100", "hundreds"), ("1000", "thousands"), ("0.01", "cents"))
EVERY = "*"
_PERCENT = re.compile(r"([+\-−–]?)\s*(\d{1,4})(?:[.,](\d{1,2}))?\s*%?")


class WhyField(WordsField):
    """The reason, which is recorded with each goal."""

    def __init__(self) -> None:
        super().__init__(
            label="Reason", max_length=300, required=False, help_text="Recorded with each goal that changes."
        )


class PasteForm(TableForm):
    why = WhyField()


class SpreadForm(Question):
    """Next to these fields is one for each team's year, named after the team's id."""

    how = forms.ChoiceField(label="How", choices=SPREAD_METHODS, widget=forms.RadioSelect, initial="even")
    why = WhyField()

    def __init__(self, data: Any = None, *, teams: Sequence[Team], reader: Reader, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.teams, self.reader = teams, reader
        self.amounts: dict[int, Decimal] = {}
        self.problems: dict[int, str] = {}

    def clean(self) -> dict[str, Any]:
        reading = Reading.typed(self.reader.locale, negative=NO_NEGATIVE_GOAL)
        for team in self.teams:
            try:
                amount = reading.amount(self.text(team), currency=self.reader.currency)
            except CellError as error:
                self.refuse(team.pk, f"{error}.")
            else:
                self.amounts |= {team.pk: amount} if amount is not None else {}
        if not self.amounts and not self.problems:
            raise ValidationError("Enter the year’s amount for at least one team.")
        return self.cleaned_data

    def refuse(self, team_id: int, why: str) -> None:
        self.problems[team_id] = why
        name = next(team.name for team in self.teams if team.pk == team_id)
        self.add_error(None, f"{name}: {why[0].lower()}{why[1:]}")

    def text(self, team: Team) -> str:
        return str(self.data.get(f"year-{team.pk}", ""))[:40] if self.is_bound else ""

    @property
    def lines(self) -> list[tuple[Team, str, str]]:
        """Each team, the amount typed for it and its error."""
        return [(team, self.text(team), self.problems.get(team.pk, "")) for team in self.teams]


class GrowForm(Question):
    layout = (("percent", "step"), ("team",), ("why",))

    percent = forms.CharField(
        label="Change by",
        max_length=12,
        widget=forms.TextInput(attrs={"class": "num", "inputmode": "decimal"}),
        help_text="In percent: 5 is 5% more, −5 is 5% less.",
        error_messages={"required": "Enter a percentage; 0 copies last year unchanged."},
    )
    step = forms.ChoiceField(label="Round to", choices=STEPS)
    team = forms.ChoiceField(label="For", initial=EVERY)
    why = WhyField()

    def __init__(self, data: Any = None, *, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.teams = teams
        choice = self.fields["team"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(EVERY, "All teams"), *((team.slug, team.name) for team in teams)]
        for name in ("percent", "step", "team"):
            # components/form.html reads it
            self.fields[name].css = "field--short"  # type: ignore[attr-defined]

    def clean_percent(self) -> Decimal:
        match = _PERCENT.fullmatch(self.cleaned_data["percent"].strip())
        if match is None:
            raise ValidationError("Enter the percentage as a number, such as 5 or −2.5.")
        try:
            percent = Decimal(f"{match[2]}.{match[3] or 0}") * (1 if match[1] in ("", "+") else -1)
        except InvalidOperation as error:
            raise ValidationError("Enter the percentage as a number, such as 5 or −2.5.") from error
        if not -100 <= percent <= 1000:
            raise ValidationError("Enter a percentage between −100 and 1000.")
        return percent

    @property
    def selected_teams(self) -> list[Team]:
        slug = self.cleaned_data["team"]
        return [team for team in self.teams if slug in (EVERY, team.slug)]
