"""Where two answers to the same check-in are apart, and the question that could start the conversation. Pure.

Everything is worded for one of the two, who speaks to the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from meetings.rules.check_in import BY_KEY, HIGHEST, KEYS, Statement

APART = 2
LOW = 2
"""At or below it, both think it goes badly."""
LOOKED_AT = 3
"""So many check-ins in a row show whether a small difference grows."""


class Reason(Enum):
    APART = "apart"
    BOTH_LOW = "both low"
    GROWING = "growing"
    MY_GUESS = "my guess"
    THEIR_GUESS = "their guess"


@dataclass(frozen=True, slots=True)
class Both:
    """What the reader and the other answered to one full check-in: scores by statement, and the guesses on the one
    that was to be guessed."""

    mine: Mapping[str, int]
    theirs: Mapping[str, int]
    guessed: str = ""
    my_guess: int | None = None
    their_guess: int | None = None

    def difference(self, key: str) -> int:
        return self.mine[key] - self.theirs[key]


@dataclass(frozen=True, slots=True)
class Divergence:
    """One statement on which the two differ, or agree that it goes badly."""

    key: str
    reasons: tuple[Reason, ...]
    mine: int
    theirs: int
    question: str
    """To the other, in words that can be edited."""

    @property
    def statement(self) -> Statement:
        return BY_KEY[self.key]


def find_divergences(rounds: Sequence[Both]) -> tuple[Divergence, ...]:
    """In the last of `rounds`, which are in order of time: the widest apart first, then by statement."""
    if not rounds:
        return ()
    rows = [row for key in KEYS if (row := _divergence(rounds, key)) is not None]
    return tuple(sorted(rows, key=lambda row: -abs(row.mine - row.theirs)))


def _divergence(rounds: Sequence[Both], key: str) -> Divergence | None:
    last = rounds[-1]
    reasons = tuple(_reasons(rounds, key))
    if not reasons:
        return None
    question = _question(reasons[0], last, key)
    return Divergence(key, reasons, last.mine[key], last.theirs[key], question)


def _reasons(rounds: Sequence[Both], key: str) -> Iterator[Reason]:
    """The strongest first."""
    last = rounds[-1]
    mine, theirs = last.mine[key], last.theirs[key]
    if abs(mine - theirs) >= APART:
        yield Reason.APART
    if max(mine, theirs) <= LOW:
        yield Reason.BOTH_LOW
    if abs(mine - theirs) < APART and is_growing([both.difference(key) for both in rounds[-LOOKED_AT:]]):
        yield Reason.GROWING
    if key == last.guessed:
        if last.my_guess is not None and abs(last.my_guess - theirs) >= APART:
            yield Reason.MY_GUESS
        if last.their_guess is not None and abs(last.their_guess - mine) >= APART:
            yield Reason.THEIR_GUESS


def is_growing(differences: Sequence[int]) -> bool:
    """Whether a difference of 1 is no chance: over three check-ins it grew, and the last two show it the same way
    round. One step of 1 is how anybody fills in a scale."""
    if len(differences) < LOOKED_AT:
        return False
    way = 1 if differences[-1] > 0 else -1
    first, second, third = (difference * way for difference in differences[-LOOKED_AT:])
    return first < second <= third and second >= 1


def _question(reason: Reason, both: Both, key: str) -> str:
    mine, theirs = both.mine[key], both.theirs[key]
    subject = BY_KEY[key].subject
    if reason is Reason.MY_GUESS:
        return f"I expected you to see {subject} at {both.my_guess}, and you see it at {theirs}: what did I miss?"
    if reason is Reason.THEIR_GUESS:
        return (
            f"You expected me to see {subject} at {both.their_guess}, and I see it at {mine}: "
            "what should I have told you?"
        )
    if reason is Reason.BOTH_LOW and mine == theirs:
        return f"We both see {subject} at {mine}: what would make it a {mine + 1}?"
    to = min(max(mine, theirs) if reason is Reason.BOTH_LOW else min(mine, theirs), HIGHEST - 1) + 1
    return f"You see {subject} at {theirs}, I at {mine}: what would make it a {to}?"


YES, PARTLY, NO = "yes", "partly", "no"


def question_of_taps(mine: str, theirs: str) -> str:
    """What could be asked after “did we talk about what matters?”; empty where the two are near each other."""
    if mine == theirs == NO:
        return "We both think we did not talk about what matters: what should come first next time?"
    if {mine, theirs} == {YES, NO}:
        if mine == NO:
            return "You think we talked about what matters, I do not: what should come first next time?"
        return "I think we talked about what matters, you do not: what should come first next time?"
    return ""
