"""When the CEO and the leader are reminded: their meeting starts soon, started without them, was missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from alignment.models import Seat
from alignment.rules.roles import PRINCIPAL_ROLES
from meetings.models import Attendance, Meeting
from meetings.schedule.days_off import find_days_off_for
from meetings.sweep.reminder import LATE, Reminder, ReminderKind, is_enqueued

ABOUT_TO_START = timedelta(minutes=15)
ABSENT_AFTER = timedelta(minutes=5)
"""How long after the start whoever is absent is reminded."""
STILL_WORTH_JOINING = timedelta(hours=1)
MISSED_RECENTLY = timedelta(days=7)


#: A seat with one of its team's meetings: the annotations of `seats_with_meetings`.
SeatRow = Any


def seats_with_meetings(people: Q, **of_meeting: Any) -> QuerySet[Seat, Any]:
    """One row a seat and meeting: `people` filters the seats, `of_meeting` their team's meetings."""
    meeting_filters = {f"team__meetings__{name}": value for name, value in of_meeting.items()}
    names = (
        "sequence",
        "planned_start",
        "starts_at",
        "started_at",
        "started_by",
        "submitted_at",
        "missed_at",
    )
    return (
        Seat.objects.current()
        .filter(people, user__is_active=True, **meeting_filters)
        .order_by()
        .annotate(
            meeting=F("team__meetings__pk"),
            company=F("team__company"),
            zone=F("team__timezone"),
            **{name: F(f"team__meetings__{name}") for name in names},
        )
    )


def remind_of_meeting(kind: str, about: str, row: SeatRow, *, at: datetime, skipped: str = "") -> Reminder:
    payload = {"meeting": row.meeting, "sequence": row.sequence}
    return Reminder(kind, about, row.user_id, row.company, at, payload, skipped)


def find_starting(now: datetime) -> Iterable[SeatRow]:
    soon = seats_with_meetings(
        Q(role__in=PRINCIPAL_ROLES),
        state=Meeting.State.SCHEDULED,
        starts_at__gt=now,
        starts_at__lte=now + ABOUT_TO_START,
    )
    return soon.exclude(is_enqueued("starting:meeting-", "meeting", ".", "sequence", ":", "user"))


def remind_of_start(rows: Sequence[SeatRow], now: datetime) -> Iterator[Reminder]:
    """Remind the CEO and the leader 15 minutes before; not on a day off."""
    days_off = find_days_off_for((row.team_id, row.starts_at) for row in rows)
    for row in rows:
        if days_off.on(row.team_id, row.starts_at, row.zone):
            continue
        about = f"meeting-{row.meeting}.{row.sequence}"
        yield remind_of_meeting("starting", about, row, at=row.starts_at - ABOUT_TO_START)


def find_absent(now: datetime) -> Iterable[SeatRow]:
    running = seats_with_meetings(
        Q(role__in=PRINCIPAL_ROLES),
        state=Meeting.State.IN_PROGRESS,
        starts_at__gt=now - timedelta(days=1),
        started_at__gt=now - STILL_WORTH_JOINING,
        started_at__lte=now - ABSENT_AFTER,
        suspended_at=None,
    )
    there = Attendance.objects.filter(meeting=OuterRef("meeting"), user=OuterRef("user"), present=True)
    started = Meeting.objects.filter(pk=OuterRef("meeting"), started_by=OuterRef("user"))
    absent = running.exclude(Exists(started)).exclude(Exists(there))
    return absent.exclude(is_enqueued("absent:meeting-", "meeting", ":", "user"))


def remind_to_join(rows: Sequence[SeatRow], now: datetime) -> Iterator[Reminder]:
    """Remind the CEO or the leader who is absent five minutes after the start."""
    for row in rows:
        yield remind_of_meeting("absent", f"meeting-{row.meeting}", row, at=row.started_at + ABSENT_AFTER)


def find_missed(now: datetime) -> Iterable[SeatRow]:
    missed = seats_with_meetings(
        Q(role__in=PRINCIPAL_ROLES),
        state=Meeting.State.MISSED,
        missed_at__gt=now - MISSED_RECENTLY,
        missed_at__lte=now,
    )
    later = Meeting.objects.filter(
        team=OuterRef("team"), starts_at__gt=OuterRef("starts_at"), starts_at__lte=now
    ).exclude(state=Meeting.State.EXCUSED)
    not_reminded = missed.exclude(is_enqueued("missed:meeting-", "meeting", ":", "user"))
    return not_reminded.annotate(superseded=Exists(later))


def remind_of_miss(rows: Sequence[SeatRow], now: datetime) -> Iterator[Reminder]:
    """Tell both. Of several meetings marked at once, after the sweep had stopped, only the last one."""
    for row in rows:
        skipped = LATE if row.superseded else ""
        yield remind_of_meeting("missed", f"meeting-{row.meeting}", row, at=row.missed_at, skipped=skipped)


def _meeting_of(row: SeatRow) -> int:
    return int(row.meeting)


STARTING = ReminderKind(
    name="starting", unit="meeting", find=find_starting, remind=remind_of_start, id_of=_meeting_of
)
ABSENT = ReminderKind(
    name="absent", unit="meeting", find=find_absent, remind=remind_to_join, id_of=_meeting_of
)
MISSED = ReminderKind(
    name="missed", unit="meeting", find=find_missed, remind=remind_of_miss, id_of=_meeting_of
)
