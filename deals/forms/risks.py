"""The form of a risk: a deal or an account in jeopardy.

Parts of the edit form, for autosave on other pages. POST to deals:risk_edit with `version`, `part` and:
    action     what_is_wrong, action, exposure, owner (a user's id), due
Without a part: every field below. A field that is not sent stays as it is.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import transaction

from alignment.forms.fields import AmountField, DayField, PersonField, WordsField
from alignment.forms.layout import Question
from alignment.forms.versioned import ItemForm
from alignment.models import Team
from alignment.rules.folding import search_key
from alignment.web.create_once import create_once
from deals.forms.accounts import (
    MOST_SUGGESTED,
    NewAccountField,
    account_names,
    accounts_like,
    deals_like,
    did_you_mean,
    is_account,
)
from deals.models import Account, Deal, Risk


class RiskForm(ItemForm[Risk]):
    parts: ClassVar[dict[str, tuple[str, ...]]] = {
        "action": ("what_is_wrong", "action", "exposure", "owner", "due")
    }
    layout = (("name", "exposure"), ("new_account",), ("what_is_wrong",), ("action",), ("owner", "due"))

    name = WordsField(
        max_length=200,
        label="Deal or account",
        error_messages={"required": "Enter the deal or the account."},
        widget=forms.TextInput(attrs={"list": "names"}),
    )
    new_account = NewAccountField()
    exposure = AmountField(required=False, label="Exposure", help_text="Amount at stake.")
    what_is_wrong = WordsField(
        rows=3, max_length=2000, label="What is wrong", error_messages={"required": "Enter what is wrong."}
    )
    action = WordsField(rows=3, max_length=2000, required=False, label="Action")
    owner = PersonField(required=False, label="Owner")
    due = DayField(required=False, label="Due")

    class Meta:
        model = Risk
        fields = ("name", "exposure", "what_is_wrong", "action", "owner", "due")

    def __init__(self, *args: Any, deal: Deal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deal = deal
        if deal is not None:
            self.initial.update(name=deal.name, exposure=deal.amount)
        if self.instance.pk or not self.is_bound:
            self.fields.pop("new_account", None)
        if isinstance(owner := self.fields.get("owner"), PersonField):
            people = [seat.user for seat in self.team.current_seats]
            former = [self.instance.owner] if self.instance.owner else []
            owner.choose_from([*people, *former])

    @property
    def datalists(self) -> dict[str, list[str]]:
        """Names suggested while typing: the team's open deals, then the company's accounts."""
        if "name" not in self.fields:
            return {}
        deals = Deal.objects.filter(team=self.team).open().values_list("name", flat=True)[:MOST_SUGGESTED]
        names = dict.fromkeys((*deals, *account_names(self.team.company_id)))
        return {"names": list(names)[:MOST_SUGGESTED]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name: str = cleaned.get("name") or ""
        is_asked = bool(name) and not self.deal and not self._is_meant(name)
        if not is_asked and not cleaned.get("new_account"):
            self.fields.pop("new_account", None)
        return cleaned

    def _is_meant(self, name: str) -> bool:
        """Whether it is clear which deal or account is meant. One open deal of that beginning is."""
        if "new_account" not in self.fields or self.cleaned_data.get("new_account"):
            return True
        key = search_key(name)
        if Deal.objects.filter(team=self.team, name_key=key).exists() or is_account(name, self.team.company):
            return True
        deals, accounts = deals_like(name, self.team), accounts_like(name, self.team.company)
        if len(deals) == 1 and set(accounts) <= {str(deals[0].account)}:
            self.deal, self.cleaned_data["name"] = deals[0], deals[0].name
            return True
        if known := [*(deal.name for deal in deals), *accounts]:
            self.add_error("name", did_you_mean(name, known, what="deal or account"))
        return not known

    def _subject(self, name: str) -> dict[str, Any]:
        """The deal of that name, otherwise the account."""
        deal = self.deal if self.deal and self.deal.name == name else None
        same = Deal.objects.filter(team=self.team, name_key=search_key(name)).order_by("-pk")
        deal = deal or same.open().first() or same.first()
        return {
            "deal": deal,
            "account": None if deal else Account.objects.find_or_create(name, company=self.team.company),
        }

    @transaction.atomic
    def write(self) -> Risk:
        """Raises VersionConflict when somebody saved in between.

        Saving without a change does not count as an update.
        """
        submitted = self.submitted
        if not self.instance.pk or submitted.get("name", self.instance.name) != self.instance.name:
            submitted |= self._subject(submitted["name"])
        if not self.instance.pk:
            return self._create(submitted)
        if not self.differs(submitted):
            return self.instance
        risk = self.instance.edit(version=self.submitted_version, changed_at=self.now, **submitted)
        Team.objects.bump_revision(self.team.pk)
        return risk

    def _create(self, submitted: dict[str, Any]) -> Risk:
        token = self.cleaned_data["token"] or self.instance.token
        by = {"created_by": self.user, "created_at": self.now, "changed_at": self.now}
        return create_once(Risk(team=self.team, token=token, **by, **submitted), text_fields=submitted)


class CloseRiskForm(Question):
    outcome = WordsField(
        rows=2,
        max_length=300,
        label="How did it end?",
        error_messages={"required": "Enter how it ended."},
    )
