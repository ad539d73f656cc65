"""A person's calendar feed, read in five queries. Whether it changed is known before writing it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from alignment.db.named_rows import named_rows
from alignment.models import Seat, Team, User
from alignment.rules.formatting import DAYS, MONTHS
from alignment.rules.roles import PRINCIPAL_ROLES
from alignment.rules.text import first_name
from alignment.rules.zones import zone_named
from meetings.calendars import feed_format
from meetings.models import Meeting, Move
from meetings.models.team_cadence import make_due_rule
from meetings.rules.preparation import preparation_due
from meetings.schedule.days_off import DayOff, DaysOff, find_days_off_for
from meetings.schedule.slots import AHEAD

PAST = timedelta(days=90)
#: Part of the tag: increase it when entries are written differently, so that programs fetch them again.
FORMAT_VERSION = 1


class SeatRow(NamedTuple):
    team: int
    name: str
    revenue: int
    deals: int
    risks: int
    initiatives: int
    issues: int
    due_rule: str
    due_time: time
    preparation_hours: int
    zone: str
    sequence: int | None
    entries_changed_at: datetime | None
    """What all entries of the team show, its version, and when it last changed."""
    role: str
    person: str

    @property
    def minutes(self) -> int:
        return self.revenue + self.deals + self.risks + self.initiatives + self.issues


class MeetingRow(NamedTuple):
    pk: int
    team: int
    planned_start: datetime
    starts_at: datetime
    due_not_before: datetime | None
    state: str
    sequence: int
    moved_at: datetime | None
    started_at: datetime | None
    closed_at: datetime | None
    missed_at: datetime | None

    def changed_at(self, entries_changed_at: datetime | None) -> datetime:
        """When it last changed; a meeting without any change was planned `AHEAD` of its time."""
        changes = (self.moved_at, self.started_at, self.closed_at, self.missed_at)
        return max(
            [entries_changed_at or self.planned_start - AHEAD, *(moment for moment in changes if moment)]
        )


@dataclass(frozen=True, slots=True)
class Feed:
    """Everything the feed shows."""

    zone: ZoneInfo
    seats: Sequence[SeatRow]
    meetings: Sequence[MeetingRow]
    days_off: DaysOff

    @property
    def tag(self) -> str:
        """The entity tag: a digest of everything the feed shows."""
        content = repr(
            (FORMAT_VERSION, settings.BASE_URL, self.zone.key, self.seats, self.meetings, self.days_off)
        )
        return hashlib.sha256(content.encode()).hexdigest()[:40]

    def to_ics(self) -> bytes:
        return feed_format.write_calendar(self.entries(), name="Alignment")

    def entries(self) -> Iterator[feed_format.Entry]:
        teams: dict[int, list[SeatRow]] = {}
        for seat in self.seats:
            teams.setdefault(seat.team, []).append(seat)
        titles = {team: meeting_title(seats[0].name, _principals(seats)) for team, seats in teams.items()}
        host = urlsplit(settings.BASE_URL).hostname
        address = settings.BASE_URL + reverse("meetings:review", args=(0,)).replace("/0/", "/{}/")
        for row in self.meetings:
            team, url = teams[row.team][0], address.format(row.pk)
            note = self._note(row, team)
            yield feed_format.Entry(
                uid=f"meeting-{row.pk}@{host}",
                title=noted_title(titles[row.team], note),
                text=url if note else self._text(row, team, url),
                url=url,
                starts_at=row.starts_at,
                minutes=team.minutes,
                sequence=row.sequence + (team.sequence or 0),
                changed_at=row.changed_at(team.entries_changed_at),
                has_alarm=row.state == Meeting.State.SCHEDULED and not note,
            )

    def _note(self, row: MeetingRow, team: SeatRow) -> str:
        """Why nobody expects it, or that it was missed."""
        if row.state == Meeting.State.SCHEDULED:
            return spell_note(self.days_off.on(row.team, row.starts_at, team.zone))
        return "missed" if row.state == Meeting.State.MISSED else ""

    def _text(self, row: MeetingRow, team: SeatRow, url: str) -> str:
        if row.state != Meeting.State.SCHEDULED:
            return url
        rule = make_due_rule(team.due_rule, hours=team.preparation_hours, at=team.due_time, zone=team.zone)
        due = preparation_due(
            row.starts_at,
            rule,
            self.days_off.holidays.get(row.team, ()),
            not_before=row.due_not_before,
        )
        return f"Preparation is due on {spell_moment(due, self.zone)}.\n{url}"


def read_feed(token: str, now: datetime) -> Feed | None:
    """The feed of this token, or None. Excused meetings are not in it: they disappear from the calendar."""
    user = User.objects.filter(calendar_token=token, is_active=True).only("timezone").first()
    if user is None:
        return None
    teams = Team.objects.read_by(user)
    meetings = _read_meetings(teams, now)
    ahead = ((row.team, row.starts_at) for row in meetings if row.state == Meeting.State.SCHEDULED)
    return Feed(
        zone=zone_named(user.timezone),
        seats=_read_seats(teams),
        meetings=meetings,
        days_off=find_days_off_for(ahead),
    )


def _read_seats(teams: QuerySet[Team]) -> list[SeatRow]:
    rows = Seat.objects.current().filter(team__in=teams).order_by("pk")
    seats = named_rows(
        rows,
        into=SeatRow,
        name="team__name",
        revenue="team__minutes_revenue",
        deals="team__minutes_deals",
        risks="team__minutes_risks",
        initiatives="team__minutes_initiatives",
        issues="team__minutes_issues",
        due_rule="team__due_rule",
        due_time="team__due_time",
        preparation_hours="team__preparation_hours",
        person="user__name",
        zone="team__timezone",
        sequence="team__calendar__sequence",
        entries_changed_at="team__calendar__changed_at",
    )
    return list(seats)


def _read_meetings(teams: QuerySet[Team], now: datetime) -> list[MeetingRow]:
    last_move = Move.objects.filter(meeting=OuterRef("pk")).order_by("-at").values("at")[:1]
    near = Meeting.objects.filter(team__in=teams, starts_at__gte=now - PAST)
    rows = near.exclude(state=Meeting.State.EXCUSED).annotate(moved_at=Subquery(last_move))
    return list(named_rows(rows.order_by("starts_at", "pk"), into=MeetingRow))


def meeting_title(team: str, principals: Sequence[str]) -> str:
    """ "North: meeting, Tom and Joe"; `principals` are full names, the CEO's first."""
    first_names = " and ".join(first_name(name) for name in principals)
    return f"{team}: meeting, {first_names}" if principals else f"{team}: meeting"


def noted_title(title: str, note: str) -> str:
    return f"{title} ({note})" if note else title


def spell_note(days_off: Iterable[DayOff]) -> str:
    """ "Founders' Day, Joe Keller is away": why no meeting is expected, in its title."""
    return ", ".join(day_off.label for day_off in days_off)


def spell_moment(moment: datetime, zone: ZoneInfo) -> str:
    """ "Sunday 22 November 2026 at 09:00 (Europe/Paris)": independent of the day it is read."""
    local = moment.astimezone(zone)
    day = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{day} at {local:%H:%M} ({zone.key.replace('_', ' ')})"


def _principals(seats: Sequence[SeatRow]) -> list[str]:
    held = {seat.role: seat.person for seat in seats}
    return [held[role] for role in PRINCIPAL_ROLES if role in held]
