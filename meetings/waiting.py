"""What a meeting waits for from its reader. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from meetings.agenda.chapters import Agenda

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing to do, and the place on a page where it is done."""

    text: str
    anchor: str
    late: bool = False


def waits_for(agenda: Agenda, *, user: int, side: str, agrees: bool) -> list[Wait]:
    """What this reader still owes to the meeting: their late commitments, then their side's part of the agenda."""
    late = (
        Wait(promise.text, promise.item or promise.section, late=True)
        for promise in agenda.promises
        if promise.owner.id == user and promise.is_open and promise.late
    )
    agree = (Wait(f"Agree to “{row.title}”", row.about) for row in agenda.waiting_for_ceo if agrees)
    answer = (
        Wait(f"Answer “{row.title}”", row.about)
        for row in agenda.issues.rows
        if side == "ceo"
        and row.kind == "question"
        and row.side != "ceo"
        and not row.solved
        and not row.ceo_words
    )
    prepare = (Wait(check.text, check.anchor) for check in agenda.still_needed if side == "leader")
    return list(chain(late, agree, answer, prepare))
