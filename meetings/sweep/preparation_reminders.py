"""When the leader's side is reminded to prepare, and the CEO that the preparation is ready to read.

Of several late reminders of one preparation only the latest is sent, and none once the meeting's time has
come. The others are recorded as skipped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Case, IntegerField, OuterRef, Q, When

from alignment.db.json_aggregation import JsonRows
from alignment.db.named_rows import named_rows
from alignment.models import Holiday, Notice, Seat, Team
from alignment.models.teams import DueRule
from alignment.rules.roles import Role, Side
from alignment.rules.team_limits import LONGEST_WAIT
from meetings.models import Meeting
from meetings.models.team_cadence import make_due_rule
from meetings.rules.preparation import preparation_due
from meetings.schedule.days_off import find_days_off_for
from meetings.schedule.slots import AHEAD
from meetings.sweep.meeting_reminders import SeatRow, remind_of_meeting, seats_with_meetings
from meetings.sweep.reminder import (
    LATE,
    Reminder,
    ReminderKind,
    is_enqueued,
)

BEFORE_A_MISS = timedelta(weeks=5)
"""A meeting missed within a day was due no longer ago."""
RECENTLY = timedelta(weeks=8)
"""How long after the submission the CEO is still notified."""


class HolidayRow(NamedTuple):
    day: date


class Preparation(NamedTuple):
    """A meeting without a submitted preparation."""

    pk: int
    sequence: int
    state: str
    team: int
    starts_at: datetime
    due_not_before: datetime | None
    due_rule: str
    due_time: time
    preparation_hours: int
    reminder_hours: list[int]
    zone: str
    company: int | None
    holidays: list[HolidayRow]

    @property
    def due(self) -> datetime:
        rule = make_due_rule(self.due_rule, hours=self.preparation_hours, at=self.due_time, zone=self.zone)
        holidays = {holiday.day for holiday in self.holidays}
        return preparation_due(self.starts_at, rule, holidays, not_before=self.due_not_before)

    def due_hours(self, now: datetime) -> list[int]:
        """The reminder hours that have passed, the latest last."""
        hours = sorted(self.reminder_hours, reverse=True)
        return [hour for hour in hours if self.due - timedelta(hours=hour) <= now]

    def about(self, hours: int) -> str:
        """What is asked for: this preparation by this moment. Moved or redefined, it is asked for anew."""
        return f"meeting-{self.pk}.{self.sequence}-{self.due:%Y%m%dT%H%M}-{hours}h"

    def is_ahead(self, now: datetime) -> bool:
        return self.state == Meeting.State.SCHEDULED and now < self.starts_at


def find_unprepared(now: datetime) -> Iterable[Preparation]:
    """Meetings whose preparation may be due for a reminder, and those just missed that never got one."""
    days = (now.date() - BEFORE_A_MISS, now.date() + AHEAD)
    holidays = Holiday.objects.filter(company__teams=OuterRef("team"), day__range=days)
    unprepared = Meeting.objects.filter(submitted_at=None).order_by()
    meetings = unprepared.annotate(holidays=JsonRows(holidays, into=HolidayRow))
    near = meetings.filter(state=Meeting.State.SCHEDULED, starts_at__lte=now + _longest_ahead())
    missed = meetings.filter(state=Meeting.State.MISSED, missed_at__gt=now - timedelta(days=1))
    return chain.from_iterable(
        named_rows(
            meetings,
            into=Preparation,
            due_rule="team__due_rule",
            due_time="team__due_time",
            preparation_hours="team__preparation_hours",
            reminder_hours="team__reminder_hours",
            zone="team__timezone",
            company="team__company",
        )
        for meetings in (near, missed)
    )


def _longest_ahead() -> timedelta:
    """The longest time before a meeting at which any team is reminded. An invalid policy fails only for its
    own team, when its meeting is processed."""
    hours = Case(
        When(due_rule=DueRule.HOURS, then="preparation_hours"),
        default=LONGEST_WAIT,
        output_field=IntegerField(),
    )
    policies = Team.objects.order_by().values_list(hours, "reminder_hours").distinct()
    longest = max((due + max(_numbers(reminders), default=0) for due, reminders in policies), default=0)
    return min(timedelta(hours=min(longest, 24 * 366)), AHEAD)


def _numbers(hours: Any) -> list[int]:
    return [hour for hour in hours if isinstance(hour, int)] if isinstance(hours, list) else []


def remind_to_prepare(rows: Sequence[Preparation], now: datetime) -> Iterator[Reminder]:
    """Remind the leader's side, at the team's hours before it is due, until it is submitted.

    On a day off nobody is reminded. Each is asked once for each hour; who takes over is asked anew.
    """
    days_off = find_days_off_for((row.team, row.starts_at) for row in rows)
    people = _leaders_side_of({row.team for row in rows})
    reminders = [
        Reminder(
            "preparation",
            row.about(hours),
            user,
            row.company,
            row.due - timedelta(hours=hours),
            {"meeting": row.pk, "sequence": row.sequence, "hours": hours},
            "" if row.is_ahead(now) and hours == row.due_hours(now)[-1] else LATE,
        )
        for row in rows
        if not days_off.on(row.team, row.starts_at, row.zone)
        for hours in row.due_hours(now)
        for user in people[row.team]
    ]
    keys = [reminder.key for reminder in reminders]
    known = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
    return (reminder for reminder in reminders if reminder.key not in known)


def _leaders_side_of(teams: set[int]) -> dict[int, list[int]]:
    """The leader and the leader's delegates, by team."""
    people: dict[int, list[int]] = defaultdict(list)
    seats = Seat.objects.current().filter(Q(role=Role.LEADER) | Q(acts_for=Side.LEADER), user__is_active=True)
    for team, user in seats.filter(team__in=teams).values_list("team", "user"):
        people[team].append(user)
    return people


def find_prepared(now: datetime) -> Iterable[SeatRow]:
    submitted = seats_with_meetings(
        Q(role=Role.CEO),
        state=Meeting.State.SCHEDULED,
        submitted_at__gt=now - RECENTLY,
        submitted_at__lte=now,
    )
    return submitted.exclude(is_enqueued("prepared:meeting-", "meeting", ":", "user"))


def remind_to_read(rows: Sequence[SeatRow], now: datetime) -> Iterator[Reminder]:
    """Notify the CEO once the preparation is submitted."""
    for row in rows:
        yield remind_of_meeting("prepared", f"meeting-{row.meeting}", row, at=row.submitted_at)


PREPARATION = ReminderKind(
    name="preparation",
    unit="meeting",
    find=find_unprepared,
    is_due=lambda row, now: bool(row.due_hours(now)),
    remind=remind_to_prepare,
    id_of=lambda row: row.pk,
)
PREPARED = ReminderKind(
    name="prepared",
    unit="meeting",
    find=find_prepared,
    remind=remind_to_read,
    id_of=lambda row: row.meeting,
)
