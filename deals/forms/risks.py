"""A deal or an account in jeopardy, as people type it.

Parts of the edit form, for autosave on other pages. POST to deals:risk_edit with `version`, `part` and:
    action     what_is_wrong, action, exposure, owner (a user's id), due
Without a part: every field below. A field that is not sent stays as it is.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import transaction

from alignment.creating import made_once
from alignment.forms.fields import AmountField, DayField, PersonField, WordsField
from alignment.forms.items import ItemForm
from alignment.forms.layout import Question
from alignment.models import Team
from deals.models import Account, Deal, Risk

KNOWN_DEALS = 200


class RiskForm(ItemForm[Risk]):
    parts: ClassVar[dict[str, tuple[str, ...]]] = {
        "action": ("what_is_wrong", "action", "exposure", "owner", "due")
    }
    layout = (("name", "exposure"), ("what_is_wrong",), ("action",), ("owner", "due"))

    name = WordsField(
        max_length=200, label="Deal or account", error_messages={"required": "Name the deal or the account."},
        widget=forms.TextInput(attrs={"list": "names"}),
    )  # fmt: skip
    exposure = AmountField(required=False, label="Exposure", help_text="What is lost if it goes wrong.")
    what_is_wrong = WordsField(
        rows=3, max_length=2000, label="What is wrong", error_messages={"required": "Say what is wrong."}
    )
    action = WordsField(rows=3, max_length=2000, required=False, label="What is being done")
    owner = PersonField(required=False, label="Who does it")
    due = DayField(required=False, label="By when")

    class Meta:
        model = Risk
        fields = ("name", "exposure", "what_is_wrong", "action", "owner", "due")

    def __init__(self, *args: Any, deal: Deal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deal = deal
        if deal is not None:
            self.initial.update(name=deal.name, exposure=deal.amount)
        if isinstance(owner := self.fields.get("owner"), PersonField):
            people = [seat.user for seat in self.team.current_seats]
            former = [self.instance.owner] if self.instance.owner else []
            owner.choose_from([*people, *former])

    @property
    def datalists(self) -> dict[str, list[str]]:
        """Names offered while typing: the team's open deals."""
        known = Deal.objects.filter(team=self.team).open().values_list("name", flat=True)
        return {"names": list(known[:KNOWN_DEALS])} if "name" in self.fields else {}

    def _subject(self, name: str) -> dict[str, Any]:
        """The deal of that name, or else the account."""
        deal = self.deal if self.deal and self.deal.name == name else None
        same = Deal.objects.filter(team=self.team, name__iexact=name).order_by("-pk")
        deal = deal or same.open().first() or same.first()
        return {
            "deal": deal,
            "account": None if deal else Account.objects.called(name, company=self.team.company),
        }

    @transaction.atomic
    def write(self) -> Risk:
        """Raises Stale when somebody saved in between. Saved as it was, a risk goes on ageing."""
        told = self.told
        if not self.instance.pk or told.get("name", self.instance.name) != self.instance.name:
            told |= self._subject(told["name"])
        if not self.instance.pk:
            return self._begin(told)
        if not self.differs(told):
            return self.instance
        risk = self.instance.edit(version=self.told_version, changed_at=self.now, **told)
        Team.objects.stir(self.team.pk)
        return risk

    def _begin(self, told: dict[str, Any]) -> Risk:
        token = self.cleaned_data["token"] or self.instance.token
        by = {"created_by": self.user, "created_at": self.now, "changed_at": self.now}
        return made_once(Risk(team=self.team, token=token, **by, **told), told=told)


class CloseRiskForm(Question):
    outcome = WordsField(
        rows=2,
        max_length=300,
        label="How did it end?",
        error_messages={"required": "Say in a few words how it ended."},
    )
