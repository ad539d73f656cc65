"""Single steps of the sweep, for tests of what one step does."""

from datetime import datetime

from alignment.sweep import run
from alignment.sweep.steps import STEPS
from meetings.sweep.reminder import Reminder
from meetings.sweep.reminders import REMINDER_KINDS


def run_step(name: str, now: datetime) -> int:
    """Run one step; returns how much it did. No unit may fail."""
    step = next(step for step in STEPS if step.name == name)
    counts, failed = run.run_step(step, now)
    assert not failed, f"{name} failed for {failed}"
    return counts.total()


def reminders_due(now: datetime) -> list[Reminder]:
    """What would be enqueued at `now`."""
    return [
        reminder
        for kind in REMINDER_KINDS
        for reminder in kind.remind([row for row in kind.find(now) if kind.is_due(row, now)], now)
    ]


def enqueue_reminders(now: datetime) -> int:
    """Write all reminders that are due into the outbox; returns how many are to be sent."""
    return sum(run_step(kind.step().name, now) for kind in REMINDER_KINDS)
