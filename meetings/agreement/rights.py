"""Whether an issue is the sales leader's to decide."""

from __future__ import annotations

from collections.abc import Iterable

from alignment.rules.roles import Side
from meetings.models import Issue
from meetings.rules.decision_rights import Right, right_within


def answered_by_right(issue: Issue, rights: Iterable[Right]) -> str:
    """ "discounts: up to 15%": what answers an open issue of the leader's side; empty where the CEO has to. Money is in
    braces, as in the headline.
    """
    if issue.side != Side.LEADER or issue.solved_at is not None:
        return ""
    text = f"{issue.title} {issue.detail}".strip()
    right = right_within(text, rights, is_question=issue.kind == Issue.Kind.QUESTION)
    return f"{right.in_words[:1].lower()}{right.in_words[1:]}" if right else ""
