"""How reliably a team or a person meets: streaks, misses, the share held, and commitments done on time. Pure.

Outcomes come newest first. An excused meeting counts neither for nor against anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import takewhile

from alignment.rules.periods import RECENT_WEEKS, WEEKS_OF_YEAR
from meetings.rules.outcomes import Outcome, PastMeeting

HEALTHY = Fraction(9, 10)
RECENT_MEETINGS = RECENT_WEEKS
"""How many outcomes are shown in a row: those of the recent weeks, with a meeting a week."""


def find_misses_in_a_row(newest_first: Iterable[PastMeeting]) -> list[PastMeeting]:
    """The meetings missed in a row up to now, the earliest first."""
    counted = (past for past in newest_first if past.outcome != Outcome.EXCUSED)
    return list(takewhile(lambda past: past.outcome == Outcome.MISSED, counted))[::-1]


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Meetings held in a row, and the share held over the recent weeks and over a year (None: there was no meeting).

    `begun` and `prepared` cover the recent weeks: the share of held meetings that started on time, and the share of
    meetings not excused whose preparation was on time and complete.
    """

    streak: int
    quarter: Fraction | None
    year: Fraction | None
    begun: Fraction | None = None
    prepared: Fraction | None = None


def compute_track_record(
    newest_first: Iterable[PastMeeting], *, now: datetime, side: str = "", since: datetime | None = None
) -> TrackRecord:
    """Of a team; with `side` and `since`, of the person in that seat: their own time and their own misses."""
    meetings = [past for past in newest_first if since is None or past.starts_at >= since]
    outcomes = [(past.counts_for(side) if side else past.outcome, past.starts_at) for past in meetings]

    def share(weeks: int) -> Fraction | None:
        return share_held(outcome for outcome, start in outcomes if start > now - timedelta(weeks=weeks))

    recent = [past for past in meetings if past.starts_at > now - timedelta(weeks=RECENT_WEEKS)]
    return TrackRecord(
        streak=streak(outcome for outcome, _ in outcomes),
        quarter=share(RECENT_WEEKS),
        year=share(WEEKS_OF_YEAR),
        begun=_share(past.late == 0 for past in recent if past.outcome == Outcome.HELD),
        prepared=None if side == "ceo" else _share(_well_prepared(recent)),
    )


def _well_prepared(meetings: Iterable[PastMeeting]) -> Iterator[bool]:
    """Whether each preparation was on time and complete. Only the leader's side prepares."""
    return (past.prepared.is_good for past in meetings if past.prepared and past.outcome != Outcome.EXCUSED)


def _share(values: Iterable[bool]) -> Fraction | None:
    counted = list(values)
    return Fraction(sum(counted), len(counted)) if counted else None


@dataclass(frozen=True, slots=True)
class Dots:
    """The last outcomes, oldest first."""

    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Dots:
        newest = [outcome for _, outcome in zip(range(RECENT_MEETINGS), outcomes, strict=False)]
        return cls(tuple(reversed(newest)))

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)

    @property
    def in_words(self) -> str:
        """ "11 held, 1 missed, 1 excused", for readers who cannot see the dots."""
        counted = ((self.outcomes.count(outcome), outcome) for outcome in Outcome)
        return ", ".join(f"{count} {outcome}" for count, outcome in counted if count)


@dataclass(frozen=True, slots=True)
class Completion:
    """Commitments that fell due, and those of them done on time."""

    due: int
    on_time: int

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.on_time, self.due) if self.due else None

    @property
    def is_healthy(self) -> bool:
        """At least 90 % on time, or nothing fell due."""
        return self.share is None or self.share >= HEALTHY


def streak(outcomes: Iterable[Outcome]) -> int:
    """Meetings held in a row up to now."""
    return _in_a_row(outcomes, Outcome.HELD)


def missed_in_a_row(outcomes: Iterable[Outcome]) -> int:
    """Meetings missed in a row up to now: what the escalation counts."""
    return _in_a_row(outcomes, Outcome.MISSED)


def share_held(outcomes: Iterable[Outcome]) -> Fraction | None:
    """Held of held and missed; None before there was either."""
    counted = [outcome for outcome in outcomes if outcome != Outcome.EXCUSED]
    return Fraction(counted.count(Outcome.HELD), len(counted)) if counted else None


def completion(
    commitments: Iterable[tuple[date, date | None, bool]], *, today: date, weeks: int = RECENT_WEEKS
) -> Completion:
    """Of the commitments `(due, closed_on, dropped)` due in the last `weeks`, how many were done on time.

    One due today counts once it is closed. One dropped by its due day is left out; one dropped later was
    overdue.
    """
    since = today - timedelta(weeks=weeks)
    judged = [
        was_done_on_time(due, closed_on, is_dropped=dropped, today=today)
        for due, closed_on, dropped in commitments
        if since < due
    ]
    return Completion(due=sum(row is not None for row in judged), on_time=sum(row is True for row in judged))


def was_done_on_time(due: date, closed_on: date | None, *, is_dropped: bool, today: date) -> bool | None:
    """Whether a commitment was done by its due day; None while that is not decided, and for one that was dropped by
    then. One due today counts once it is closed; one dropped later was overdue.
    """
    if due > today or (due == today and closed_on is None):
        return None
    is_on_time = closed_on is not None and closed_on <= due
    return None if is_on_time and is_dropped else is_on_time


def _in_a_row(outcomes: Iterable[Outcome], sought: Outcome) -> int:
    counted = (outcome for outcome in outcomes if outcome != Outcome.EXCUSED)
    return sum(1 for _ in takewhile(lambda outcome: outcome == sought, counted))
