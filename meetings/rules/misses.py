"""When a meeting counts as missed, and whose miss it was. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from alignment.rules.roles import PRINCIPAL_SIDES


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
        """Against whom it counts. A miss of one side never counts against the other."""
        if self is Fault.BOTH:
            return frozenset(PRINCIPAL_SIDES)
        return frozenset({"ceo"} if self in (Fault.CEO_ABSENT, Fault.CANCELLED_BY_CEO) else {"leader"})


FAULTS = {
    Fault.LEADER_UNPREPARED: "the sales leader had not prepared",
    Fault.LEADER_ABSENT: "the sales leader was absent",
    Fault.CEO_ABSENT: "the CEO was absent",
    Fault.BOTH: "neither started it",
    Fault.CANCELLED_BY_CEO: "the CEO postponed it after its start time",
    Fault.CANCELLED_BY_LEADER: "the sales leader postponed it after its start time",
}


@dataclass(frozen=True, slots=True)
class UnheldMeeting:
    """What is known of a meeting that was not held. `postponed_by`: the side that moved it after its time."""

    is_prepared: bool
    ceo_present: bool
    leader_present: bool
    postponed_by: str = ""


def find_fault(meeting: UnheldMeeting) -> Fault:
    """Whose miss it is when nobody started the meeting.

    Whoever postponed it after its time cancelled it. Otherwise, if only one of the CEO and the leader was
    present, the miss is the other's: a leader with a submitted preparation was absent, one without was
    unprepared. If both were present and nothing was prepared, it is the leader's. In every other case it is
    shared: each could have started, moved or excused it.
    """
    match meeting:
        case UnheldMeeting(postponed_by="ceo"):
            return Fault.CANCELLED_BY_CEO
        case UnheldMeeting(postponed_by="leader"):
            return Fault.CANCELLED_BY_LEADER
        case UnheldMeeting(leader_present=True, ceo_present=False):
            return Fault.CEO_ABSENT
        case UnheldMeeting(ceo_present=True, leader_present=False, is_prepared=True):
            return Fault.LEADER_ABSENT
        case UnheldMeeting(ceo_present=True, is_prepared=False):
            return Fault.LEADER_UNPREPARED
    return Fault.BOTH


def counts_as_missed_at(start: datetime, *, hours: int) -> datetime:
    """The moment from which a meeting planned for `start` counts as missed, if it was not started by then."""
    return start.astimezone(UTC) + timedelta(hours=hours)
