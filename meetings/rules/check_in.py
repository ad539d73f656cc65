"""The check-in of a CEO and a sales leader: what is asked when, and until when it can be answered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from meetings.rules.first_days import MARKS

WINDOW = timedelta(hours=24)
"""From the close of the meeting."""
EVERY = 4
"""Every so many held meetings of the pair, the five statements are asked."""
MARK_COUNTS_FOR = 60
"""Days after a mark of the leader’s first days in which the next meeting still looks back on it."""
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Statement:
    """One of the five, the same for both. `subject` is what it is about, as the CEO or the leader would put it to the
    other."""

    key: str
    short: str
    text: str
    subject: str


STATEMENTS = (
    Statement("plan", "Plan", "I know the plan and believe in it.", "the plan"),
    Statement("progress", "Progress", "We make the progress we agreed.", "our progress"),
    Statement("pipeline", "Pipeline", "I trust the pipeline we look at.", "the pipeline"),
    Statement("deals", "Deals", "We chase the right deals.", "the deals we chase"),
    Statement(
        "support",
        "Support",
        "I get from the other what I need: decisions, time, plain answers.",
        "what we get from each other",
    ),
)
KEYS = tuple(statement.key for statement in STATEMENTS)
BY_KEY = {statement.key: statement for statement in STATEMENTS}


def is_full(*, held_before: int, day: int, day_before: int) -> bool:
    """Whether the five statements are asked, and not only the one tap.

    `held_before`: meetings this pair held before this one. `day`: of the leader's time in the seat, the first is 1.
    `day_before`: the same at the pair's meeting before, or at the eve of the pair where there was none.
    """
    is_fourth = (held_before + 1) % EVERY == 0
    return is_fourth or any(day_before < mark <= day < mark + MARK_COUNTS_FOR for mark in MARKS)


def statement_to_guess(full_before: int) -> str:
    """On which statement the other's answer is guessed, after so many full check-ins of the pair: another each
    time."""
    return KEYS[full_before % len(KEYS)]


def closes_at(*, closed_at: datetime, before: datetime | None) -> datetime:
    """Until when it can be answered, once its meeting was closed. A meeting that is reopened and closed again moves
    that on only while it could still be answered: what was closed stays closed."""
    return before if before is not None and before <= closed_at else closed_at + WINDOW


def is_open(*, is_revealed: bool, closes_at: datetime | None, now: datetime) -> bool:
    """Whether it can be answered. `closes_at` is None until its meeting was closed."""
    return not is_revealed and (closes_at is None or now < closes_at)


class Stage(Enum):
    """Where a check-in stands for one of the two."""

    TO_ANSWER = "to answer"
    ANSWERED = "answered"
    REVEALED = "revealed"
    OTHER_MISSING = "other missing"
    NOT_ANSWERED = "not answered"


def stage_of(*, is_revealed: bool, is_open: bool, has_answered: bool) -> Stage:
    """Nothing of it depends on the other's answer until both are in, or the reader's own is and it has closed."""
    if is_revealed:
        return Stage.REVEALED
    if is_open:
        return Stage.ANSWERED if has_answered else Stage.TO_ANSWER
    return Stage.OTHER_MISSING if has_answered else Stage.NOT_ANSWERED
