"""A deal as people type it.

Parts of the edit form, for autosave on other pages. POST to deals:edit with `version`, `part` and:
    capacity   capacity_what, capacity_by, capacity_who
    pushed     reason          why the close date last moved; kept with that change
Without a part: every field below. A field that is not sent stays as it is.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import transaction

from alignment.creating import made_once
from alignment.forms.fields import AmountField, DayField, WordsField
from alignment.forms.items import ItemForm
from alignment.models import Team
from deals.models import Account, Deal, RevenueEntry
from deals.promises import SMALL_PUSH_DAYS, slipped

KNOWN_ACCOUNTS = 300


class DealForm(ItemForm[Deal]):
    parts: ClassVar[dict[str, tuple[str, ...]]] = {
        "capacity": ("capacity_what", "capacity_by", "capacity_who"),
        "pushed": ("reason",),
    }
    layout = (
        ("name",), ("account_name", "owner"), ("status", "stage"), ("amount", "close_date"), ("reason",),
        ("capacity_what",), ("capacity_by", "capacity_who"),
    )  # fmt: skip

    name = WordsField(max_length=200, label="Deal", error_messages={"required": "Name the deal."})
    account_name = WordsField(
        max_length=200, label="Account", required=False, widget=forms.TextInput(attrs={"list": "accounts"})
    )
    owner = WordsField(max_length=120, label="Rep", required=False)
    status = forms.ChoiceField(choices=Deal.Status.choices, label="Where it stands")
    stage = WordsField(max_length=80, required=False)
    amount = AmountField(required=False)
    close_date = DayField(
        label="Close date", required=False, help_text="Open: expected. Won or lost: the day it was."
    )
    reason = WordsField(
        rows=2, max_length=300, required=False, label="Why the close date moves",
        help_text="Asked for when an open deal moves later. It stays with the move.",
    )  # fmt: skip
    capacity_what = WordsField(
        max_length=300,
        required=False,
        label="Capacity needed to deliver",
        help_text="Such as: two onboarding weeks, one engineer.",
    )
    capacity_by = DayField(required=False, label="Needed by")
    capacity_who = WordsField(max_length=200, required=False, label="Who must know")

    class Meta:
        model = Deal
        fields = (
            "name", "owner", "status", "stage", "amount", "close_date", "capacity_what", "capacity_by", "capacity_who"
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "account_name" in self.fields and self.instance.account:
            self.initial["account_name"] = self.instance.account.name
        if self.part == "pushed":
            self.initial["reason"] = self.instance.last_reason
        elif not self.instance.pk:
            del self.fields["reason"]
            self.fill_in(status=lambda: Deal.Status.OPEN)

    @property
    def datalists(self) -> dict[str, list[str]]:
        """Names offered while typing."""
        known = Account.objects.filter(company=self.team.company_id).values_list("name", flat=True)
        return {"accounts": list(known[:KNOWN_ACCOUNTS])} if "account_name" in self.fields else {}

    def clean(self) -> dict[str, Any]:
        status, day = self.value("status"), self.value("close_date")
        if self.part == "pushed" and not self.instance.changes.filter(field="close_date").exists():
            self._say(
                "reason", "The close date of this deal has never moved, so there is nothing to explain."
            )
        if "close_date" in self.errors or "status" in self.errors or self.part:
            return self.cleaned_data
        if status == Deal.Status.OPEN:
            self._ask_why_it_moves()
        elif day is None:
            self._say("close_date", f"Write the day it was {status}.")
        elif day > self.today and status == Deal.Status.WON:
            self._say(
                "close_date",
                "Revenue cannot lie in the future: write the day it was won, today at the latest.",
            )
        elif day > self.today:
            self._say("close_date", "Write the day it was lost, today at the latest.")
        if status == Deal.Status.WON and self.value("amount") is None and "amount" not in self.errors:
            self._say("amount", "Write what was won: it becomes revenue.")
        return self.cleaned_data

    def _ask_why_it_moves(self) -> None:
        old, new = self.instance.close_date, self.value("close_date")
        if self.value_of_reason and new == old:
            self._say("reason", "The close date does not move. Change it, or leave this empty.")
        if self.instance.status != Deal.Status.OPEN or old is None or new is None or new <= old:
            return
        month = self.team.company.fiscal_year_start
        counts = (new - old).days > SMALL_PUSH_DAYS or slipped(old, new, first_month=month)
        if counts and not self.value_of_reason:
            self._say("reason", "Say why the close date moves later. The reason stays with the move.")

    @property
    def value_of_reason(self) -> str:
        return self.cleaned_data.get("reason") or ""

    def _say(self, name: str, sentence: str) -> None:
        """At the field, or above the form where the field was not sent."""
        self.add_error(name if name in self.fields else None, sentence)

    @property
    def told(self) -> dict[str, Any]:
        told = super().told
        if "account_name" in self.fields:
            told["account"] = Account.objects.called(
                self.cleaned_data["account_name"], company=self.team.company
            )
        return told

    @transaction.atomic
    def write(self) -> Deal:
        """Raises Stale when somebody saved in between."""
        if not self.instance.pk:
            return self._begin()
        told, money = self.told, ("status", "amount", "close_date")
        moved = any(name in told and told[name] != getattr(self.instance, name) for name in money)
        if self.part == "pushed":
            deal = self.instance.explain(self.cleaned_data["reason"], version=self.told_version, now=self.now)
        elif self.differs(told):
            deal = self.instance.learn(
                version=self.told_version,
                day=self.today,
                now=self.now,
                by=self.user,
                reason=self.value_of_reason,
                **told,
            )
        else:
            return self.instance
        if moved:
            RevenueEntry.objects.follow(deal, by=self.user, now=self.now)
        Team.objects.stir(self.team.pk)
        return deal

    def _begin(self) -> Deal:
        told = self.told
        deal = Deal(
            team=self.team, created_by=self.user, created_at=self.now, changed_at=self.now, opened_on=self.today,
            token=self.cleaned_data["token"] or self.instance.token, **told,
        )  # fmt: skip
        return made_once(
            deal, then=lambda deal: RevenueEntry.objects.follow(deal, by=self.user, now=self.now), told=told
        )
