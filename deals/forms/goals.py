"""What is asked before many goals are set at once."""

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
from deals.forms.tables import TableForm
from deals.goals.fill import HOW
from deals.goals.grid import Reader
from deals.imports.cells import BadCell
from deals.sheets.amounts import goal

STEPS = (("1", "whole amounts"), ("100", "hundreds"), ("1000", "thousands"), ("0.01", "cents"))
EVERY = "*"
_PERCENT = re.compile(r"([+\-−–]?)\s*(\d{1,4})(?:[.,](\d{1,2}))?\s*%?")


class WhyField(WordsField):
    """The reason, which stays with each goal."""

    def __init__(self) -> None:
        super().__init__(
            label="Why", max_length=300, required=False, help_text="It stays with each goal that changes."
        )


class PasteForm(TableForm):
    why = WhyField()


class SpreadForm(Question):
    """Beside it stands a field for the year of each team: their names are the teams' keys."""

    how = forms.ChoiceField(label="How", choices=HOW, widget=forms.RadioSelect, initial="even")
    why = WhyField()

    def __init__(self, data: Any = None, *, teams: Sequence[Team], reader: Reader, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.teams, self.reader = teams, reader
        self.amounts: dict[int, Decimal] = {}
        self.problems: dict[int, str] = {}

    def clean(self) -> dict[str, Any]:
        for team in self.teams:
            try:
                amount = goal(self.text(team), locale=self.reader.locale, currency=self.reader.currency)
            except BadCell as wrong:
                self.refuse(team.pk, f"{wrong}.")
            else:
                self.amounts |= {team.pk: amount} if amount is not None else {}
        if not self.amounts and not self.problems:
            raise ValidationError("Write the year’s amount of at least one team.")
        return self.cleaned_data

    def refuse(self, team: int, why: str) -> None:
        self.problems[team] = why
        name = next(each.name for each in self.teams if each.pk == team)
        self.add_error(None, f"{name}: {why[0].lower()}{why[1:]}")

    def text(self, team: Team) -> str:
        return str(self.data.get(f"year-{team.pk}", ""))[:40] if self.is_bound else ""

    @property
    def lines(self) -> list[tuple[Team, str, str]]:
        """Each team, what is typed for it and what is wrong with that."""
        return [(team, self.text(team), self.problems.get(team.pk, "")) for team in self.teams]


class GrowForm(Question):
    layout = (("percent", "step"), ("team",), ("why",))

    percent = forms.CharField(
        label="More by", max_length=12, widget=forms.TextInput(attrs={"class": "num", "inputmode": "decimal"}),
        help_text="Per cent: 5 is a twentieth more, −5 less.", error_messages={"required": "Write how many per cent; 0 copies as it was."},
    )  # fmt: skip
    step = forms.ChoiceField(label="Rounded to", choices=STEPS)
    team = forms.ChoiceField(label="For", initial=EVERY)
    why = WhyField()

    def __init__(self, data: Any = None, *, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.teams = teams
        team = self.fields["team"]
        assert isinstance(team, forms.ChoiceField)
        team.choices = [(EVERY, "Every team"), *((each.slug, each.name) for each in teams)]
        for name in ("percent", "step", "team"):
            self.fields[name].css = "field--short"  # type: ignore[attr-defined]  # components/form.html reads it

    def clean_percent(self) -> Decimal:
        match = _PERCENT.fullmatch(self.cleaned_data["percent"].strip())
        if match is None:
            raise ValidationError("Write per cent as a number, such as 5 or −2.5.")
        try:
            percent = Decimal(f"{match[2]}.{match[3] or 0}") * (1 if match[1] in ("", "+") else -1)
        except InvalidOperation as trouble:
            raise ValidationError("Write per cent as a number, such as 5 or −2.5.") from trouble
        if not -100 <= percent <= 1000:
            raise ValidationError("Write between −100 and 1000 per cent.")
        return percent

    @property
    def chosen(self) -> list[Team]:
        slug = self.cleaned_data["team"]
        return [team for team in self.teams if slug in (EVERY, team.slug)]
