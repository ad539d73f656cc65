"""What the sales leader still has to do before the meeting, as each section reports it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from alignment.rules.roles import Role
from meetings.agenda.section import MOST_EXCEPTIONS, AgendaSection
from meetings.agenda.values import Check, CommitmentRow


def checklist(
    sections: Iterable[AgendaSection], commitments: Iterable[CommitmentRow] = ()
) -> tuple[Check, ...]:
    """Every applicable check, done or not, in the order of the agenda; earlier commitments stand with revenue."""
    first, *others = sections
    return (
        *first.checks(),
        *commitment_checks(commitments),
        *chain.from_iterable(section.checks() for section in others),
    )


def commitment_checks(commitments: Iterable[CommitmentRow]) -> Iterator[Check]:
    """The commitments of the sales leader's side that are overdue, or were done late: the oldest three."""
    late = [row for row in commitments if row.late and not row.fresh and row.owner.role != Role.CEO]
    for row in sorted(late, key=lambda row: (row.due, row.id))[:MOST_EXCEPTIONS]:
        text, answered = f"Update the commitment: {row.text}", not row.is_open or row.carried
        anchor = f"commitment-{row.id}"
        yield Check("revenue", text, answered, anchor, row.pair_only, row.readers)
