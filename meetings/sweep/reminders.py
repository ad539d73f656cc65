"""All kinds of reminders, in the order in which they are enqueued. A new kind is an entry here and a mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from alignment.models import Company, Notice
from meetings.sweep.ceo_reminders import MORNING, WEEK
from meetings.sweep.commitment_reminders import COMMITMENTS_DUE, OVERDUE
from meetings.sweep.meeting_reminders import ABSENT, MISSED, STARTING
from meetings.sweep.preparation_reminders import PREPARATION, PREPARED
from meetings.sweep.question_reminders import QUESTION, WAITING_UPLOAD
from meetings.sweep.reminder import Reminder, ReminderKind

REMINDER_KINDS: tuple[ReminderKind[Any], ...] = (
    PREPARATION,
    PREPARED,
    QUESTION,
    WAITING_UPLOAD,
    MORNING,
    STARTING,
    ABSENT,
    MISSED,
    COMMITMENTS_DUE,
    OVERDUE,
    WEEK,
)


def due_reminders(company: Company, now: datetime) -> Iterator[Reminder]:
    """The reminders of the company's people that are due and not enqueued yet."""
    for kind in REMINDER_KINDS:
        rows = [row for row in kind.find(now) if row.company == company.pk and kind.is_due(row, now)]
        yield from kind.remind(rows, now)


SENT_BEFORE_IMPORT = "Sent by the installation the company was imported from."


def mark_due_as_sent(company: Company, now: datetime) -> int:
    """Mark everything due now as sent, so that nobody gets old mails again; returns how many.

    From then on the sweep enqueues what falls due.
    """
    due = [
        replace(reminder, skipped=reminder.skipped or SENT_BEFORE_IMPORT)
        for reminder in due_reminders(company, now)
    ]
    Notice.objects.enqueue(reminder.notice(now) for reminder in due)
    return len(due)
