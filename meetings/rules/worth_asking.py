"""The question an experienced CEO would ask, by what the facts show. Pure: a table of rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from deals.rules.risks import STALE_AFTER
from deals.rules.slips import PUSHES_UNTIL_UNRELIABLE

GOOD_WEEKS = 2
"""Meetings in a row at which the gap had shrunk."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the facts show of one deal, risk, initiative or team."""

    pushes: int = 0
    """How often the close date of an open deal moved later, small moves not counted."""
    risk_unchanged_for: int = 0
    """Held meetings without an update of an open risk."""
    behind_for: int = 0
    """Held meetings that an open initiative has been behind or blocked."""
    good_weeks: int = 0
    """Meetings in a row at which the gap had become smaller by more than counts as news."""


class Rule(NamedTuple):
    applies: Callable[[Signs], bool]
    question: str


RULES = (
    Rule(lambda signs: signs.pushes >= PUSHES_UNTIL_UNRELIABLE, "What does the buyer lose by waiting?"),
    Rule(lambda signs: signs.risk_unchanged_for >= STALE_AFTER, "What would make you give up?"),
    Rule(lambda signs: signs.behind_for >= STALE_AFTER, "What should we stop to make room?"),
    Rule(lambda signs: signs.good_weeks >= GOOD_WEEKS, "What did you do differently?"),
)
"""In the order of what matters more."""


def question_for(signs: Signs) -> tuple[int, str] | None:
    """The question, with its place in the order; None where there is nothing to ask."""
    for order, rule in enumerate(RULES):
        if rule.applies(signs):
            return order, rule.question
    return None
