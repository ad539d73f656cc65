"""Why a close date moved, and why a deal was won or lost: one list of kinds, by the side that caused it. Pure.

The kind says which side; the words beside it say what happened.
"""

from __future__ import annotations

from enum import StrEnum


class ReasonKind(StrEnum):
    DATE = "date"
    BUDGET = "budget"
    LEGAL = "legal"
    PRIORITIES = "priorities"
    NO_DECISION = "no_decision"
    DELAY = "delay"
    OFFER = "offer"
    PEOPLE = "people"


class ReasonFor(StrEnum):
    """What the reason is for."""

    PUSH = "push"
    WON = "won"
    LOST = "lost"


THE_DATE, BUYERS_SIDE, OUR_SIDE = "The date", "The buyer’s side", "Our side"

LABELS = {
    ReasonKind.DATE: "The date was a guess",
    ReasonKind.BUDGET: "Budget",
    ReasonKind.LEGAL: "Legal or procurement",
    ReasonKind.PRIORITIES: "Priorities or people",
    ReasonKind.NO_DECISION: "No decision",
    ReasonKind.DELAY: "Delay",
    ReasonKind.OFFER: "Offer",
    ReasonKind.PEOPLE: "People",
}

SIDES = {
    THE_DATE: (ReasonKind.DATE,),
    BUYERS_SIDE: (ReasonKind.BUDGET, ReasonKind.LEGAL, ReasonKind.PRIORITIES, ReasonKind.NO_DECISION),
    OUR_SIDE: (ReasonKind.DELAY, ReasonKind.OFFER, ReasonKind.PEOPLE),
}

NOT_FOR = {
    ReasonFor.PUSH: frozenset[ReasonKind](),
    ReasonFor.WON: frozenset(
        {ReasonKind.DATE, ReasonKind.LEGAL, ReasonKind.NO_DECISION, ReasonKind.DELAY},
    ),
    ReasonFor.LOST: frozenset({ReasonKind.DATE}),
}
"""Nobody loses a deal because a date was a guess, nor wins one by a delay."""

CHOICES = [(kind.value, label) for kind, label in LABELS.items()]
"""Every kind with its words, for a model's field."""


def grouped_choices(reason_for: ReasonFor) -> list[tuple[str, list[tuple[str, str]]]]:
    """The kinds that fit, under the side they belong to."""
    fitting = {
        side: [(kind.value, LABELS[kind]) for kind in kinds if kind not in NOT_FOR[reason_for]]
        for side, kinds in SIDES.items()
    }
    return [(side, choices) for side, choices in fitting.items() if choices]


def reason_in_words(kind: str, words: str = "") -> str:
    """“The buyer’s side: budget. Their board meets in May.” Empty when neither is known."""
    return " ".join(part for part in (kind_in_words(kind), words) if part)


def kind_in_words(kind: str) -> str:
    """The kind with its side, as a sentence; empty for none, and for one that is not in the list."""
    if kind not in LABELS:
        return ""
    side = next(side for side, kinds in SIDES.items() if kind in kinds)
    label = LABELS[ReasonKind(kind)]
    return f"{label}." if side == THE_DATE else f"{side}: {label[0].lower()}{label[1:]}."
