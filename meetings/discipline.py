"""Whether the meeting is kept: streaks, misses, the share held; and whether promises are. Pure.

Outcomes come newest first. An excused meeting counts for nobody and against nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import takewhile

HEALTHY = Fraction(9, 10)
DOTS = 13


class Outcome(StrEnum):
    HELD = "held"
    MISSED = "missed"
    EXCUSED = "excused"


class Fault(StrEnum):
    """Whose miss it was."""

    LEADER_UNPREPARED = "leader_unprepared"
    LEADER_ABSENT = "leader_absent"
    CEO_ABSENT = "ceo_absent"
    BOTH = "both"
    CANCELLED_BY_CEO = "cancelled_by_ceo"
    CANCELLED_BY_LEADER = "cancelled_by_leader"

    @property
    def in_words(self) -> str:
        return FAULTS[self]

    @property
    def sides(self) -> frozenset[str]:
        """Against whom it counts. What was the CEO's never counts against the leader, nor the other way round."""
        if self is Fault.BOTH:
            return frozenset({"ceo", "leader"})
        return frozenset({"ceo"} if self in (Fault.CEO_ABSENT, Fault.CANCELLED_BY_CEO) else {"leader"})


FAULTS = {
    Fault.LEADER_UNPREPARED: "the sales leader had not prepared it",
    Fault.LEADER_ABSENT: "the sales leader was not there",
    Fault.CEO_ABSENT: "the CEO was not there",
    Fault.BOTH: "neither started it",
    Fault.CANCELLED_BY_CEO: "the CEO put it off after it should have begun",
    Fault.CANCELLED_BY_LEADER: "the sales leader put it off after it should have begun",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a meeting that was not held. `put_off_by`: who of the two moved it last after its time."""

    handed_in: bool
    ceo_there: bool
    leader_there: bool
    put_off_by: str = ""


def fault(facts: Facts) -> Fault:
    """Whose miss it is that nobody started the meeting.

    Whoever put it off after its time cancelled it. Else, if only one of the two said they were there, it is the other's:
    the CEO's, or the leader's, who was absent with the preparation handed in and unprepared without. Both there and
    nothing prepared is the leader's. In every other case it is both's: each could have started, moved or excused it.
    """
    match facts:
        case Facts(put_off_by="ceo"):
            return Fault.CANCELLED_BY_CEO
        case Facts(put_off_by="leader"):
            return Fault.CANCELLED_BY_LEADER
        case Facts(leader_there=True, ceo_there=False):
            return Fault.CEO_ABSENT
        case Facts(ceo_there=True, leader_there=False, handed_in=True):
            return Fault.LEADER_ABSENT
        case Facts(ceo_there=True, handed_in=False):
            return Fault.LEADER_UNPREPARED
    return Fault.BOTH


STEPS = 3
"""1: both are told; 2: company admins too; 3: the team is red on every screen until a meeting is held."""


@dataclass(frozen=True, slots=True)
class Policy:
    """After how many meetings missed in a row the admins are told, and the team is red."""

    admins_told_after: int = 2
    red_after: int = 3

    def step(self, missed: int) -> int:
        """How far up the ladder so many misses in a row lead; 0: nowhere."""
        return sum(missed >= least for least in (1, self.admins_told_after, self.red_after))


TOLERANCE = timedelta(minutes=5)
"""A meeting begun within this of its time began in time."""


def minutes_late(starts_at: datetime, started_at: datetime | None) -> int:
    """Whole minutes it began after its time; 0 within the tolerance, and for one never begun."""
    late = started_at - starts_at if started_at else timedelta()
    return int(late.total_seconds() // 60) if late > TOLERANCE else 0


@dataclass(frozen=True, slots=True)
class Preparation:
    """How the leader's side had prepared: handed in at all, in time, and with so many things of the checklist still open."""

    handed_in: bool
    is_late: bool
    missing: int

    @classmethod
    def of(cls, handed_in_at: datetime | None, due: datetime, missing: int) -> Preparation:
        return cls(handed_in_at is not None, handed_in_at is not None and handed_in_at > due, missing)

    @property
    def is_good(self) -> bool:
        """In time and whole."""
        return self.handed_in and not self.is_late and not self.missing


@dataclass(frozen=True, slots=True)
class Past:
    """One meeting that is over."""

    id: int
    outcome: Outcome
    planned: datetime
    fault: str = ""
    late: int = 0
    """Minutes it began late."""
    prepared: Preparation | None = None

    def counts_for(self, side: str) -> Outcome:
        """As it counts for one side: a miss that was the other's alone counts like an excused meeting."""
        other = self.outcome == Outcome.MISSED and self.fault and side not in Fault(self.fault).sides
        return Outcome.EXCUSED if other else self.outcome


def row_of_misses(newest_first: Iterable[Past]) -> list[Past]:
    """The meetings missed in a row up to now, the first one first."""
    counted = (past for past in newest_first if past.outcome != Outcome.EXCUSED)
    return list(takewhile(lambda past: past.outcome == Outcome.MISSED, counted))[::-1]


@dataclass(frozen=True, slots=True)
class Kept:
    """How well the meeting was kept: in a row, and the share held over 13 and 52 weeks (None: there was none).

    Over 13 weeks also the share of those held that began in time, and of those not excused that were prepared in time
    and whole.
    """

    streak: int
    quarter: Fraction | None
    year: Fraction | None
    begun: Fraction | None = None
    prepared: Fraction | None = None


def kept(
    newest_first: Iterable[Past], *, now: datetime, side: str = "", since: datetime | None = None
) -> Kept:
    """Of a team; with `side` and `since` of whoever holds that seat, for their own time and their own misses."""
    theirs = [past for past in newest_first if since is None or past.planned >= since]
    told = [(past.counts_for(side) if side else past.outcome, past.planned) for past in theirs]

    def share(weeks: int) -> Fraction | None:
        return share_held(outcome for outcome, planned in told if planned > now - timedelta(weeks=weeks))

    lately = [past for past in theirs if past.planned > now - timedelta(weeks=13)]
    return Kept(
        streak(outcome for outcome, _ in told), share(13), share(52),
        begun=_share(past.late == 0 for past in lately if past.outcome == Outcome.HELD),
        prepared=None if side == "ceo" else _share(_well_prepared(lately)),
    )  # fmt: skip


def _well_prepared(lately: Iterable[Past]) -> Iterator[bool]:
    """Whether each was prepared in time and whole: the leader's side prepares, so this is never said of a CEO."""
    return (past.prepared.is_good for past in lately if past.prepared and past.outcome != Outcome.EXCUSED)


def _share(told: Iterable[bool]) -> Fraction | None:
    answers = list(told)
    return Fraction(sum(answers), len(answers)) if answers else None


@dataclass(frozen=True, slots=True)
class Dots:
    """The last 13 outcomes, oldest first."""

    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Dots:
        newest = [outcome for _, outcome in zip(range(DOTS), outcomes, strict=False)]
        return cls(tuple(reversed(newest)))

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)

    @property
    def in_words(self) -> str:
        """ "11 held, 1 missed, 1 excused", for who cannot see the dots."""
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
        """At least 90 % on time; where nothing fell due nothing was broken."""
        return self.share is None or self.share >= HEALTHY


def streak(outcomes: Iterable[Outcome]) -> int:
    """Meetings held in a row up to now."""
    return _in_a_row(outcomes, Outcome.HELD)


def missed_in_a_row(outcomes: Iterable[Outcome]) -> int:
    """Meetings missed in a row up to now: what the escalation ladder counts."""
    return _in_a_row(outcomes, Outcome.MISSED)


def share_held(outcomes: Iterable[Outcome]) -> Fraction | None:
    """Held of held and missed; None before there was either."""
    counted = [outcome for outcome in outcomes if outcome != Outcome.EXCUSED]
    return Fraction(counted.count(Outcome.HELD), len(counted)) if counted else None


def completion(
    commitments: Iterable[tuple[date, date | None, bool]], *, today: date, weeks: int = 13
) -> Completion:
    """Of the commitments `(due, closed_on, dropped)` due in the last `weeks`, how many were done on time.

    One due today counts once it is closed. Dropped by its due day it is left out; dropped later it was late.
    """
    since = today - timedelta(weeks=weeks)
    in_window = [
        (closed_on is not None and closed_on <= due, dropped)
        for due, closed_on, dropped in commitments
        if since < due and (due < today or (due == today and closed_on is not None))
    ]
    kept = sum(1 for on_time, dropped in in_window if on_time and not dropped)
    broken = sum(1 for on_time, _ in in_window if not on_time)
    return Completion(due=kept + broken, on_time=kept)


def _in_a_row(outcomes: Iterable[Outcome], wanted: Outcome) -> int:
    counted = (outcome for outcome in outcomes if outcome != Outcome.EXCUSED)
    return sum(1 for _ in takewhile(lambda outcome: outcome == wanted, counted))
