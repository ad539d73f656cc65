"""The form of a deal.

Parts of the edit form, for autosave on other pages. POST to deals:edit with `version`, `part` and:
    capacity   capacity_what, capacity_by, capacity_who
    pushed     reason          why the close date last moved; recorded with that change
Without a part: every field below. A field that is not sent stays as it is.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import transaction

from alignment.forms.fields import AmountField, DayField, WordsField
from alignment.forms.versioned import ItemForm
from alignment.models import Team
from alignment.web.create_once import create_once
from deals.models import Account, Deal, RevenueEntry
from deals.rules.slips import push_counts

KNOWN_ACCOUNTS = 300


class DealForm(ItemForm[Deal]):
    parts: ClassVar[dict[str, tuple[str, ...]]] = {
        "capacity": ("capacity_what", "capacity_by", "capacity_who"),
        "pushed": ("reason",),
    }
    layout = (
        ("name",),
        ("account_name", "owner"),
        ("status", "stage"),
        ("amount", "close_date"),
        ("reason",),
        ("capacity_what",),
        ("capacity_by", "capacity_who"),
    )

    name = WordsField(max_length=200, label="Deal", error_messages={"required": "Enter the deal’s name."})
    account_name = WordsField(
        max_length=200, label="Account", required=False, widget=forms.TextInput(attrs={"list": "accounts"})
    )
    owner = WordsField(max_length=120, label="Rep", required=False)
    status = forms.ChoiceField(choices=Deal.Status.choices, label="Status")
    stage = WordsField(max_length=80, required=False)
    amount = AmountField(required=False)
    close_date = DayField(
        label="Close date", required=False, help_text="Expected close date, or the day it was won or lost."
    )
    reason = WordsField(
        rows=2,
        max_length=300,
        required=False,
        label="Reason for the new date",
        help_text="Required when an open deal moves later.",
    )
    capacity_what = WordsField(
        max_length=300,
        required=False,
        label="Delivery capacity",
        help_text="For example: two onboarding weeks, one engineer.",
    )
    capacity_by = DayField(required=False, label="Needed by")
    capacity_who = WordsField(max_length=200, required=False, label="Who to inform")

    class Meta:
        model = Deal
        fields = (
            "name",
            "owner",
            "status",
            "stage",
            "amount",
            "close_date",
            "capacity_what",
            "capacity_by",
            "capacity_who",
        )

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
        """Names suggested while typing."""
        known = Account.objects.filter(company=self.team.company_id).values_list("name", flat=True)
        return {"accounts": list(known[:KNOWN_ACCOUNTS])} if "account_name" in self.fields else {}

    def clean(self) -> dict[str, Any]:
        status, day = self.value("status"), self.value("close_date")
        if self.part == "pushed" and not self.instance.changes.filter(field="close_date").exists():
            self._add_error("reason", "The close date of this deal has never changed, so it needs no reason.")
        if "close_date" in self.errors or "status" in self.errors or self.part:
            return self.cleaned_data
        if status == Deal.Status.OPEN:
            self._require_reason_for_push()
        elif day is None:
            self._add_error("close_date", f"Enter the day it was {status}.")
        elif day > self.today and status == Deal.Status.WON:
            self._add_error(
                "close_date",
                "The win date cannot be in the future.",
            )
        elif day > self.today:
            self._add_error("close_date", "The loss date cannot be in the future.")
        if status == Deal.Status.WON and self.value("amount") is None and "amount" not in self.errors:
            self._add_error("amount", "Enter the amount won. It is booked as revenue.")
        return self.cleaned_data

    def _require_reason_for_push(self) -> None:
        old, new = self.instance.close_date, self.value("close_date")
        if self.given_reason and new == old:
            self._add_error("reason", "The close date has not changed. Change it or leave this empty.")
        if self.instance.status != Deal.Status.OPEN or old is None or new is None or new <= old:
            return
        month = self.team.company.fiscal_year_start
        if push_counts(old, new, first_month=month) and not self.given_reason:
            self._add_error("reason", "Enter a reason: the close date moves later.")

    @property
    def given_reason(self) -> str:
        return self.cleaned_data.get("reason") or ""

    def _add_error(self, name: str, sentence: str) -> None:
        """At the field, or above the form if the field was not sent."""
        self.add_error(name if name in self.fields else None, sentence)

    @property
    def submitted(self) -> dict[str, Any]:
        submitted = super().submitted
        if self.is_changed("account_name"):
            submitted["account"] = Account.objects.find_or_create(
                self.cleaned_data["account_name"], company=self.team.company
            )
        return submitted

    @transaction.atomic
    def write(self) -> Deal:
        """Raises VersionConflict when somebody saved in between."""
        if not self.instance.pk:
            return self._create()
        submitted, money = self.submitted, ("status", "amount", "close_date")
        moved = any(name in submitted and submitted[name] != getattr(self.instance, name) for name in money)
        if self.part == "pushed":
            deal = self.instance.record_reason(
                self.cleaned_data["reason"], version=self.submitted_version, now=self.now
            )
        elif self.differs(submitted):
            deal = self.instance.record_change(
                version=self.submitted_version,
                day=self.today,
                now=self.now,
                by=self.user,
                reason=self.given_reason,
                **submitted,
            )
        else:
            return self.instance
        if moved:
            RevenueEntry.objects.book_deal(deal, by=self.user, now=self.now)
        Team.objects.bump_revision(self.team.pk)
        return deal

    def _create(self) -> Deal:
        submitted = self.submitted
        deal = Deal(
            team=self.team,
            created_by=self.user,
            created_at=self.now,
            changed_at=self.now,
            opened_on=self.today,
            token=self.cleaned_data["token"] or self.instance.token,
            **submitted,
        )
        return create_once(
            deal,
            then=lambda deal: RevenueEntry.objects.book_deal(deal, by=self.user, now=self.now),
            text_fields=submitted,
        )
