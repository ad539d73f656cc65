"""What became of a past meeting: held, missed or excused. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meetings.rules.misses import Fault
from meetings.rules.preparation import Preparation


class Outcome(StrEnum):
    HELD = "held"
    MISSED = "missed"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class PastMeeting:
    """One meeting that is over."""

    id: int
    outcome: Outcome
    starts_at: datetime
    """When it took place, or would have."""
    fault: str = ""
    late: int = 0
    """Minutes it started late."""
    prepared: Preparation | None = None

    def counts_for(self, side: str) -> Outcome:
        """How it counts for one side: a miss of the other side alone counts like an excused meeting."""
        is_others = self.outcome == Outcome.MISSED and self.fault and side not in Fault(self.fault).sides
        return Outcome.EXCUSED if is_others else self.outcome
