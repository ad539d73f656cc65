"""Days on which a team is not expected to meet: the company's holidays, and absences of its CEO and its leader.

A meeting on such a day is not asked for, and unless it is held it counts as excused: whoever is away said so before. An
absence entered only after the meeting should have begun excuses nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from alignment.middleware import zone_named
from alignment.models import Absence, Holiday, Seat
from alignment.models.teams import THE_TWO
from alignment.rows import as_time, rows
from alignment.templatetags.figures import spell_days
from meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Off:
    """Why nobody expects a meeting. `who` is away (None: a holiday) and said so at `said_at`."""

    words: str
    reason: str
    who: int | None = None
    said_at: datetime | None = None

    def excuses(self, start: datetime) -> bool:
        return self.said_at is None or self.said_at < start


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as it was entered; both days are included."""

    user: int
    name: str
    first: date
    last: date
    said_at: datetime

    @property
    def off(self) -> Off:
        days = spell_days(self.first, self.last)
        return Off(
            f"{self.name} is away", f"{self.name} was away {days} and had said so.", self.user, self.said_at
        )


@dataclass(slots=True)
class DaysOff:
    """What is known for some teams over some days."""

    holidays: dict[int, dict[date, str]] = field(default_factory=lambda: defaultdict(dict))
    absences: dict[int, list[Away]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of_columns(cls, team: int, holidays: str, absences: str) -> DaysOff:
        """From two JsonRows columns of a page's own query: day, name; user, name, first, last, entered_at."""
        told = cls()
        told.holidays[team] = {date.fromisoformat(day): name for day, name in rows(holidays)}
        for user, name, first, last, said in rows(absences):
            said_at = as_time(said)
            assert said_at is not None  # every absence says when it was entered
            told.absences[team].append(
                Away(user, name, date.fromisoformat(first), date.fromisoformat(last), said_at)
            )
        return told

    def on(self, team: int, day: date) -> tuple[Off, ...]:
        """Why the team is not expected to meet on that day of its zone; a holiday first."""
        name = self.holidays.get(team, {}).get(day)
        away = [each.off for each in self.absences.get(team, ()) if each.first <= day <= each.last]
        return (*([Off(name, f"Company holiday: {name}.")] if name else []), *away)

    def excuse(self, team: int, day: date, start: datetime) -> Off | None:
        """Why a meeting that was to begin at `start` was not expected, if that was known before."""
        return next((off for off in self.on(team, day) if off.excuses(start)), None)


def days_off(teams: Collection[int], first: date, last: date) -> DaysOff:
    """Holidays and absences of these teams from `first` to `last`: two queries."""
    told = DaysOff()
    if not teams:
        return told
    days = Holiday.objects.filter(company__teams__in=teams, day__range=(first, last))
    for team, day, name in days.values_list("company__teams", "day", "name"):
        told.holidays[team][day] = name
    seats = Seat.objects.current().filter(team__in=teams, role__in=THE_TWO)
    away = seats.filter(user__absences__last__gte=first, user__absences__first__lte=last).order_by(
        "role", "user__absences__first"
    )
    for row in away.values_list(
        "team", "user", "user__name", "user__absences__first", "user__absences__last", "user__absences__entered_at"
    ):  # fmt: skip
        told.absences[row[0]].append(Away(*row[1:]))
    return told


def days_off_of(starts: Iterable[tuple[int, datetime]]) -> DaysOff:
    """The same for meetings, each given as its team and its start."""
    told = list(starts)
    if not told:
        return DaysOff()
    days = [start.date() for _, start in told]
    # A day on either side: where the team is, it may be another day than in UTC.
    first, last = date.fromordinal(min(days).toordinal() - 1), date.fromordinal(max(days).toordinal() + 1)
    return days_off({team for team, _ in told}, first, last)


@dataclass(frozen=True, slots=True)
class Touched:
    """An absence and the meetings ahead that fall on it."""

    absence: Absence
    meetings: tuple[Meeting, ...]


def meetings_on(absences: Sequence[Absence], now: datetime) -> list[Touched]:
    """Each absence with the scheduled meetings of the teams on which its person is one of the two: two queries."""
    seats = Seat.objects.current().filter(user__in=[each.user_id for each in absences], role__in=THE_TWO)
    teams: dict[int, set[int]] = defaultdict(set)
    for user, team in seats.values_list("user", "team"):
        teams[user].add(team)
    ahead = Meeting.objects.filter(
        team__in=set().union(*teams.values()), state=Meeting.State.SCHEDULED, starts_at__gt=now
    )
    planned = [
        (meeting, local_day(meeting)) for meeting in ahead.select_related("team").order_by("starts_at")
    ]
    return [
        Touched(
            each,
            tuple(
                meeting
                for meeting, day in planned
                if meeting.team_id in teams[each.user_id] and each.first <= day <= each.last
            ),
        )
        for each in absences
    ]


def local_day(meeting: Meeting) -> date:
    """The day of the meeting where its team is."""
    return meeting.starts_at.astimezone(zone_named(meeting.team.timezone)).date()
