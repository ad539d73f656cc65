"""The form of a forecast call: the deals of the commit, commit and best case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Self

from django import forms

from alignment.forms.fields import AmountField
from alignment.forms.versioned import VersionedForm
from alignment.rules.formatting import MoneyFormat, compact, day
from deals.rules.evidence import FACT_CHOICES, NO_FACT, NO_REASON
from meetings.forecast.calls import CallTerms
from meetings.forecast.queries import CallDraft, Candidate, draft_of
from meetings.models import Call

NUMBER = re.compile(r"[0-9]{1,18}")


class DealsField(forms.MultipleChoiceField):
    """Deals to tick. A list of them written as one text is read too: that is how two versions are compared."""

    widget = forms.CheckboxSelectMultiple
    css = "choices--rows"

    def prepare_value(self, value: Any) -> list[str]:
        return sorted(set(NUMBER.findall(str(value or ""))), key=int)

    def to_python(self, value: Any) -> list[str]:
        return self.prepare_value(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)


class CallForm(VersionedForm):
    """Commit and best case may be left empty: then they are what the ticked deals and what is won add up to."""

    layout = (("deals",), ("commit", "best_case"), ("confirmed",))
    unmarked = ("commit", "best_case")

    deals = DealsField(
        required=False,
        label="Deals in the commit",
        error_messages={
            "invalid_choice": "One of the deals was decided, moved or handed over in the meantime. "
            "These are the ones that can still close in the period."
        },
    )
    commit = AmountField(required=False, label="Commit")
    best_case = AmountField(
        required=False,
        label="Best case",
        help_text="If the upside you can name comes too. Empty: the same as the commit.",
    )
    confirmed = forms.BooleanField(required=False, label="Yes, that is what I mean")

    needs_reason: ClassVar[str] = (
        "{name} was pushed so often that it needs a reason for the last push to be in the commit. Enter that on the "
        "page of the deal, or leave it out."
    )
    needs_fact: ClassVar[str] = (
        "{name} was pushed so often that it needs one fact to be in the commit. Choose one, or leave the deal out."
    )
    asks_without: ClassVar[str] = (
        "{deals} fell out since. Does the commit of {commit} stand without {them}? Otherwise change it."
    )
    asks_below: ClassVar[str] = "The commit is below what is {kind} already, {won}. Is that what you mean?"

    def __init__(self, data: Any = None, *, draft: CallDraft, m: MoneyFormat) -> None:
        self.draft, self.instance, self.m = draft, draft, m
        terms = draft.terms
        super().__init__(
            data,
            initial={
                "deals": sorted(draft.deals),
                "commit": terms.commit if terms and draft.is_typed else None,
                "best_case": terms.best_case if terms and self._has_best_case(terms) else None,
            },
        )
        deals, commit = self.fields["deals"], self.fields["commit"]
        assert isinstance(deals, DealsField)
        deals.choices = [(str(row.id), self._label_of(row)) for row in self._sorted()]
        commit.help_text = (
            f"The total you stand behind, with the {compact(draft.won, m)} {draft.participle} so far. "
            f"Empty: that and the deals ticked, {compact(draft.total_of(draft.deals), m)} with those ticked so far."
        )
        for name in ("commit", "best_case"):
            self.fields[name].write_for(m.locale, currency=m.currency)  # type: ignore[attr-defined]
        if not draft.candidates:
            del self.fields["deals"]
        self.carry_version()
        if not self._is_below_won and not self._stands_without:
            del self.fields["confirmed"]
        self._ask_for_facts()

    def _ask_for_facts(self) -> None:
        """A field for each ticked deal that needs a fact from its third push on."""
        self.needs: list[tuple[Candidate, tuple[str, ...]]] = []
        if not self.is_bound or "deals" not in self.fields:
            return
        field = self.fields["deals"]
        assert isinstance(field, DealsField)
        ticked = {int(pk) for pk in field.to_python(self["deals"].data)}
        self.needs = list(self.draft.missing_for(ticked))
        for row, needs in self.needs:
            if NO_FACT in needs:
                self.fields[f"fact_{row.id}"] = forms.ChoiceField(
                    required=False,
                    label=f"Why {row.name} will close",
                    choices=[("", "None yet"), *FACT_CHOICES],
                )

    def _has_best_case(self, terms: CallTerms) -> bool:
        """Whether it is more than a commit that nobody typed."""
        return self.draft.is_typed or terms.best_case != terms.commit

    def _sorted(self) -> list[Candidate]:
        """Those of the commit first, each part with the largest first."""
        return sorted(self.draft.candidates, key=lambda row: row.id not in self.draft.deals)

    def _label_of(self, row: Candidate) -> str:
        closes = f"closes {day(row.close_date)}" if row.close_date else ""
        amount = compact(row.amount, self.m) if row.amount is not None else "no amount"
        return ", ".join(filter(None, (row.name, amount, closes)))

    @property
    def _is_below_won(self) -> bool:
        """Whether it is asked for: as far as the typed commit can be read."""
        commit = self._typed_commit
        return commit is not None and commit < self.draft.won

    @property
    def _stands_without(self) -> bool:
        """Whether the same total is stated again although deals of it fell out."""
        terms = self.draft.terms
        return bool(self.draft.fallen) and terms is not None and self._typed_commit == terms.commit

    @property
    def _typed_commit(self) -> Decimal | None:
        """As far as it can be read."""
        if not self.is_bound:
            return None
        try:
            commit: Decimal | None = self.fields["commit"].clean(self["commit"].data)
        except forms.ValidationError:
            return None
        return commit

    @property
    def _asks_without(self) -> bool:
        """Unless it was confirmed without just these deals: another may have fallen out while the page was open."""
        if not self._stands_without:
            return False
        known = set(NUMBER.findall(self.data.get("without", "")))
        is_confirmed = bool(self.cleaned_data.get("confirmed"))
        return not (is_confirmed and {str(deal.id) for deal, _ in self.draft.fallen} <= known)

    def _question(self, commit: Decimal) -> str:
        deals = [
            f"{deal.name}{'' if deal.amount is None else ' ' + compact(deal.amount, self.m)} ({why})"
            for deal, why in self.draft.fallen
        ]
        return self.asks_without.format(
            deals=", ".join(deals), commit=compact(commit, self.m), them="it" if len(deals) == 1 else "them"
        )

    def for_row(self, row: Call | CallDraft) -> Self:
        draft = draft_of(self.draft, row) if isinstance(row, Call) else row
        return type(self)(draft=draft, m=self.m)

    @property
    def submitted_version(self) -> int:
        """0 for the first call: a stored one is never replaced unnoticed."""
        return self.cleaned_data.get("version") or 0

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return values
        if not values.get("deals") and values["commit"] is None:
            self.add_error("commit", "Tick the deals you stand behind, or enter the total.")
            return values
        terms = self.terms
        self._refuse_third_pushes(dict(terms.facts))
        if terms.best_case < terms.commit:
            self.add_error("best_case", "The best case cannot be below the commit.")
        elif self._asks_without:
            self.add_error("confirmed", self._question(terms.commit))
        elif terms.commit < self.draft.won and not values.get("confirmed"):
            self.add_error(
                "confirmed" if "confirmed" in self.fields else "commit",
                self.asks_below.format(kind=self.draft.participle, won=compact(self.draft.won, self.m)),
            )
        return values

    def _refuse_third_pushes(self, facts: Mapping[int, str]) -> None:
        for row, needs in self.needs:
            if NO_FACT in needs and row.id not in facts:
                self.add_error(f"fact_{row.id}", self.needs_fact.format(name=row.name))
            if NO_REASON in needs:
                self.add_error("deals", self.needs_reason.format(name=row.name))

    @property
    def terms(self) -> CallTerms:
        values = self.cleaned_data
        deals = frozenset(int(pk) for pk in values.get("deals", ()))
        commit = values["commit"] if values["commit"] is not None else self.draft.total_of(deals)
        best_case = values["best_case"] if values["best_case"] is not None else commit
        facts = frozenset((pk, fact) for pk in deals if (fact := values.get(f"fact_{pk}")))
        return CallTerms(commit, best_case, deals, facts)
