"""When a preparation is due, and whether it was submitted on time and complete. Pure; results are in UTC."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alignment.rules.periods import last_working_day_before
from alignment.rules.team_limits import LONGEST_WAIT

TIME_TO_READ = timedelta(hours=4)
"""The least between preparation and meeting, where a working day decides."""


@dataclass(frozen=True, slots=True)
class DueRule:
    """When preparation is due: so many `hours` before the start or, where they are None, at `time` in `zone` on
    the last working day before it."""

    hours: int | None
    time: time
    zone: ZoneInfo


def preparation_due(
    starts_at: datetime,
    rule: DueRule,
    holidays: Collection[date] = (),
    *,
    not_before: datetime | None = None,
) -> datetime:
    """By the rule, and `not_before` that moment: see `due_when_brought_forward`.

    Hours are elapsed ones, even across a change of the clocks.

    A working day is neither a Saturday, a Sunday nor a holiday of the company; the meeting's own day does not
    count. It is due at least `TIME_TO_READ` and at most `LONGEST_WAIT` hours before the start.
    """
    by_rule = _due_by_rule(starts_at.astimezone(UTC), rule, holidays)
    return max(by_rule, not_before.astimezone(UTC)) if not_before else by_rule


def _due_by_rule(start: datetime, rule: DueRule, holidays: Collection[date]) -> datetime:
    if rule.hours is not None:
        return start - timedelta(hours=rule.hours)
    day = last_working_day_before(start.astimezone(rule.zone).date(), holidays)
    due = datetime.combine(day, rule.time, rule.zone).astimezone(UTC)
    return max(min(due, start - TIME_TO_READ), start - timedelta(hours=LONGEST_WAIT))


def due_when_brought_forward(
    due: datetime, by_rule: datetime, *, to: datetime, now: datetime
) -> datetime | None:
    """The moment before which a preparation, due at `due`, is not due once its meeting was moved to `to`; None
    where the rule alone decides (`by_rule`). A due time never moves into the past.

    It is due when there is still time to read it, else when the meeting starts. What was overdue stays so.
    """
    if by_rule >= min(now, due):
        return None
    latest = to - TIME_TO_READ if to - TIME_TO_READ > now else to
    return due if due <= now else min(due, latest)


@dataclass(frozen=True, slots=True)
class Preparation:
    """How well the leader's side prepared. `missing` counts the open items of the checklist."""

    is_submitted: bool
    is_late: bool
    missing: int

    @classmethod
    def of(cls, submitted_at: datetime | None, due: datetime | None, missing: int) -> Preparation:
        """`due` as it stood when it was submitted."""
        is_late = submitted_at is not None and due is not None and submitted_at > due
        return cls(submitted_at is not None, is_late, missing)

    @property
    def is_good(self) -> bool:
        """On time and complete."""
        return self.is_submitted and not self.is_late and not self.missing
