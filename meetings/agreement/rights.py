"""Whether an issue is the sales leader's to decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from alignment.models import Team, User
from alignment.rules.periods import quarter_of
from alignment.rules.roles import Side
from meetings.agreement.queries import read_rights
from meetings.models import Issue
from meetings.rules.amounts import amounts
from meetings.rules.decision_rights import Right, right_within


def answered_by_right(issue: Issue, rights: Iterable[Right]) -> str:
    """ "discounts: up to 15%": what answers an open issue of the leader's side; empty where the CEO has to. Money is in
    braces, as in the headline.
    """
    if issue.side != Side.LEADER or issue.solved_at is not None:
        return ""
    text = f"{issue.title} {issue.detail}".strip()
    right = right_within(text, rights, is_question=issue.kind == Issue.Kind.QUESTION)
    return _uncapitalized(right.in_words) if right else ""


def _uncapitalized(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def rights_now(team: Team, now: datetime) -> tuple[Right, ...]:
    """What the sales leader decides in this quarter: one query."""
    return read_rights(team, quarter_of(team.today(now), first_month=team.company.fiscal_year_start))


def rights_in_words(team: Team, reader: User, now: datetime) -> tuple[str, ...]:
    """For whoever speaks for the sales leader, beside the field where something is asked; nothing for others."""
    if team.side_of(reader) != Side.LEADER:
        return ()
    return tuple(_spoken(_uncapitalized(right.in_words), team, reader) for right in rights_now(team, now))


def yours_to_decide(issue: Issue, reader: User, now: datetime) -> str:
    """What answers the issue, for a page; empty where the CEO has to, and for whoever is not of the leader's side."""
    if issue.team.side_of(reader) != Side.LEADER or issue.solved_at is not None:
        return ""
    return _spoken(answered_by_right(issue, rights_now(issue.team, now)), issue.team, reader)


def _spoken(text: str, team: Team, reader: User) -> str:
    """With its amount as the reader writes it."""
    return amounts(text, currency=team.currency, locale=reader.locale)
