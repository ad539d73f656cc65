"""A due time never moves into the past, whatever changes the rule, the slot or the days off it is reckoned from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import Q

from alignment.models import Company, Team
from meetings.models import Meeting


@contextmanager
def keep_due_times_from_past(team: Team, now: datetime) -> Iterator[None]:
    """Around a change of the team's schedule or deadlines: what was not due before it is not overdue after it."""
    with _protect(Q(team=team), now):
        yield


@contextmanager
def keep_due_times_of_company_from_past(company: Company, now: datetime) -> Iterator[None]:
    """The same around a change of the company's holidays, for all its teams."""
    with _protect(Q(team__company=company), now):
        yield


@contextmanager
def _protect(concerned: Q, now: datetime) -> Iterator[None]:
    due = {meeting.pk: meeting.preparation_due for meeting in _unprepared(concerned, now)}
    yield
    for meeting in _unprepared(concerned, now):
        if meeting.pk in due:
            not_before = meeting.due_not_before_when_changed(due[meeting.pk], now=now)
            if not_before != meeting.due_not_before:
                Meeting.objects.filter(pk=meeting.pk).update(due_not_before=not_before)


def _unprepared(concerned: Q, now: datetime) -> list[Meeting]:
    ahead = Meeting.objects.ahead().filter(concerned, starts_at__gt=now, submitted_at=None)
    return list(ahead.select_related("team__company").prefetch_related("team__company__holidays"))
