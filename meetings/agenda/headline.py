"""The headline: what matters today. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from alignment.rules.formatting import counted, spell_number
from alignment.rules.money import compact
from meetings.agenda.values import CommitmentRow

MOST_CLAUSES = 3


def headline(clauses: Iterable[str]) -> str:
    """One sentence of the first three clauses that are not empty, the most urgent first.

    Amounts are in braces, without decimals, in the company's currency: see `amounts`.
    """
    *first, last = [clause for clause in clauses if clause][:MOST_CLAUSES]
    sentence = last
    if first:
        sentence = f"{', '.join(first)}{',' if len(first) > 1 else ''} and {last}"
    return f"{sentence[0].upper()}{sentence[1:]}."


def commitments_clause(commitments: Iterable[CommitmentRow]) -> str:
    """How the commitments that were due turned out."""
    due = [
        commitment
        for commitment in commitments
        if not commitment.fresh and (commitment.late or not commitment.is_open)
    ]
    broken = sum(commitment.tick == "overdue" for commitment in due)
    if not due:
        return ""
    if not broken:
        all_done = all(commitment.state == "done" for commitment in due)
        return "every commitment due was done" if all_done else ""
    if len(due) == 1:
        return "one commitment is overdue"
    verb = "is" if broken == 1 else "are"
    return f"{spell_number(broken)} of {counted(len(due), 'commitment')} {verb} overdue"


def amounts(sentence: str, *, currency: str, locale: str) -> str:
    """The sentence with its amounts (in braces) formatted for a reader."""
    head, *rest = sentence.split("{")
    written = [head]
    for part in rest:
        number, _, tail = part.partition("}")
        written.append(compact(Decimal(number), currency=currency, locale=locale) + tail)
    return "".join(written)
