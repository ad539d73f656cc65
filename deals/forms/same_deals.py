"""Which deal is the same as this one: proposed, or found by its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from alignment.forms.layout import Question
from alignment.rules.formatting import MoneyFormat, day, money
from deals.models import Deal


class MergeForm(Question):
    into = forms.ChoiceField(
        label="It is the same deal as",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a deal.", "invalid_choice": "Choose a deal of the same team."},
    )

    def __init__(self, *args: Any, deal: Deal, deals: Iterable[Deal], m: MoneyFormat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deals = {str(other.pk): other for other in deals}
        choices = [(pk, describe(other, m, beside=deal)) for pk, other in self.deals.items()]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]

    @property
    def selected(self) -> Deal:
        return self.deals[self.cleaned_data["into"]]


def describe(deal: Deal, m: MoneyFormat, *, beside: Deal) -> str:
    """What tells it from others of its name. The account is said where it is another one than `beside` has."""
    is_elsewhere = deal.account is not None and deal.account_id != beside.account_id
    parts = (
        deal.name,
        str(deal.account) if is_elsewhere else "",
        money(deal.amount, m) if deal.amount is not None else "no amount",
        f"{deal.get_status_display()} {day(deal.close_date)}"
        if deal.close_date
        else deal.get_status_display(),
        deal.rep_name,
        f"ID {deal.external_id}" if deal.external_id else "",
    )
    return " · ".join(filter(None, parts))
