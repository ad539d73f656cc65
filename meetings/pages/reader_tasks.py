"""What the reader of a meeting still has to do for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from meetings.agenda import Agenda


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, and the place on the page where it is done."""

    text: str
    anchor: str
    is_overdue: bool = False


def reader_tasks(agenda: Agenda, *, user: int, side: str, approves: bool) -> list[Task]:
    """The reader's overdue commitments, then their side's part of the agenda."""
    overdue = (
        Task(commitment.text, commitment.item or commitment.section, is_overdue=True)
        for commitment in agenda.commitments
        if commitment.owner.id == user and commitment.is_open and commitment.late
    )
    approvals = (Task(f"Approve “{row.title}”", row.about) for row in agenda.waiting_for_ceo if approves)
    questions = (
        Task(f"Answer “{row.title}”", f"answer-{row.about}")
        for row in agenda.issues.rows
        if side == "ceo" and row.is_unanswered and not row.asks_leader
    )
    preparation = (Task(check.text, check.anchor) for check in agenda.still_needed if side == "leader")
    return list(chain(overdue, approvals, questions, preparation))
