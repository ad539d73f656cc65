"""Who has to answer a question on the agenda, and whether it was answered. Pure."""

from __future__ import annotations

from collections.abc import Collection


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
