"""Who has to answer a question on the agenda, and whether it was answered. Pure."""

from __future__ import annotations

from collections.abc import Collection


def side_asked(raised_by: str) -> str:
    """The leader's side answers the questions of the CEO's side; the CEO's side answers all others."""
    return "leader" if raised_by == "ceo" else "ceo"


def is_unanswered(*, kind: str, raised_by: str, is_solved: bool, commented: Collection[str]) -> bool:
    """An open question that the side asked has not commented on yet, at this meeting or an earlier one.

    `commented` are the sides that have commented on it.
    """
    return kind == "question" and not is_solved and side_asked(raised_by) not in commented
