"""Why a committed deal will close: five facts, and the answer that there is none yet. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from deals.rules.slips import PUSHES_UNTIL_UNRELIABLE, Push

NO_REASON = "a reason for the last push"
NO_FACT = "one fact why it will close"


class EvidenceKind(StrEnum):
    DECIDED = "decided"
    BUDGET = "budget"
    PAPER = "paper"
    CALENDAR = "calendar"
    WHY_DATE = "why_date"
    NONE_YET = "none_yet"


LABELS = {
    EvidenceKind.DECIDED: "The person who decides has said yes",
    EvidenceKind.BUDGET: "The budget is confirmed",
    EvidenceKind.PAPER: "Procurement or legal has the paper",
    EvidenceKind.CALENDAR: "The next step is in the buyer’s calendar",
    EvidenceKind.WHY_DATE: "Why this date: what the buyer loses after it",
    EvidenceKind.NONE_YET: "None yet",
}

SHORT_LABELS = {
    EvidenceKind.DECIDED: "the decider said yes",
    EvidenceKind.BUDGET: "budget confirmed",
    EvidenceKind.PAPER: "procurement or legal has the paper",
    EvidenceKind.CALENDAR: "next step in their calendar",
    EvidenceKind.WHY_DATE: "they lose something after this date",
}
"""The facts as one line names several of them."""

FACTS = tuple(kind for kind in EvidenceKind if kind != EvidenceKind.NONE_YET)
"""What counts as a fact; “None yet” is an answer, but no fact."""

FACT_CHOICES = [(kind.value, LABELS[kind]) for kind in FACTS]
"""The facts alone."""

CHOICES = [(kind.value, label) for kind, label in LABELS.items()]
"""Every kind with its words, for a model's field."""


class InCommit(Protocol):
    """A deal in the commit of a period."""

    @property
    def period_start(self) -> date: ...
    @property
    def period_end(self) -> date: ...
    @property
    def left_at(self) -> datetime | None: ...


Committed = TypeVar("Committed", bound=InCommit)


def is_standing(row: InCommit, *, today: date) -> bool:
    """In the commit of a period that is not over."""
    return row.left_at is None and row.period_end >= today


def can_close_in_time(row: InCommit, close_date: date | None, *, today: date) -> bool:
    """Whether an open deal, as it is expected now, closes in the period it is committed for: nobody is asked why a deal
    will close that was pushed out of it. While the period runs, a day that has passed is no other period.
    """
    if close_date is None:
        return True
    return close_date <= row.period_end and (close_date >= row.period_start or row.period_start <= today)


def current_commit(rows: Collection[Committed], *, today: date) -> Committed | None:
    """The row of a deal that answers belong to: in the commit of the period that ends next, else the last one."""
    standing = [row for row in rows if is_standing(row, today=today)]
    if standing:
        return min(standing, key=lambda row: row.period_end)
    return max(rows, key=lambda row: row.period_end, default=None)


def last_slip(period_ends: Iterable[date], *, today: date) -> date | None:
    """The last day of the last period for which an open deal was committed and which it did not make."""
    return max((end for end in period_ends if end < today), default=None)


def is_fresh(given_on: date, slip: date | None) -> bool:
    """What was said before the deal slipped does not say why it will close now."""
    return slip is None or given_on > slip


def is_needed(
    answers: Collection[datetime], *, is_big: bool, slip: date | None, requested_at: datetime | None
) -> bool:
    """Whether the leader is asked why a committed deal will close: above the big-deal line, after a slip, or when the
    CEO wants to know. `answers` are the moments of the fresh ones; “None yet” is one.
    """
    if requested_at is not None and not any(at >= requested_at for at in answers):
        return True
    return (is_big or slip is not None) and not answers


def missing_to_stay(
    moves: Iterable[Push], *, period_ends: Iterable[date], facts: Iterable[date], today: date
) -> tuple[str, ...]:
    """What an open deal needs to be in the commit, be it the first time or again: from the third push that counts on
    the reason of the last one, and a fact. `facts` are the days on which facts were given, of which those since it
    last slipped count; `period_ends` are of the periods for which it was committed.
    """
    counted = [push for push in moves if push.counts]
    if len(counted) < PUSHES_UNTIL_UNRELIABLE:
        return ()
    missing = [] if counted[-1].reason else [NO_REASON]
    slip = last_slip(period_ends, today=today)
    if not any(is_fresh(day, slip) for day in facts):
        missing.append(NO_FACT)
    return tuple(missing)
