"""What the sales leader still has to do before the meeting, as each section reports it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from meetings.agenda.section import AgendaSection
from meetings.agenda.values import Check


def checklist(sections: Iterable[AgendaSection]) -> tuple[Check, ...]:
    """Every applicable check, done or not, in the order of the agenda."""
    return tuple(chain.from_iterable(section.checks() for section in sections))
