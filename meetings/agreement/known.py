"""What the form of a quarter's agreement begins with: what is proposed or holds, else what held a quarter before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alignment.models import Agreement
from meetings.agreement.proposals import newest_rows, sentences_of
from meetings.agreement.terms import (
    INITIATIVES,
    MEASURES,
    MOST_INITIATIVES,
    RIGHT,
    SENTENCE,
    Current,
    initiatives_of,
    right_of,
)


def is_begun(rows: Sequence[Agreement]) -> bool:
    """Whether anything of the form was proposed: goals and mix are proposed elsewhere."""
    return any(row.subject in (MEASURES, INITIATIVES, RIGHT, SENTENCE) for row in rows)


def known_values(rows: Sequence[Agreement], current: Current) -> dict[str, Any]:
    newest = newest_rows(rows)
    values: dict[str, Any] = {
        "with_measures": True,
        "sentences": "\n".join(sentences_of(rows).values()),
        "initiatives": list(current.initiatives)[:MOST_INITIATIVES],
    }
    for row in newest:
        if row.subject == INITIATIVES:
            values["initiatives"] = [terms.id for terms in initiatives_of(row.content)]
        elif row.subject == RIGHT:
            right = right_of(row.content)
            values[str(right.kind)] = right.text or right.limit
    return values
