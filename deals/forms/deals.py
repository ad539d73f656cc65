"""The form of a deal.

Parts of the edit form, for autosave on other pages. POST to deals:edit with `version`, `part` and:
    step       next_step, next_step_on
    facts      deal_type, lead_source, forecast, contract_end
    pushed     reason_kind, reason     why the close date last moved; recorded with that change
Without a part: every field below. A field that is not sent stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db import transaction

from alignment.forms.fields import AmountField, DayField, WordsField
from alignment.forms.versioned import ItemForm
from alignment.models import Team
from alignment.web.create_once import create_once
from deals.forms.accounts import (
    MOST_SUGGESTED,
    NewAccountField,
    account_names,
    accounts_like,
    did_you_mean,
    is_account,
)
from deals.forms.reasons import ReasonField
from deals.models import Account, Deal, DealChange, RevenueEntry
from deals.rules.slips import push_counts
from deals.sales_people.rep_names import AmbiguousRepError, RepNames, find_or_create_rep, rep_names_of

UNKNOWN = ("", "Not known")
NEW_STATUSES = [choice for choice in Deal.Status.choices if choice[0] != Deal.Status.WITHDRAWN]


class DealForm(ItemForm[Deal]):
    parts: ClassVar[dict[str, tuple[str, ...]]] = {
        "pushed": ("reason_kind", "reason"),
        "step": ("next_step", "next_step_on"),
        "facts": ("deal_type", "lead_source", "forecast", "contract_end"),
    }
    layout: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("account_name", "name"),
        ("new_account",),
        ("status", "stage"),
        ("amount", "close_date"),
        ("reason_kind",),
        ("reason",),
        ("next_step", "next_step_on"),
        ("rep_name", "won_by"),
        ("won_line",),
        ("deal_type", "lead_source"),
        ("forecast", "contract_end"),
    )

    name = WordsField(max_length=200, label="Deal", error_messages={"required": "Enter the deal’s name."})
    account_name = WordsField(
        max_length=200, label="Account", required=False, widget=forms.TextInput(attrs={"list": "accounts"})
    )
    new_account = NewAccountField()
    rep_name = WordsField(
        max_length=120, label="Rep", required=False, widget=forms.TextInput(attrs={"list": "reps"})
    )
    status = forms.ChoiceField(choices=Deal.Status.choices, label="Status")
    stage = WordsField(max_length=80, required=False)
    amount = AmountField(required=False)
    close_date = DayField(
        label="Close date", required=False, help_text="Expected close date, or the day it was won or lost."
    )
    reason_kind = ReasonField(label="Why the new date, or how it ended")
    reason = WordsField(
        rows=2,
        max_length=300,
        required=False,
        label="In your words",
        help_text="One of the two is required when an open deal moves later.",
    )
    next_step = WordsField(max_length=300, required=False, label="Next step")
    next_step_on = DayField(required=False, label="On")
    deal_type = forms.ChoiceField(choices=[UNKNOWN, *Deal.Type.choices], required=False, label="Type")
    lead_source = forms.ChoiceField(
        choices=[UNKNOWN, *Deal.LeadSource.choices], required=False, label="Lead source"
    )
    forecast = forms.ChoiceField(
        choices=[UNKNOWN, *Deal.Forecast.choices],
        required=False,
        label="Forecast category",
        help_text="As your CRM has it.",
    )
    contract_end = DayField(
        required=False, label="Contract end", help_text="When what was sold ends or renews."
    )
    won_by = WordsField(
        max_length=120,
        label="Who earned it",
        required=False,
        widget=forms.TextInput(attrs={"list": "reps"}),
    )
    won_line = WordsField(max_length=300, label="What won it", required=False)

    class Meta:
        model = Deal
        fields = (
            "name",
            "status",
            "stage",
            "amount",
            "close_date",
            "next_step",
            "next_step_on",
            "deal_type",
            "lead_source",
            "forecast",
            "contract_end",
            "won_by",
            "won_line",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "account_name" in self.fields and self.instance.account:
            self.initial["account_name"] = self.instance.account.name
        if "rep_name" in self.fields:
            self.initial["rep_name"] = self.instance.rep_name
        if self.part == "pushed" and (push := self.instance.last_push):
            self.initial.update(reason=push.reason, reason_kind=push.reason_kind)
        if not self.instance.pk:
            self.fill_in(status=lambda: Deal.Status.OPEN)
            self.fields["status"].choices = NEW_STATUSES  # type: ignore[attr-defined]
        for name in self._not_asked():
            self.fields.pop(name, None)

    def _not_asked(self) -> Iterator[str]:
        """Fields that make no sense for the deal as it is, or that are asked once there is a doubt."""
        if not self.instance.pk:
            yield from ("reason_kind", "reason")
        if self.instance.pk or not self.is_bound:
            yield "new_account"
        if not self.part and self.instance.status != Deal.Status.WON:
            yield from ("won_by", "won_line")

    @property
    def datalists(self) -> dict[str, list[str]]:
        """Names suggested while typing: of the company's accounts, and of the team's reps."""
        suggested: dict[str, list[str]] = {}
        if "account_name" in self.fields:
            suggested["accounts"] = account_names(self.team.company_id)
        if "rep_name" in self.fields or "won_by" in self.fields:
            suggested["reps"] = rep_names_of(self.team, most=MOST_SUGGESTED)
        return suggested

    def clean(self) -> dict[str, Any]:
        if self.part == "pushed" and not self.instance.changes.standing().filter(field="close_date").exists():
            self._add_error("reason", "The close date of this deal has never changed, so it needs no reason.")
        if "close_date" not in self.errors and "status" not in self.errors and not self.part:
            self._check_dates_and_money(self.value("status"), self.value("close_date"))
        if self.is_changed("rep_name") and self.cleaned_data.get("rep_name"):
            self._check_rep(self.cleaned_data["rep_name"])
        if "new_account" in self.fields and not self.cleaned_data.get("new_account"):
            self._ask_about_account(self.cleaned_data.get("account_name") or "")
        return self.cleaned_data

    def _check_rep(self, name: str) -> None:
        try:
            RepNames(self.team.company_id).meant_by(name, team=self.team)
        except AmbiguousRepError as error:
            self._add_error("rep_name", str(error))

    def _ask_about_account(self, name: str) -> None:
        """Part of a known name is a question; a name of its own is a new account."""
        company = self.team.company
        known = [] if not name or is_account(name, company) else accounts_like(name, company)
        if known:
            self._add_error("account_name", did_you_mean(name, known, what="account"))
        else:
            del self.fields["new_account"]

    def _check_dates_and_money(self, status: str | None, day: date | None) -> None:
        if status == Deal.Status.OPEN:
            self._require_reason_for_push()
        if status not in (Deal.Status.WON, Deal.Status.LOST):
            return
        if day is None:
            self._add_error("close_date", f"Enter the day it was {status}.")
        elif day > self.today:
            what = "win" if status == Deal.Status.WON else "loss"
            self._add_error("close_date", f"The {what} date cannot be in the future.")
        if status == Deal.Status.WON and self.value("amount") is None and "amount" not in self.errors:
            self._add_error("amount", "Enter the amount won. It is booked as revenue.")

    def _require_reason_for_push(self) -> None:
        old, new = self.instance.close_date, self.value("close_date")
        if self.has_reason and new == old:
            self._add_error("reason", "The close date has not changed. Change it or leave this empty.")
        if self.instance.status != Deal.Status.OPEN or old is None or new is None or new <= old:
            return
        month = self.team.company.fiscal_year_start
        if push_counts(old, new, first_month=month) and not self.has_reason:
            self._add_error("reason", "Enter a reason: the close date moves later.")

    @property
    def given_reason(self) -> str:
        return self.cleaned_data.get("reason") or ""

    @property
    def given_kind(self) -> str:
        return self.cleaned_data.get("reason_kind") or ""

    @property
    def has_reason(self) -> bool:
        return bool(self.given_reason or self.given_kind)

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
        if self.is_changed("rep_name"):
            submitted["rep"] = find_or_create_rep(
                self.cleaned_data["rep_name"], team=self.team, day=self.today
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
                self.value("reason") if "reason" in self.fields else self.instance.last_reason,
                kind=self.given_kind,
                version=self.submitted_version,
                now=self.now,
            )
        elif self.differs(submitted) or (self.has_reason and self.instance.is_decided):
            deal = self.instance.record_change(
                version=self.submitted_version,
                day=self.today,
                now=self.now,
                by=self.user,
                reason=self.given_reason,
                reason_kind=self.given_kind,
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
            then=self._first_seen,
            text_fields=submitted,
        )

    def _first_seen(self, deal: Deal) -> None:
        DealChange.objects.record_first_sight([deal])
        RevenueEntry.objects.book_deal(deal, by=self.user, now=self.now)
