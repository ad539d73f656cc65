"""When people are reminded of their commitments: the morning before they are due, or else that of the day, and once
overdue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Exists, Min, OuterRef

from alignment.models import Notice
from meetings.models import Commitment
from meetings.sweep.local_hours import days_with_zones, moment_of
from meetings.sweep.reminder import Reminder, ReminderKind, is_enqueued

MORNING = time(9)
"""In the reader's zone."""
NEARLY_A_WEEK = timedelta(days=7, hours=-4)
"""Reminders come at a wall hour: at a change of the clocks a week of them is an hour shorter or longer."""


class Owner(NamedTuple):
    """Somebody with open commitments. `due` is the oldest due day, `today` the day in their zone."""

    user: int
    zone: str
    company: int | None
    due: date
    today: date


def find_due(now: datetime) -> Iterator[Owner]:
    """Who was not reminded yet of what is due tomorrow, or today."""
    for today, zones in days_with_zones(now, since=MORNING).items():
        days = (today, today + timedelta(days=1))
        due = Commitment.objects.open().filter(due__in=days, owner__timezone__in=zones).order_by()
        unreminded = due.exclude(is_enqueued("commitments_due:", "due", ":", "owner"))
        for row in unreminded.values("owner", "owner__timezone", "due").annotate(
            company=Min("team__company")
        ):
            yield Owner(row["owner"], row["owner__timezone"], row["company"], row["due"], today)


def remind_of_due(rows: Sequence[Owner], now: datetime) -> Iterator[Reminder]:
    """Remind the owner on the morning of the day before, once for all that are due that day."""
    for row in rows:
        at, payload = moment_of(row.today, MORNING, row.zone), {"due": row.due.isoformat()}
        yield Reminder("commitments_due", f"{row.due}", row.user, row.company, at, payload)


def find_overdue(now: datetime) -> Iterator[Owner]:
    reminded = Notice.objects.filter(kind="overdue", to=OuterRef("owner"), due_at__gt=now - NEARLY_A_WEEK)
    for today, zones in days_with_zones(now, since=MORNING).items():
        late = Commitment.objects.open().filter(due__lt=today, owner__timezone__in=zones).order_by()
        rows = late.exclude(Exists(reminded)).values("owner", "owner__timezone")
        for row in rows.annotate(oldest=Min("due"), company=Min("team__company")):
            yield Owner(row["owner"], row["owner__timezone"], row["company"], row["oldest"], today)


def remind_of_overdue(rows: Sequence[Owner], now: datetime) -> Iterator[Reminder]:
    """Remind the owner on the morning after and then once a week, once for all that are overdue."""
    for row in rows:
        weeks = ((row.today - row.due).days - 1) // 7
        at = moment_of(row.today, MORNING, row.zone)
        yield Reminder("overdue", f"{row.due}+{weeks}", row.user, row.company, at)


def _owner_of(row: Owner) -> int:
    return row.user


COMMITMENTS_DUE = ReminderKind(
    name="commitments due",
    unit="person",
    find=find_due,
    remind=remind_of_due,
    id_of=_owner_of,
)
OVERDUE = ReminderKind(
    name="overdue", unit="person", find=find_overdue, remind=remind_of_overdue, id_of=_owner_of
)
