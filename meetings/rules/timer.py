"""The timer of a meeting as a value: seconds spent in each section, and which section is running. Pure.

Seconds are whole. A section without planned minutes (the closing round) is timed but never near its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SECTION_NEAR_END = 60
"""Seconds left of a section when its time turns orange."""
TOTAL_NEAR_END = 300
"""Seconds left of the meeting when its time turns orange."""


@dataclass(frozen=True, slots=True)
class TimerState:
    """Paused when `running_since` is None. By section: `planned` minutes, and `seconds` already counted."""

    section: str | None
    running_since: datetime | None
    seconds: Mapping[str, int]
    planned: Mapping[str, int]

    @property
    def is_running(self) -> bool:
        return self.running_since is not None

    def seconds_in(self, section: str, now: datetime) -> int:
        """Spent in any one section so far."""
        return self.seconds.get(section, 0) + (self._running(now) if section == self.section else 0)

    def section_seconds(self, now: datetime) -> int:
        """Spent in the current section so far."""
        return self.seconds_in(self.section, now) if self.section else 0

    def total_seconds(self, now: datetime) -> int:
        return sum(self.seconds.values()) + self._running(now)

    def section_left(self, now: datetime) -> int:
        """Seconds of the plan left in the current section; below zero is overtime."""
        return self._planned_seconds - self.section_seconds(now)

    def total_left(self, now: datetime) -> int:
        """Seconds of the plan left in the meeting; below zero is overtime."""
        return sum(self.planned.values()) * 60 - self.total_seconds(now)

    def section_is_near_end(self, now: datetime) -> bool:
        """At most a minute left, or overtime."""
        return self._planned_seconds > 0 and self.section_left(now) <= SECTION_NEAR_END

    def total_is_near_end(self, now: datetime) -> bool:
        """At most five minutes left, or overtime."""
        return self.total_left(now) <= TOTAL_NEAR_END

    def section_overtime(self, now: datetime) -> int:
        """Seconds over the plan of the current section; 0 without a plan."""
        return max(0, -self.section_left(now)) if self._planned_seconds else 0

    def overtime(self, now: datetime) -> int:
        """Seconds over the plan of the whole meeting."""
        return max(0, -self.total_left(now))

    def move_to(self, section: str, now: datetime) -> TimerState:
        """Go to another section; the current one changes nothing. A paused timer stays paused; the first
        section starts it."""
        if section == self.section:
            return self
        if self.section is None:
            return replace(self, section=section, running_since=now)
        if self.running_since is None:
            return replace(self, section=section)
        return replace(
            self, section=section, running_since=self._next_start(now), seconds=self._seconds_spent(now)
        )

    def pause(self, now: datetime) -> TimerState:
        """Stop; pausing twice changes nothing."""
        return (
            replace(self, running_since=None, seconds=self._seconds_spent(now)) if self.is_running else self
        )

    def resume(self, now: datetime) -> TimerState:
        """Continue in the same section; resuming a running timer changes nothing."""
        return self if self.is_running or self.section is None else replace(self, running_since=now)

    @property
    def _planned_seconds(self) -> int:
        return self.planned.get(self.section or "", 0) * 60

    def _running(self, now: datetime) -> int:
        """Since the timer last started; when the machine's clock was set back, no time is counted."""
        if self.running_since is None:
            return 0
        return max(0, int((now - self.running_since).total_seconds()))

    def _seconds_spent(self, now: datetime) -> dict[str, int]:
        if self.section is None:
            return dict(self.seconds)
        return {**self.seconds, self.section: self.section_seconds(now)}

    def _next_start(self, now: datetime) -> datetime:
        """When the next section starts: the fraction of a second not yet counted is not lost."""
        if self.running_since is None or now < self.running_since:
            return now
        return self.running_since + timedelta(seconds=self._running(now))
