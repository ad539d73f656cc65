"""The forms of reps: who they are, another team, two that are one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db import transaction

from alignment.forms.fields import AddressField, DayField, WordsField
from alignment.forms.layout import Question
from alignment.forms.versioned import RowForm
from alignment.models import Team, User
from alignment.people.directory import present
from deals.models import Rep
from deals.sales_people.rep_names import AmbiguousRepError, find_or_create_rep

CHOOSE, NO_TEAM = ("", "Choose"), ("none", "No team: they stop selling for us")


class RepForm(RowForm[Rep]):
    """`team` for a new one; an admin without a seat edits the name alone."""

    name = WordsField(max_length=120, label="Name", error_messages={"required": "Enter the rep’s name."})
    email = AddressField(required=False, label="Email")
    user = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label="Account here",
        empty_label="None",
        help_text="If the rep signs in, too. They need no account.",
    )

    class Meta:
        model = Rep
        fields = ("name", "email", "user")

    def __init__(self, *args: Any, team: Team | None = None, name_only: bool = False, **kwargs: Any) -> None:
        self.team, self.name_only = team, name_only
        super().__init__(*args, **kwargs)
        if name_only or not self.instance.pk:
            self.fields.pop("user", None)
        if name_only:
            self.fields.pop("email", None)
        if "user" in self.fields:
            people = present(self.instance.company)
            self.fields["user"].queryset = people  # type: ignore[attr-defined]

    def for_row(self, row: Rep) -> RepForm:
        return RepForm(instance=row, part=self.part, team=self.team, name_only=self.name_only)

    @transaction.atomic
    def write(self, *, day: date | None = None) -> Rep:
        """`day`: the first on the team, of a new one. Raises VersionConflict."""
        submitted = self.submitted
        if not self.instance.pk and self.team is not None and day is not None:
            return self._create(submitted["name"], submitted.get("email", ""), self.team, day)
        if not self.differs(submitted):
            return self.instance
        return self.instance.edit(version=self.submitted_version, **submitted)

    def _create(self, name: str, email: str, team: Team, day: date) -> Rep:
        """A rep of the team who has the name already is that one: a second click adds nobody."""
        try:
            rep = find_or_create_rep(name, team=team, day=day)
        except AmbiguousRepError as error:
            raise forms.ValidationError(str(error)) from error
        assert rep is not None
        return rep.edit(version=rep.version, email=email) if email and not rep.email else rep


class MoveRepForm(Question):
    """Which team, from when on, and whether the open deals come along: that is never assumed."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (("to_team",), ("day",), ("deals",))

    to_team = forms.ChoiceField(
        label="To", error_messages={"required": "Choose the team, or that they stop selling."}
    )
    day = DayField(label="From", error_messages={"required": "Enter the day."})
    deals = forms.ChoiceField(
        widget=forms.RadioSelect,
        label="Open deals",
        error_messages={"required": "Say whether the open deals come along."},
    )

    def __init__(
        self, *args: Any, teams: Iterable[Team], open_deals: int, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.teams, self.today = {str(team.pk): team for team in teams}, today
        choices = [CHOOSE, *((pk, team.name) for pk, team in self.teams.items()), NO_TEAM]
        self.fields["to_team"].choices = choices  # type: ignore[attr-defined]
        self.fields["deals"].choices = [  # type: ignore[attr-defined]
            ("stay", f"Stay with the old team ({open_deals} open)"),
            ("move", "Come along to the new team"),
        ]
        self.initial.setdefault("day", today)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError("Enter a move on its day: choose today or an earlier day.")
        return day

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("to_team") == NO_TEAM[0] and self.cleaned_data.get("deals") == "move":
            self.add_error("deals", "Without a new team the deals stay. Give them to another rep there.")
        return self.cleaned_data

    @property
    def selected_team(self) -> Team | None:
        return self.teams.get(self.cleaned_data.get("to_team") or "")


class JoinRepsForm(Question):
    into = forms.ChoiceField(label="Is the same person as", error_messages={"required": "Choose a rep."})

    def __init__(self, *args: Any, reps: Iterable[Rep], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reps = {str(rep.pk): rep for rep in reps}
        choices = [("", "Choose"), *((pk, rep.name) for pk, rep in self.reps.items())]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]

    @property
    def selected(self) -> Rep:
        return self.reps[self.cleaned_data["into"]]
