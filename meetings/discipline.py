"""Whether the meeting is kept: streaks, misses, the share held; and whether promises are. Pure.

Outcomes come newest first. An excused meeting counts for nobody and against nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import takewhile

HEALTHY = Fraction(9, 10)
DOTS = 13


class Outcome(StrEnum):
    HELD = "held"
    MISSED = "missed"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class Dots:
    """The last 13 outcomes, oldest first."""

    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Dots:
        newest = [outcome for _, outcome in zip(range(DOTS), outcomes, strict=False)]
        return cls(tuple(reversed(newest)))

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)

    @property
    def in_words(self) -> str:
        """ "11 held, 1 missed, 1 excused", for who cannot see the dots."""
        counted = ((self.outcomes.count(outcome), outcome) for outcome in Outcome)
        return ", ".join(f"{count} {outcome}" for count, outcome in counted if count)


@dataclass(frozen=True, slots=True)
class Completion:
    """Commitments that fell due, and those of them done on time."""

    due: int
    on_time: int

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.on_time, self.due) if self.due else None

    @property
    def is_healthy(self) -> bool:
        """At least 90 % on time; where nothing fell due nothing was broken."""
        return self.share is None or self.share >= HEALTHY


def streak(outcomes: Iterable[Outcome]) -> int:
    """Meetings held in a row up to now."""
    return _in_a_row(outcomes, Outcome.HELD)


def missed_in_a_row(outcomes: Iterable[Outcome]) -> int:
    """Meetings missed in a row up to now: what the escalation ladder counts."""
    return _in_a_row(outcomes, Outcome.MISSED)


def share_held(outcomes: Iterable[Outcome]) -> Fraction | None:
    """Held of held and missed; None before there was either."""
    counted = [outcome for outcome in outcomes if outcome != Outcome.EXCUSED]
    return Fraction(counted.count(Outcome.HELD), len(counted)) if counted else None


def completion(
    commitments: Iterable[tuple[date, date | None, bool]], *, today: date, weeks: int = 13
) -> Completion:
    """Of the commitments `(due, closed_on, dropped)` due in the last `weeks`, how many were done on time.

    One due today counts once it is closed. Dropped by its due day it is left out; dropped later it was late.
    """
    since = today - timedelta(weeks=weeks)
    in_window = [
        (closed_on is not None and closed_on <= due, dropped)
        for due, closed_on, dropped in commitments
        if since < due and (due < today or (due == today and closed_on is not None))
    ]
    kept = sum(1 for on_time, dropped in in_window if on_time and not dropped)
    broken = sum(1 for on_time, _ in in_window if not on_time)
    return Completion(due=kept + broken, on_time=kept)


def _in_a_row(outcomes: Iterable[Outcome], wanted: Outcome) -> int:
    counted = (outcome for outcome in outcomes if outcome != Outcome.EXCUSED)
    return sum(1 for _ in takewhile(lambda outcome: outcome == wanted, counted))
