"""The headline: what matters today. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from alignment.rules.formatting import counted, spell_number
from meetings.agenda.values import CommitmentRow
from meetings.rules.overdue import became_overdue

MOST_CLAUSES = 4


def headline(clauses: Iterable[str], *, win: str = "") -> str:
    """A win first; then one sentence of the first four clauses that are not empty, the most urgent first.

    Amounts are in braces, without decimals, in the company's currency: see `amounts`.
    """
    *first, last = [clause for clause in clauses if clause][:MOST_CLAUSES]
    sentence = last
    if first:
        sentence = f"{', '.join(first)}{',' if len(first) > 1 else ''} and {last}"
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in (win, sentence) if part)


def commitments_clause(commitments: Iterable[CommitmentRow], *, today: date, since: date | None) -> str:
    """How the commitments that came due since the last meeting turned out; `since` is None before the first."""
    due = [commitment for commitment in commitments if _is_news(commitment, today=today, since=since)]
    overdue = sum(commitment.is_open for commitment in due)
    if not due:
        return ""
    if not overdue:
        all_done = all(commitment.state == "done" for commitment in due)
        return "every commitment due was done" if all_done else ""
    if len(due) == 1:
        return "one commitment is overdue"
    verb = "is" if overdue == 1 else "are"
    return f"{spell_number(overdue)} of {counted(len(due), 'commitment')} {verb} overdue"


def _is_news(commitment: CommitmentRow, *, today: date, since: date | None) -> bool:
    """Closed since the last meeting, made before it; or overdue since then."""
    if commitment.is_open:
        return became_overdue(commitment.due, today=today, since=since)
    return not commitment.fresh
