"""When a CEO is told what needs them: on the morning of a meeting, and on Monday that of several teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Min, Q

from alignment.models import Absence, Holiday, Seat
from alignment.rules.quiet_hours import MORNING as WORKING_HOURS_BEGIN
from alignment.rules.roles import Role
from alignment.rules.zones import zone_named
from meetings.models import Meeting
from meetings.sweep.local_hours import days_with_zones, moment_of
from meetings.sweep.meeting_reminders import seats_with_meetings
from meetings.sweep.reminder import Reminder, ReminderKind, is_enqueued

MONDAY_MORNING = time(7)
"""In the reader's zone."""
LAST_WEEKDAY = 4
"""Until Friday an overview that could not be sent before is still of use."""


class CeoOfSeveralTeams(NamedTuple):
    """`company` is None when their teams are of several companies."""

    user: int
    zone: str
    company: int | None
    monday: date
    day: date
    """On which it is due: Monday, or the first working day after it."""


def find_ceos(now: datetime) -> Iterator[CeoOfSeveralTeams]:
    for today, zones in days_with_zones(now, since=MONDAY_MORNING).items():
        if today.weekday() > LAST_WEEKDAY:
            continue
        monday = today - timedelta(days=today.weekday())
        seats = Seat.objects.current().filter(role=Role.CEO, user__timezone__in=zones).order_by()
        several = seats.values("user", "user__timezone").annotate(
            teams=Count("pk"), company=Min("team__company"), companies=Count("team__company", distinct=True)
        )
        unreminded = several.filter(teams__gte=2).exclude(is_enqueued(f"week:{monday}:", "user"))
        days_off = _days_off([row["user"] for row in unreminded], monday, today)
        for row in unreminded:
            company = row["company"] if row["companies"] == 1 else None
            if (day := _first_working_day(monday, today, days_off[row["user"]])) is not None:
                yield CeoOfSeveralTeams(row["user"], row["user__timezone"], company, monday, day)


def _days_off(users: Collection[int], monday: date, today: date) -> dict[int, set[date]]:
    """Of each person the days of this week so far on which all companies are closed where they are the CEO, or on which
    they are away: two queries.
    """
    days: dict[int, set[date]] = defaultdict(set)
    if not users:
        return days
    companies: dict[int, set[int]] = defaultdict(set)
    seats = Seat.objects.current().filter(role=Role.CEO, user__in=users)
    for user, company in seats.values_list("user", "team__company"):
        companies[user].add(company)
    holidays = set(Holiday.objects.filter(day__range=(monday, today)).values_list("company", "day"))
    absences = Absence.objects.filter(user__in=users, first__lte=today, last__gte=monday)
    away = list(absences.values_list("user", "first", "last"))
    week = [monday + timedelta(days=number) for number in range((today - monday).days + 1)]
    for user in users:
        for day in week:
            is_closed = all((company, day) in holidays for company in companies[user])
            if is_closed or any(user == who and first <= day <= last for who, first, last in away):
                days[user].add(day)
    return days


def _first_working_day(monday: date, today: date, days_off: Collection[date]) -> date | None:
    """The day since which it is due; None while no working day has come, or today is none."""
    week = (monday + timedelta(days=number) for number in range((today - monday).days + 1))
    return next((day for day in week if day not in days_off), None) if today not in days_off else None


def remind_of_week(rows: Sequence[CeoOfSeveralTeams], now: datetime) -> Iterator[Reminder]:
    """To a CEO of several teams, on the morning of the first working day of the week."""
    for row in rows:
        at = moment_of(row.day, MONDAY_MORNING, row.zone)
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
