"""The lines of a quarter as one form: what the sales leader proposes, or with which the CEO answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from alignment.forms.fields import AmountField, WordsField
from alignment.forms.layout import Question
from alignment.models import Team, User
from meetings.agreement.proposals import Proposal
from meetings.agreement.terms import MOST_INITIATIVES, MOST_SENTENCES, InitiativeTerms
from meetings.rules.decision_rights import Right, RightKind

LONGEST_SENTENCE = 200
MOST_DAYS = 365


def _figure(label: str, unit: str, most: int, *, places: int = 0) -> forms.DecimalField:
    wrong = f"Enter a number from 0 to {most}, or leave it empty."
    field = forms.DecimalField(
        min_value=0,
        max_value=most,
        decimal_places=places,
        required=False,
        label=label,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places", "max_whole_digits", "max_digits"),
            wrong,
        ),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "class": "num"}),
    )
    field.css, field.unit = "field--short", unit  # type: ignore[attr-defined]
    return field


class AgreementForm(Question):
    """Rights that are left empty are the CEO's."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("with_measures",),
        ("initiatives",),
        ("discount", "terms", "unpaid"),
        ("spending",),
        ("people",),
        ("exceptions",),
        ("sentences",),
    )
    unmarked = ("discount", "terms", "unpaid", "spending", "people", "exceptions", "sentences")

    with_measures = forms.BooleanField(required=False, label="Agree on the leading measures as they are now")
    initiatives = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        label="Initiatives of the quarter",
        help_text=f"At most {MOST_INITIATIVES}, each with its measure and target.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these initiatives is not open any more. Choose again."},
    )
    discount = _figure("Discounts up to", "%", 100, places=2)
    terms = _figure("Payment terms up to", "days", MOST_DAYS)
    unpaid = _figure("Unpaid work up to", "days", MOST_DAYS)
    spending = AmountField(required=False, label="Spending up to", help_text="For one purpose, such as 20k.")
    people = WordsField(
        max_length=LONGEST_SENTENCE,
        required=False,
        label="Hiring and dismissal",
        help_text="Such as “reps alone; managers together”.",
    )
    exceptions = WordsField(
        max_length=LONGEST_SENTENCE,
        required=False,
        label="Exceptions to a customer",
        help_text="Such as “in writing, never on delivery dates”.",
    )
    sentences = WordsField(
        rows=4,
        required=False,
        label="And we agree",
        help_text=(
            f"At most {MOST_SENTENCES} sentences, one a line, such as “We leave accounts under 20K to partners”."
        ),
    )
    state = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self,
        data: Any = None,
        *,
        team: Team,
        user: User,
        initiatives: Sequence[InitiativeTerms],
        closed: Sequence[str],
        measures: Sequence[str],
        known: Mapping[str, Any],
        state: str,
    ) -> None:
        super().__init__(data, initial={**known, "state": state})
        self.team = team
        self.fields["initiatives"].choices = [(terms.id, terms.in_words) for terms in initiatives]  # type: ignore[attr-defined]
        if closed:
            stay = f"{' and '.join(closed)}: no longer open, so as agreed."
            self.fields["initiatives"].help_text += f" {stay}"
        if not initiatives:
            del self.fields["initiatives"]
        self.fields["with_measures"].help_text = "; ".join(measures)
        if not measures:
            del self.fields["with_measures"]
        spending = self.fields["spending"]
        assert isinstance(spending, AmountField)
        spending.write_for(user.locale, currency=team.currency)

    def clean_initiatives(self) -> list[int]:
        selected: list[int] = self.cleaned_data["initiatives"]
        if len(selected) > MOST_INITIATIVES:
            raise forms.ValidationError(
                f"These are {len(selected)} initiatives. Choose at most {MOST_INITIATIVES}."
            )
        return selected

    def clean_sentences(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["sentences"].split("\n")]
        sentences = list(dict.fromkeys(filter(None, lines)))
        if len(sentences) > MOST_SENTENCES:
            raise forms.ValidationError(
                f"These are {len(sentences)} sentences. Write at most {MOST_SENTENCES}, one a line."
            )
        if any(len(sentence) > LONGEST_SENTENCE for sentence in sentences):
            raise forms.ValidationError(f"A sentence has at most {LONGEST_SENTENCE} characters.")
        return sentences

    @property
    def proposal(self) -> Proposal:
        values = self.cleaned_data
        return Proposal(
            with_measures=bool(values.get("with_measures")),
            initiatives=tuple(values.get("initiatives") or ()),
            rights=tuple(self._right(kind) for kind in RightKind),
            sentences=tuple(values["sentences"]),
        )

    def _right(self, kind: RightKind) -> Right:
        value = self.cleaned_data[str(kind)]
        if not kind.is_limit:
            return Right(kind, text=value)
        currency = self.team.currency if kind == RightKind.SPENDING else ""
        return Right(kind, value if isinstance(value, Decimal) else None, currency=currency)


class LeaveOpenForm(Question):
    why = WordsField(
        rows=3,
        max_length=500,
        label="Why it is left open",
        help_text="Only the CEO and the sales leader can read this.",
        error_messages={"required": "Say why in one sentence."},
    )


class DisagreeForm(Question):
    why = WordsField(
        rows=3,
        max_length=500,
        label="What you do not agree with",
        help_text="Only the CEO and the sales leader can read this. Others see that the goals are not agreed.",
        error_messages={"required": "Say in one sentence what you do not agree with."},
    )
