"""Forms of key clients: one on the list, and what a client said."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import DayField, WordsField
from alignment.forms.layout import Question
from alignment.forms.versioned import RowForm
from alignment.models import Team
from deals.forms.accounts import NewAccountField, account_names, accounts_like, did_you_mean, is_account
from deals.key_clients.proposals import follow_accounts
from deals.models import Account, FollowUp, Rep, Touch

OLDEST = timedelta(days=730)
"""What was said longer ago than this is a slip of the keyboard."""


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when run
    """One of the team's reps, with whether they can be asked by mail."""

    def __init__(self) -> None:
        super().__init__(
            Rep.objects.none(),
            required=False,
            label="Owner",
            empty_label="Nobody yet",
            help_text="Is asked by email what the client says. Needs an address.",
            error_messages={"invalid_choice": "Choose one of the team’s reps."},
        )

    def label_from_instance(self, rep: Rep) -> str:
        return rep.name if rep.email else f"{rep.name} (no email address)"


class FollowUpForm(RowForm[FollowUp]):
    """How often somebody speaks to the client, and who."""

    layout = (("owner", "every_days"),)

    owner = OwnerField()
    every_days = forms.IntegerField(
        min_value=1,
        max_value=730,
        label="Every so many days",
        error_messages={
            "required": "Enter a number of days.",
            "invalid": "Enter a number of days.",
            "min_value": "Enter from 1 to 730 days.",
            "max_value": "Enter from 1 to 730 days.",
        },
    )

    class Meta:
        model = FollowUp
        fields = ("owner", "every_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from_team(self.fields.get("owner"), self.instance.team, self.instance.owner)

    def write(self) -> FollowUp:
        """Raises VersionConflict when somebody else saved in between."""
        submitted = self.submitted
        if not self.differs(submitted):
            return self.instance
        saved: FollowUp = self.instance.edit(version=self.submitted_version, **submitted)
        last = saved.last_touch()
        saved.schedule(last.day if last else None)
        Team.objects.bump_revision(saved.team_id)
        return saved


def choose_from_team(owner: forms.Field | None, team: Team, current: Rep | None) -> None:
    """The team's reps, and who has it now even if they left."""
    if isinstance(owner, OwnerField):
        own = Rep.objects.filter(pk=current.pk) if current else Rep.objects.none()
        owner.queryset = Rep.objects.on_team(team) | own


class NewClientForm(Question):
    """Any account can be a key client, a former one too."""

    name = WordsField(
        max_length=200,
        label="Client",
        widget=forms.TextInput(attrs={"list": "accounts"}),
        error_messages={"required": "Enter the client’s name."},
    )
    new_account = NewAccountField()

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data)
        self.team = team
        if not self.is_bound:
            del self.fields["new_account"]

    @property
    def datalists(self) -> dict[str, list[str]]:
        return {"accounts": account_names(self.team.company_id)}

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("name") or ""
        is_clear = not name or self.cleaned_data.get("new_account") or is_account(name, self.team.company)
        known = [] if is_clear else accounts_like(name, self.team.company)
        if known:
            self.add_error("name", did_you_mean(name, known, what="account"))
        else:
            self.fields.pop("new_account", None)
        return self.cleaned_data

    def write(self, *, by: Any, now: datetime) -> None:
        account = Account.objects.find_or_create(self.cleaned_data["name"], company=self.team.company)
        if account is not None:
            follow_accounts(self.team, [account], by=by, now=now)


class TouchForm(Question):
    """What the client said: one line, a colour and, where it was not today, the day. The colour is a button."""

    client_said = WordsField(
        max_length=300,
        label="What did the client say?",
        widget=forms.TextInput(attrs={"autofocus": True, "enterkeyhint": "done"}),
        error_messages={"required": "Enter in one line what the client said."},
    )
    colour = forms.ChoiceField(
        choices=Touch.Colour.choices,
        widget=forms.HiddenInput,
        error_messages={"required": "Choose a colour.", "invalid_choice": "Choose a colour."},
    )
    day = DayField(label="When", error_messages={"required": "Enter the day."})
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, today: date, touch: Touch | None = None) -> None:
        super().__init__(data)
        self.today = today
        self.initial.update(day=today, token=uuid.uuid4())
        if touch is not None:
            self.initial.update(day=touch.day, token=touch.token, client_said=touch.client_said)

    @property
    def colours(self) -> list[tuple[str, str]]:
        """The buttons: value and words."""
        return [(colour.value, str(colour.label)) for colour in Touch.Colour]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError("This day is in the future. Enter the day you spoke to the client.")
        if day < self.today - OLDEST:
            raise ValidationError("This is more than two years ago. Check the year.")
        return day
