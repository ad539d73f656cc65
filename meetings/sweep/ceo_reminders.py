"""When a CEO is told what needs them: on the morning of a meeting, and on Monday that of several teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Min, Q

from alignment.models import Seat
from alignment.rules.quiet_hours import MORNING as WORKING_HOURS_BEGIN
from alignment.rules.roles import Role
from alignment.rules.zones import zone_named
from meetings.models import Meeting
from meetings.sweep.local_hours import days_with_zones, moment_of
from meetings.sweep.meeting_reminders import seats_with_meetings
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


class CeoWithMeeting(NamedTuple):
    """`company` is None when today's meetings are of several companies; `today` is the day in the reader's zone."""

    user: int
    zone: str
    company: int | None
    today: date


def find_ceos_with_meeting(now: datetime) -> Iterator[CeoWithMeeting]:
    """CEOs whose morning it is and who still have a meeting today."""
    for today, zones in days_with_zones(now, since=WORKING_HOURS_BEGIN).items():
        seats = seats_with_meetings(
            Q(role=Role.CEO, user__timezone__in=zones),
            state=Meeting.State.SCHEDULED,
            starts_at__gt=now,
            starts_at__lt=now + timedelta(days=1),
        )
        unreminded = seats.exclude(is_enqueued(f"morning:{today}:", "user"))
        companies: dict[tuple[int, str], set[int]] = defaultdict(set)
        for row in unreminded.annotate(reader_zone=F("user__timezone")):
            if row.starts_at.astimezone(zone_named(row.reader_zone)).date() == today:
                companies[row.user_id, row.reader_zone].add(row.company)
        for (user, zone), of_today in companies.items():
            yield CeoWithMeeting(user, zone, of_today.pop() if len(of_today) == 1 else None, today)


def remind_of_morning(rows: Sequence[CeoWithMeeting], now: datetime) -> Iterator[Reminder]:
    for row in rows:
        at = moment_of(row.today, WORKING_HOURS_BEGIN, row.zone)
        yield Reminder("morning", f"{row.today}", row.user, row.company, at, {"day": f"{row.today}"})


MORNING = ReminderKind(
    name="morning",
    unit="person",
    find=find_ceos_with_meeting,
    remind=remind_of_morning,
    id_of=lambda row: row.user,
)
