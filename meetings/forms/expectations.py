"""The form of the CEO’s number: each deal of the commit kept or struck, or a number of its own."""

from __future__ import annotations

from typing import Any, Self

from django import forms

from alignment.forms.fields import AmountField
from alignment.forms.versioned import VersionedForm
from alignment.rules.formatting import MoneyFormat, compact, day
from meetings.agenda.sections.calls import CalledDeal
from meetings.forecast.expectations import ExpectationDraft, ExpectationTerms
from meetings.models import Expectation, Struck

IN = "in"
VERDICTS = [(IN, "In"), (Struck.Verdict.LATER.value, "Later"), (Struck.Verdict.OUT.value, "Out")]


def field_of(deal: int) -> str:
    return f"deal-{deal}"


class VerdictField(forms.ChoiceField):
    """What is not sent stays in: the page was fetched before the deal came into the commit."""

    widget = forms.RadioSelect
    css = "choices--row"

    def clean(self, value: Any) -> Any:
        return super().clean(value or IN)


class ExpectationForm(VersionedForm):
    unmarked = ("amount",)

    amount = AmountField(required=False, label="Or your own total")

    def __init__(
        self, data: Any = None, *, draft: ExpectationDraft, m: MoneyFormat, sum_url: str = ""
    ) -> None:
        self.draft, self.instance, self.m, self.sum_url = draft, draft, m, sum_url
        verdicts = draft.terms.verdicts
        initial = {field_of(deal.id): verdicts.get(deal.id, IN) for deal in draft.deals}
        super().__init__(data, initial=initial | {"amount": draft.terms.typed})
        for deal in draft.deals:
            self.fields[field_of(deal.id)] = self._verdict_field(deal)
        self.fields["amount"] = self.fields.pop("amount")  # last
        self.fields[
            "amount"
        ].help_text = f"With what is {draft.participle} already. It counts instead of the sum."
        self.fields["amount"].write_for(m.locale, currency=m.currency)  # type: ignore[attr-defined]
        self.carry_version()

    def _verdict_field(self, deal: CalledDeal) -> VerdictField:
        closes = f"closes {day(deal.closes_on)}" if deal.closes_on else ""
        label = ", ".join(filter(None, (deal.name, compact(deal.amount, self.m), closes)))
        field = VerdictField(choices=VERDICTS, label=label, error_messages={"invalid_choice": "Choose one."})
        if self.sum_url:
            field.widget.attrs |= {
                "hx-get": self.sum_url,
                "hx-include": "[name^='deal-']",
                "hx-trigger": "change",
                "hx-target": "#left",
                "hx-swap": "innerHTML",
            }
        return field

    def for_row(self, row: Expectation | ExpectationDraft) -> Self:
        draft = self.draft.of(row) if isinstance(row, Expectation) else row
        return type(self)(draft=draft, m=self.m)

    @property
    def submitted_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.draft.deals and values["amount"] is None:
            self.add_error("amount", "Enter a number: there are no deals in the commit to decide on.")
        return values

    @property
    def terms(self) -> ExpectationTerms:
        values = self.cleaned_data
        verdicts = {deal.id: values.get(field_of(deal.id)) for deal in self.draft.deals}
        struck = {deal: verdict for deal, verdict in verdicts.items() if verdict in Struck.Verdict.values}
        return ExpectationTerms(struck, values["amount"])
