"""Which rep a name means on a team. Pure.

A name is never enough to say that somebody on another team is the same person: a person says so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class KnownRep:
    """`teams` are those the rep is or was on, `current` those of today, each by its number."""

    id: int
    teams: frozenset[int]
    current: frozenset[int]


def reps_meant(namesakes: Collection[KnownRep], *, team: int) -> tuple[int, ...]:
    """Who of those with the name is meant on this team: those on it now, else those who once were.

    None: somebody new there. Several: only a person can say.
    """
    now = tuple(rep.id for rep in namesakes if team in rep.current)
    return now or tuple(rep.id for rep in namesakes if team in rep.teams)


@dataclass(frozen=True, slots=True)
class Term:
    """A rep on a team; `until` is the last day, None while it goes on."""

    team: int
    since: date
    until: date | None

    def overlaps(self, other: Term) -> bool:
        """Whether both hold on some day of one team."""
        starts_in_time = other.until is None or self.since <= other.until
        ends_in_time = self.until is None or other.since <= self.until
        return self.team == other.team and starts_in_time and ends_in_time


def overlapping(terms: Collection[Term], new: Term) -> tuple[Term, ...]:
    """The terms that a new one of the same rep would overlap."""
    return tuple(term for term in terms if term.overlaps(new))
