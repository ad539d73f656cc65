"""What is owed at `now`: which message to whom, since when it is due. Sends nothing; alignment.delivery does.

Each kind is one function that asks the database what is due and not owed yet, in a fixed number of queries for any
number of teams; `owed` collects them. A key names the meeting (and which of its times: `sequence`), the slot of the
week or the day something is due, never the day this ran: run twice, late or on several machines it is the same row.

What ran late is owed as long as its reason stands: of several reminders of one preparation only the latest, and none
once the meeting's time has come. Those left out are written down as skipped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, Exists, F, Min, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from alignment.celery import nudge
from alignment.middleware import zone_named
from alignment.models import Notice, Seat, Team, User
from alignment.models.teams import THE_TWO, Role, Side
from meetings.cadence import preparation_due
from meetings.days_off import days_off_of
from meetings.models import Attendance, Commitment, Meeting

ABOUT_TO_START = timedelta(minutes=15)
NOT_IN_IT = timedelta(minutes=5)
"""After the start, when the one who is not there is told."""
STILL_WORTH_JOINING = timedelta(hours=1)
MORNING, MONDAY_MORNING = time(9), time(7)
"""When the day's commitments and the week are told, in the reader's zone."""
WEEK = timedelta(days=7)
LATE = "Skipped: it would have come too late."
DAY_OFF = "Skipped: it is a holiday, or one of the two is away."


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message owed to one person since `at`; `skipped` says why it is not sent."""

    kind: str
    about: str
    to: int
    company: int | None
    at: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    skipped: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about}:{self.to}"


def owed(now: datetime) -> list[Reminder]:
    """What is due and not owed yet."""
    return list(chain.from_iterable(collect(now) for collect in COLLECTORS))


def owe(now: datetime) -> int:
    """Write down what is owed and have it delivered; returns how many messages that are."""
    due = owed(now)
    if not due:
        return 0
    with transaction.atomic():
        Notice.objects.owe([_notice(reminder, now) for reminder in due])
        asked = {reminder.payload["meeting"] for reminder in due if reminder.kind == "preparation"}
        Meeting.objects.filter(pk__in=asked).update(asked_at=now)
        nudge("alignment.tasks.deliver_due")
    return sum(1 for reminder in due if not reminder.skipped)


def _notice(reminder: Reminder, now: datetime) -> Notice:
    return Notice(
        key=reminder.key, kind=reminder.kind, to_id=reminder.to, company_id=reminder.company, payload=reminder.payload,
        created_at=now, due_at=reminder.at, closed_at=now if reminder.skipped else None, error=reminder.skipped,
    )  # fmt: skip


# The preparation


def preparation(now: datetime) -> Iterator[Reminder]:
    """To the leader's side, at the team's hours before it is due, until it is handed in. `Meeting.asked_at` is the last time.

    On a day on which nobody expects the team to meet nothing is asked for.
    """
    asks = [(row, unasked) for row in _unprepared(now) if (unasked := _unasked(row, now))]
    off = days_off_of((row["team"], row["starts_at"]) for row, _ in asks)
    seats = _seats({row["team"] for row, _ in asks}, Q(role=Role.LEADER) | Q(acts_for=Side.LEADER))
    for row, unasked in asks:
        stands = row["state"] == Meeting.State.SCHEDULED and now < row["starts_at"]
        day_off = off.on(row["team"], row["starts_at"].astimezone(zone_named(row["zone"])).date())
        for hours in unasked:
            skipped = DAY_OFF if day_off else "" if stands and hours == unasked[-1] else LATE
            payload = {"meeting": row["pk"], "sequence": row["sequence"], "hours": hours}
            for user, _ in seats[row["team"]]:
                yield Reminder(
                    "preparation", f"meeting-{row['pk']}.{row['sequence']}-{hours}h", user, row["company"],
                    _due(row) - timedelta(hours=hours), payload, skipped,
                )  # fmt: skip


def _unprepared(now: datetime) -> Iterable[dict[str, Any]]:
    """Meetings whose preparation may be asked for, and those missed just now that were never asked for it."""
    policies = Team.objects.order_by().values_list("preparation_hours", "reminder_hours").distinct()
    longest = max((due + max(asks, default=0) for due, asks in policies), default=0)
    meetings = Meeting.objects.filter(handed_in_at=None).order_by()
    near = meetings.filter(state=Meeting.State.SCHEDULED, starts_at__lte=now + timedelta(hours=longest))
    missed = meetings.filter(state=Meeting.State.MISSED, missed_at__gt=now - timedelta(days=1))
    names = ("pk", "sequence", "state", "team", "starts_at", "asked_at")
    about_team = {
        "hours": F("team__preparation_hours"), "company": F("team__company"), "zone": F("team__timezone"),
        "ask_before": F("team__reminder_hours"),
    }  # fmt: skip
    return chain(near.values(*names, **about_team), missed.values(*names, **about_team))


def _due(row: dict[str, Any]) -> datetime:
    return preparation_due(row["starts_at"], hours=row["hours"])


def _unasked(row: dict[str, Any], now: datetime) -> list[int]:
    """The hours before the due time that have come and were not followed by a reminder, the latest last."""
    due, asked = _due(row), row["asked_at"]
    times = ((hours, due - timedelta(hours=hours)) for hours in sorted(row["ask_before"], reverse=True))
    return [hours for hours, at in times if at <= now and (asked is None or asked < at)]


def prepared(now: datetime) -> Iterator[Reminder]:
    """To the CEO, once it is handed in."""
    handed_in = _meetings_of(
        Q(role=Role.CEO),
        state=Meeting.State.SCHEDULED,
        handed_in_at__gt=now - 8 * WEEK,
        handed_in_at__lte=now,
    )
    for row in handed_in.exclude(_owed_as("prepared:meeting-", "meeting", ":", "user")):
        yield _about_meeting("prepared", f"meeting-{row.meeting}", row, at=row.handed_in_at)


# The meeting


def starting(now: datetime) -> Iterator[Reminder]:
    """To the two, a quarter of an hour before; not on a day on which nobody expects them to meet."""
    soon = _meetings_of(
        Q(role__in=THE_TWO),
        state=Meeting.State.SCHEDULED,
        starts_at__gt=now,
        starts_at__lte=now + ABOUT_TO_START,
    )
    untold = list(soon.exclude(_owed_as("starting:meeting-", "meeting", ".", "sequence", ":", "user")))
    off = days_off_of((row.team_id, row.starts_at) for row in untold)
    for row in untold:
        if off.on(row.team_id, row.starts_at.astimezone(zone_named(row.zone)).date()):
            continue
        about = f"meeting-{row.meeting}.{row.sequence}"
        yield _about_meeting("starting", about, row, at=row.starts_at - ABOUT_TO_START)


def absent(now: datetime) -> Iterator[Reminder]:
    """To the one of the two who is not there five minutes after the start."""
    running = _meetings_of(
        Q(role__in=THE_TWO),
        state=Meeting.State.IN_PROGRESS,
        starts_at__gt=now - timedelta(days=1),
        started_at__gt=now - STILL_WORTH_JOINING,
        started_at__lte=now - NOT_IN_IT,
        suspended_at=None,
    )
    there = Attendance.objects.filter(meeting=OuterRef("meeting"), user=OuterRef("user"), present=True)
    elsewhere = running.exclude(user=F("team__meetings__started_by")).exclude(Exists(there))
    for row in elsewhere.exclude(_owed_as("absent:meeting-", "meeting", ":", "user")):
        yield _about_meeting("absent", f"meeting-{row.meeting}", row, at=row.started_at + NOT_IN_IT)


def missed(now: datetime) -> Iterator[Reminder]:
    """To both. Of several stated at once, after the clock stood still, only the last one is told."""
    stated = _meetings_of(
        Q(role__in=THE_TWO), state=Meeting.State.MISSED, missed_at__gt=now - WEEK, missed_at__lte=now
    )
    later = Meeting.objects.filter(
        team=OuterRef("team"), planned_start__gt=OuterRef("planned_start"), starts_at__lte=now
    ).exclude(state=Meeting.State.EXCUSED)
    untold = stated.exclude(_owed_as("missed:meeting-", "meeting", ":", "user"))
    for row in untold.annotate(superseded=Exists(later)):
        skipped = LATE if row.superseded else ""
        yield _about_meeting("missed", f"meeting-{row.meeting}", row, at=row.missed_at, skipped=skipped)


# Commitments


def commitments_due(now: datetime) -> Iterator[Reminder]:
    """To their owner, on the morning of the day before, once for all due that day."""
    for today, zones in _days(now, since=MORNING).items():
        day = today + timedelta(days=1)
        due = Commitment.objects.open().filter(due=day, owner__timezone__in=zones).order_by()
        told = _owed_as(f"commitments_due:{day}:", "owner")
        for row in (
            due.exclude(told).values("owner", "owner__timezone").annotate(company=Min("team__company"))
        ):
            at = _wall(today, MORNING, row["owner__timezone"])
            yield Reminder(
                "commitments_due", f"{day}", row["owner"], row["company"], at, {"due": day.isoformat()}
            )


def overdue(now: datetime) -> Iterator[Reminder]:
    """To their owner, the morning after and then once a week, once for all that are overdue."""
    lately = Notice.objects.filter(kind="overdue", to=OuterRef("owner"), due_at__gt=now - WEEK)
    for today, zones in _days(now, since=MORNING).items():
        late = Commitment.objects.open().filter(due__lt=today, owner__timezone__in=zones).order_by()
        for row in (
            late.exclude(Exists(lately))
            .values("owner", "owner__timezone")
            .annotate(oldest=Min("due"), company=Min("team__company"))
        ):
            weeks = ((today - row["oldest"]).days - 1) // 7
            at = _wall(today, MORNING, row["owner__timezone"])
            yield Reminder("overdue", f"{row['oldest']}+{weeks}", row["owner"], row["company"], at)


# The week


def week(now: datetime) -> Iterator[Reminder]:
    """To a CEO of several teams, on Monday morning."""
    for today, zones in _days(now, since=MONDAY_MORNING).items():
        if today.weekday() != 0:
            continue
        ceos = Seat.objects.current().filter(role=Role.CEO, user__timezone__in=zones).order_by()
        several = ceos.values("user", "user__timezone").annotate(
            teams=Count("pk"), company=Min("team__company"), companies=Count("team__company", distinct=True)
        )
        told = _owed_as(f"week:{today}:", "user")
        for row in several.filter(teams__gte=2).exclude(told):
            company = row["company"] if row["companies"] == 1 else None
            at = _wall(today, MONDAY_MORNING, row["user__timezone"])
            yield Reminder("week", f"{today}", row["user"], company, at)


#: What is owed, kind by kind. A new kind (an escalation, a flag) is one more function here and one maker of its mail.
COLLECTORS: tuple[Callable[[datetime], Iterable[Reminder]], ...] = (
    preparation,
    prepared,
    starting,
    absent,
    missed,
    commitments_due,
    overdue,
    week,
)


# Asking the database


def _seats(teams: set[int], wanted: Q) -> dict[int, list[tuple[int, str]]]:
    """Who holds such a seat on each of the teams: user and role."""
    seats: dict[int, list[tuple[int, str]]] = defaultdict(list)
    if teams:
        found = Seat.objects.current().filter(wanted, team__in=teams, user__is_active=True)
        for team, user, role in found.values_list("team", "user", "role"):
            seats[team].append((user, role))
    return seats


def _meetings_of(who: Q, **of_meeting: Any) -> Any:
    """Seats with each of their team's meetings that are so, and what of the meeting is told."""
    such = {f"team__meetings__{name}": value for name, value in of_meeting.items()}
    told = ("sequence", "planned_start", "starts_at", "started_at", "handed_in_at", "missed_at")
    return (
        Seat.objects.current()
        .filter(who, user__is_active=True, **such)
        .order_by()
        .annotate(
            meeting=F("team__meetings__pk"),
            company=F("team__company"),
            zone=F("team__timezone"),
            **{name: F(f"team__meetings__{name}") for name in told},
        )
    )


def _owed_as(*parts: str) -> Exists:
    """Whether the key is there already: every second part names a column of the row asked about."""
    columns = (
        Cast(OuterRef(part), CharField()) if number % 2 else Value(part) for number, part in enumerate(parts)
    )
    return Exists(Notice.objects.filter(key=Concat(*columns)))


def _about_meeting(kind: str, about: str, row: Any, *, at: datetime, skipped: str = "") -> Reminder:
    payload = {"meeting": row.meeting, "sequence": row.sequence}
    return Reminder(kind, about, row.user_id, row.company, at, payload, skipped)


def _days(now: datetime, *, since: time) -> dict[date, list[str]]:
    """The zones in which it is at least this hour, by the calendar day it is there: three days at most."""
    days: dict[date, list[str]] = defaultdict(list)
    for name in User.objects.order_by().values_list("timezone", flat=True).distinct():
        local = now.astimezone(zone_named(name))
        if local.time() >= since:
            days[local.date()].append(name)
    return days


def _wall(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, zone_named(zone)).astimezone(UTC)
