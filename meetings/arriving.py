"""What a company brought in from another installation needs before the clock here takes it over."""

from __future__ import annotations

from datetime import datetime

from alignment.models import Company, Notice
from meetings import reminders

TOLD_BEFORE = "Told where the company was before it came here."


def take_over(company: Company, now: datetime) -> int:
    """What is due now counts as told already, so that nobody gets old mails again; returns how many that are.

    From here on the clock owes what falls due.
    """
    due = [each for each in reminders.owed(now) if each.company == company.pk]
    Notice.objects.owe(
        Notice(
            key=each.key, kind=each.kind, to_id=each.to, company_id=each.company, payload=each.payload, created_at=now,
            due_at=each.at, closed_at=now, error=each.skipped or TOLD_BEFORE,
        ) for each in due
    )  # fmt: skip
    return len(due)
