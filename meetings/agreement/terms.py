"""What the lines of a quarter's agreement hold as they are stored, in words, and what of them was changed since.

Amounts in sentences are in braces, as in the headline of an agenda.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from alignment.rules.formatting import measured
from alignment.rules.money import compact, show
from alignment.rules.periods import MONTH_NAMES, Period
from deals.goals.agreement import SUBJECT as GOALS
from deals.goals.agreement import changed_months, months_of
from deals.mix.subject import goal_changes
from deals.mix.terms import SUBJECT as MIX
from deals.mix.terms import MixTerms
from meetings.rules.decision_rights import Right, RightKind
from meetings.rules.measures import Direction

MEASURES, INITIATIVES, RIGHT, SENTENCE = "measures", "initiatives", "right", "sentence"
OF_QUARTER = (GOALS, MEASURES, INITIATIVES, RIGHT, SENTENCE)
MOST_INITIATIVES, MOST_SENTENCES = 5, 5
OUT_OF_ENGLISH = "en-US"
"""How amounts are written where no reader is known."""


@dataclass(frozen=True, slots=True)
class MeasureTerms:
    id: int
    name: str
    target: Decimal
    unit: str
    direction: str
    owner: str = ""
    """The rep who is asked for it each week."""

    def as_content(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "target": str(self.target),
            "unit": self.unit,
            "direction": self.direction,
            "owner": self.owner,
        }

    @property
    def in_words(self) -> str:
        """ "Plant visits: at least 8 a week, Maya Osei" """
        owner = f", {self.owner}" if self.owner else ""
        return (
            f"{self.name}: {Direction(self.direction).word} {measured(self.target, self.unit)} a week{owner}"
        )

    def changes(self, now: MeasureTerms | None) -> Iterator[str]:
        if now is None:
            yield f"“{self.name}” is no longer measured."
            return
        if (self.target, self.direction) != (now.target, now.direction):
            before, after = (
                f"{Direction(terms.direction).word} {measured(terms.target, terms.unit)}"
                for terms in (self, now)
            )
            yield f"The target of “{self.name}” was {before} and is now {after}."
        if self.owner != now.owner:
            yield f"The owner of “{self.name}” was {self.owner or 'nobody'} and is now {now.owner or 'nobody'}."


@dataclass(frozen=True, slots=True)
class InitiativeTerms:
    id: int
    title: str
    measure: str
    target: Decimal | None
    unit: str
    due: date | None

    def as_content(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "measure": self.measure,
            "target": None if self.target is None else str(self.target),
            "unit": self.unit,
            "due": self.due.isoformat() if self.due else None,
        }

    @property
    def aim(self) -> str:
        """ "deals above $20k a month, target 9"; “no target yet”."""
        if self.target is None:
            return "no target yet"
        target = f"target {measured(self.target, self.unit)}"
        return f"{self.measure}, {target}" if self.measure else target

    @property
    def in_words(self) -> str:
        return f"{self.title}: {self.aim}"

    def changes(self, now: InitiativeTerms | None) -> Iterator[str]:
        """One that was finished since is nothing that was changed."""
        if now is None:
            return
        if (self.measure, self.unit) != (now.measure, now.unit) or None in (self.target, now.target):
            if (self.measure, self.target, self.unit) != (now.measure, now.target, now.unit):
                yield f"“{self.title}” was agreed with {self.aim}; it is now {now.aim}."
        elif self.target != now.target:
            before, after = (measured(terms.target, terms.unit) for terms in (self, now))
            yield f"The target of “{self.title}” was {before} and is now {after}."


@dataclass(frozen=True, slots=True)
class Current:
    """What the lines of an agreement are compared with, as it is now."""

    goals: Mapping[date, Decimal] = field(default_factory=dict)
    """Of the quarter and of the fiscal year."""
    measures: Mapping[int, MeasureTerms] = field(default_factory=dict)
    initiatives: Mapping[int, InitiativeTerms] = field(default_factory=dict)


def measures_content(measures: Iterable[MeasureTerms]) -> dict[str, Any]:
    return {"measures": [measure.as_content() for measure in measures]}


def initiatives_content(initiatives: Iterable[InitiativeTerms]) -> dict[str, Any]:
    return {"initiatives": [initiative.as_content() for initiative in initiatives]}


def measures_of(content: Mapping[str, Any]) -> list[MeasureTerms]:
    return [MeasureTerms(**row | {"target": Decimal(row["target"])}) for row in content["measures"]]


def initiatives_of(content: Mapping[str, Any]) -> list[InitiativeTerms]:
    return [
        InitiativeTerms(
            **row
            | {
                "target": None if row["target"] is None else Decimal(row["target"]),
                "due": date.fromisoformat(row["due"]) if row["due"] else None,
            }
        )
        for row in content["initiatives"]
    ]


def right_content(right: Right) -> dict[str, Any]:
    limit = None if right.limit is None else f"{right.limit.normalize():f}"
    return {"kind": str(right.kind), "limit": limit, "text": right.text, "currency": right.currency}


def right_of(content: Mapping[str, Any]) -> Right:
    limit = None if content["limit"] is None else Decimal(content["limit"])
    return Right(RightKind(content["kind"]), limit, content["text"], content["currency"])


def sentence_content(text: str, *, was: str = "") -> dict[str, Any]:
    """`was`: the sentence that is taken out, where the text is empty."""
    return {"text": text, "was": "" if text else was}


def lines_in_words(subject: str, content: Mapping[str, Any], *, locale: str = OUT_OF_ENGLISH) -> list[str]:
    """What a line of the agreement says, a sentence or a phrase each."""
    if subject == GOALS:
        return _goals_in_words(content, locale)
    if subject == MIX:
        return [MixTerms.of(content).in_words]
    if subject == MEASURES:
        return [measure.in_words for measure in measures_of(content)] or ["No leading measures"]
    if subject == INITIATIVES:
        return [initiative.in_words for initiative in initiatives_of(content)] or ["No initiatives"]
    if subject == RIGHT:
        return [right_in_words(right_of(content), locale=locale)]
    return [content["text"] or f"Taken out: “{content['was']}”"]


def right_in_words(right: Right, *, locale: str = OUT_OF_ENGLISH) -> str:
    """ "up to 15%", "up to $20K", “the CEO decides”."""
    if right.kind == RightKind.SPENDING and right.limit is not None:
        return f"up to {compact(right.limit, currency=right.currency, locale=locale)}"
    return right.up_to or "the CEO decides"


def _goals_in_words(content: Mapping[str, Any], locale: str) -> list[str]:
    months, currency = months_of(content), content["currency"]
    if not months:
        return ["No goals are set"]
    amounts = (
        f"{MONTH_NAMES[month.month - 1]} {show(goal, currency=currency, locale=locale)}"
        for month, goal in months.items()
    )
    total = show(sum(months.values(), Decimal(0)), currency=currency, locale=locale)
    return [f"{total}: {', '.join(amounts)}"]


def changes_since(
    subject: str, content: Mapping[str, Any], facts: Mapping[str, Any], current: Current, quarter: Period
) -> tuple[str, ...]:
    """What of a line was changed since it was agreed, in sentences; never what an import moved."""
    if subject == GOALS:
        return tuple(changed_months(content, current.goals, quarter))
    if subject == MIX:
        goals = {month.isoformat(): str(amount) for month, amount in current.goals.items()}
        return goal_changes(facts, {"goals": goals})
    if subject == MEASURES:
        return term_changes(measures_of(content), current.measures)
    if subject == INITIATIVES:
        return term_changes(initiatives_of(content), current.initiatives)
    return ()


def term_changes(agreed: Sequence[Any], current: Mapping[int, Any]) -> tuple[str, ...]:
    """Of measures or initiatives as they were agreed; `current` are those of now by their numbers."""
    return tuple(change for terms in agreed for change in terms.changes(current.get(terms.id)))
