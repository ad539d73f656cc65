"""When a CEO of several teams gets the overview of the week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Count, Min

from alignment.models import Seat
from alignment.rules.roles import Role
from meetings.sweep.local_hours import days_with_zones, moment_of
from meetings.sweep.reminder import Reminder, ReminderKind, is_enqueued

MONDAY_MORNING = time(7)
"""In the reader's zone."""
LAST_WEEKDAY = 2
"""Until Wednesday an overview that could not be sent on Monday is still of use."""


class CeoOfSeveralTeams(NamedTuple):
    """`company` is None when their teams are of several companies."""

    user: int
    zone: str
    company: int | None
    monday: date


def find_ceos(now: datetime) -> Iterator[CeoOfSeveralTeams]:
    for today, zones in days_with_zones(now, since=MONDAY_MORNING).items():
        if today.weekday() > LAST_WEEKDAY:
            continue
        monday = today - timedelta(days=today.weekday())
        seats = Seat.objects.current().filter(role=Role.CEO, user__timezone__in=zones).order_by()
        several = seats.values("user", "user__timezone").annotate(
            teams=Count("pk"), company=Min("team__company"), companies=Count("team__company", distinct=True)
        )
        for row in several.filter(teams__gte=2).exclude(is_enqueued(f"week:{monday}:", "user")):
            company = row["company"] if row["companies"] == 1 else None
            yield CeoOfSeveralTeams(row["user"], row["user__timezone"], company, monday)


def remind_of_week(rows: Sequence[CeoOfSeveralTeams], now: datetime) -> Iterator[Reminder]:
    """To a CEO of several teams, on Monday morning."""
    for row in rows:
        at = moment_of(row.monday, MONDAY_MORNING, row.zone)
        yield Reminder("week", f"{row.monday}", row.user, row.company, at)


WEEK = ReminderKind(
    name="week", unit="person", find=find_ceos, remind=remind_of_week, id_of=lambda row: row.user
)
