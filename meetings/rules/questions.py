"""Who has to answer a question on the agenda, whether it was answered, and whether that settles it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

ASKED_AFTER = 3
"""After this many held meetings without an update, a row in the red is asked about."""


def side_asked(raised_by: str) -> str:
    """The leader's side answers the questions of the CEO's side; the CEO's side answers all others."""
    return "leader" if raised_by == "ceo" else "ceo"


def is_unanswered(
    *, kind: str, raised_by: str, is_discussed: bool, is_solved: bool, commented: Collection[str]
) -> bool:
    """An open question that was neither discussed in a meeting nor commented on by the side asked.

    `commented` are the sides that have commented on it, at this meeting or an earlier one.
    """
    is_settled = is_discussed or is_solved or side_asked(raised_by) in commented
    return kind == "question" and not is_settled


def is_asked_about(meetings_unchanged: int, *, is_red: bool, was_spoken_of: bool) -> bool:
    """Whether a row that nobody touched has to be spoken of all the same: it is in the red, three meetings passed
    without a change, and nothing was written about it for the last one.
    """
    return is_red and meetings_unchanged >= ASKED_AFTER and not was_spoken_of


def is_settled_by_answer(
    *, kind: str, raised_by: str, answers: Iterable[tuple[str, datetime]], deferred_at: datetime | None
) -> bool:
    """Whether the side asked has answered a question since it was last left for the next meeting.

    `answers` are the sides that have commented on it, and when each comment was last changed.
    """
    answers_it = side_asked(raised_by)
    return kind == "question" and any(
        side == answers_it and (deferred_at is None or at > deferred_at) for side, at in answers
    )
