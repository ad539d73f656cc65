"""A person's calendar feed, read in three queries: to ask whether it changed costs the reading, not the writing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from alignment.middleware import zone_named
from alignment.models import Seat, Team, User
from alignment.models.teams import Role
from alignment.templatetags.figures import DAYS, MONTHS
from meetings import calendar_feed
from meetings.cadence import preparation_due
from meetings.models import Meeting, Move
from meetings.planning import AHEAD

PAST = timedelta(days=90)
#: Part of the tag: raise it when the entries are written differently, so that programs fetch them again.
FORM = 1


class SeatRow(NamedTuple):
    team: int
    name: str
    revenue: int
    deals: int
    risks: int
    initiatives: int
    issues: int
    preparation_hours: int
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
    state: str
    sequence: int
    moved_at: datetime | None
    started_at: datetime | None
    closed_at: datetime | None
    missed_at: datetime | None

    @property
    def changed_at(self) -> datetime:
        """When it became what it is; a meeting nothing has happened to was planned as early as any is."""
        happened = (self.moved_at, self.started_at, self.closed_at, self.missed_at)
        return max([self.planned_start - AHEAD, *(moment for moment in happened if moment)])


@dataclass(frozen=True, slots=True)
class Feed:
    """Everything the feed is made of."""

    zone: ZoneInfo
    seats: Sequence[SeatRow]
    meetings: Sequence[MeetingRow]
    read_at: datetime

    @property
    def tag(self) -> str:
        """The same as long as the feed is the same: a digest of what it is made of."""
        made_of = repr((FORM, settings.BASE_URL, self.zone.key, self.seats, self.meetings))
        return hashlib.sha256(made_of.encode()).hexdigest()[:40]

    @property
    def changed_at(self) -> datetime:
        """For programs that know no tags: the newest change, or today's first moment, so that a name changed
        meanwhile reaches them within the day."""
        today = datetime.combine(self.read_at.date(), time(), self.read_at.tzinfo)
        return max([today, *(row.changed_at for row in self.meetings)])

    def written(self) -> bytes:
        return calendar_feed.written(self.entries(), name="Alignment")

    def entries(self) -> Iterator[calendar_feed.Entry]:
        teams: dict[int, list[SeatRow]] = {}
        for seat in self.seats:
            teams.setdefault(seat.team, []).append(seat)
        titles = {team: title(seats[0].name, _pair(seats)) for team, seats in teams.items()}
        host = urlsplit(settings.BASE_URL).hostname
        address = settings.BASE_URL + reverse("meetings:review", args=(0,)).replace("/0/", "/{}/")
        for row in self.meetings:
            team, url = teams[row.team][0], address.format(row.pk)
            missed = " (missed)" if row.state == Meeting.State.MISSED else ""
            yield calendar_feed.Entry(
                uid=f"meeting-{row.pk}@{host}", title=titles[row.team] + missed, text=self._text(row, team, url),
                url=url, starts_at=row.starts_at, minutes=team.minutes, sequence=row.sequence,
                changed_at=row.changed_at, rings=row.state == Meeting.State.SCHEDULED,
            )  # fmt: skip

    def _text(self, row: MeetingRow, team: SeatRow, url: str) -> str:
        if row.state != Meeting.State.SCHEDULED:
            return url
        due = preparation_due(row.starts_at, hours=team.preparation_hours)
        return f"Preparation is due on {spelled(due, self.zone)}.\n{url}"


def read(token: str, now: datetime) -> Feed | None:
    """The feed that the token opens; None when it opens none. Excused meetings are not in it: they leave the calendar."""
    user = User.objects.filter(calendar_token=token, is_active=True).only("timezone").first()
    if user is None:
        return None
    teams = Team.objects.read_by(user)
    seats = Seat.objects.current().filter(team__in=teams).order_by("pk").values_list(
        "team_id", "team__name", "team__minutes_revenue", "team__minutes_deals", "team__minutes_risks",
        "team__minutes_initiatives", "team__minutes_issues", "team__preparation_hours", "role", "user__name",
    )  # fmt: skip
    moves = Move.objects.filter(meeting=OuterRef("pk")).order_by("-at").values("at")[:1]
    meetings = (
        Meeting.objects.filter(team__in=teams, starts_at__gte=now - PAST)
        .exclude(state=Meeting.State.EXCUSED).order_by("starts_at", "pk")
        .values_list(
            "pk", "team_id", "planned_start", "starts_at", "state", "sequence", Subquery(moves), "started_at",
            "closed_at", "missed_at",
        )
    )  # fmt: skip
    return Feed(
        zone=zone_named(user.timezone),
        seats=[SeatRow(*row) for row in seats],
        meetings=[MeetingRow(*row) for row in meetings],
        read_at=now,
    )


def title(team: str, pair: Sequence[str]) -> str:
    """ "North: weekly meeting, Tom and Joe"; `pair` are full names, the CEO's first."""
    first_names = " and ".join(name.split(" ")[0] for name in pair)
    return f"{team}: weekly meeting, {first_names}" if pair else f"{team}: weekly meeting"


def spelled(moment: datetime, zone: ZoneInfo) -> str:
    """ "Sunday 22 November 2026 at 09:00 (Europe/Paris)": the same on every day it is read."""
    local = moment.astimezone(zone)
    day = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{day} at {local:%H:%M} ({zone.key.replace('_', ' ')})"


def _pair(seats: Sequence[SeatRow]) -> list[str]:
    held = {seat.role: seat.person for seat in seats}
    return [held[role] for role in (Role.CEO, Role.LEADER) if role in held]
