"""Days on which a team is not expected to meet: company holidays, and absences of its CEO or its leader.

Nobody is reminded of a meeting on such a day, and unless it is held it counts as excused. An absence entered
only after the start of the meeting does not excuse it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import OuterRef

from alignment.db.json_aggregation import JsonRows
from alignment.models import Absence, Holiday, Seat, Team
from alignment.rules.formatting import spell_days
from alignment.rules.roles import PRINCIPAL_ROLES
from alignment.rules.team_limits import LONGEST_WAIT
from alignment.rules.zones import zone_named
from meetings.models import Meeting

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayOff:
    """Why no meeting is expected. `user` is away (None: a holiday), which was entered at `entered_at`."""

    label: str
    reason: str
    user: int | None = None
    entered_at: datetime | None = None

    def excuses(self, start: datetime) -> bool:
        return self.entered_at is None or self.entered_at < start


class HolidayRow(NamedTuple):
    day: date
    name: str


class AbsenceRow(NamedTuple):
    """An absence as it was entered; both days are included, and are days where its person is."""

    user: int
    name: str
    zone: str
    first: date
    last: date
    entered_at: datetime

    def is_on(self, start: datetime) -> bool:
        return self.first <= start.astimezone(zone_named(self.zone)).date() <= self.last

    @property
    def day_off(self) -> DayOff:
        days = spell_days(self.first, self.last)
        return DayOff(
            label=f"{self.name} is away",
            reason=f"{self.name} was away {days} (entered beforehand).",
            user=self.user,
            entered_at=self.entered_at,
        )


@dataclass(slots=True)
class DaysOff:
    """Holidays and absences of some teams over some days, by team."""

    holidays: Mapping[int, Mapping[date, str]] = field(default_factory=dict)
    absences: Mapping[int, Sequence[AbsenceRow]] = field(default_factory=dict)

    @classmethod
    def of_team(cls, team: int, holidays: Mapping[date, str], absences: list[AbsenceRow]) -> DaysOff:
        """Of one team, as a page has read them already."""
        return cls({team: holidays}, {team: absences})

    def on(self, team: int, start: datetime, zone: str) -> tuple[DayOff, ...]:
        """Why the team is not expected to meet at that time; a holiday first.

        A holiday is a day in the team's zone, an absence one where its person is.
        """
        name = self.holidays.get(team, {}).get(start.astimezone(zone_named(zone)).date())
        holidays = [DayOff(name, f"Company holiday: {name}.")] if name else []
        absences = self.absences.get(team, ())
        return (*holidays, *(absence.day_off for absence in absences if absence.is_on(start)))

    def excuse(self, team: int, start: datetime, zone: str) -> DayOff | None:
        """Why a meeting planned for `start` was not expected, if that was known beforehand."""
        return next((day_off for day_off in self.on(team, start, zone) if day_off.excuses(start)), None)


def find_days_off(teams: Collection[int], first: date, last: date) -> DaysOff:
    """Holidays and absences of these teams from `first` to `last`, in one query."""
    if not teams:
        return DaysOff()
    holidays = Holiday.objects.filter(company=OuterRef("company"), day__range=(first, last)).order_by("day")
    seats = Seat.objects.current().filter(team=OuterRef("pk"), role__in=PRINCIPAL_ROLES)
    away = seats.filter(user__absences__last__gte=first, user__absences__first__lte=last)
    absences = JsonRows(
        away.order_by("role", "user__absences__first"),
        into=AbsenceRow,
        name="user__name",
        zone="user__timezone",
        first="user__absences__first",
        last="user__absences__last",
        entered_at="user__absences__entered_at",
    )
    columns = {"holiday_rows": JsonRows(holidays, into=HolidayRow), "absence_rows": absences}
    rows = Team.objects.filter(pk__in=teams).order_by().annotate(**columns)
    by_holidays: dict[int, dict[date, str]] = {}
    by_absences: dict[int, list[AbsenceRow]] = {}
    for team, team_holidays, team_absences in rows.values_list("pk", *columns):
        by_holidays[team] = {row.day: row.name for row in team_holidays}
        by_absences[team] = team_absences
    return DaysOff(by_holidays, by_absences)


def find_days_off_for(starts: Iterable[tuple[int, datetime]]) -> DaysOff:
    """The same for meetings, each given as its team and its start, and for the days on which their preparations
    may be due."""
    meetings = list(starts)
    if not meetings:
        return DaysOff()
    days = [start.date() for _, start in meetings]
    # A day on either side: where the team or a person is, it may be another day than in UTC.
    first, last = min(days) - DAY - timedelta(hours=LONGEST_WAIT), max(days) + DAY
    return find_days_off({team for team, _ in meetings}, first, last)


@dataclass(frozen=True, slots=True)
class AffectedMeetings:
    """An absence and the upcoming meetings that fall on it."""

    absence: Absence
    meetings: tuple[Meeting, ...]


def find_affected_meetings(absences: Sequence[Absence], now: datetime) -> list[AffectedMeetings]:
    """Each absence with the upcoming meetings it affects, of teams led by its person: two queries."""
    seats = Seat.objects.current().filter(
        user__in=[absence.user_id for absence in absences], role__in=PRINCIPAL_ROLES
    )
    teams: dict[int, set[int]] = defaultdict(set)
    for user, team in seats.values_list("user", "team"):
        teams[user].add(team)
    ahead = Meeting.objects.filter(
        team__in=set().union(*teams.values()), state=Meeting.State.SCHEDULED, starts_at__gt=now
    )
    planned = list(ahead.select_related("team").in_order())
    return [
        AffectedMeetings(
            absence,
            tuple(
                meeting
                for meeting in planned
                if meeting.team_id in teams[absence.user_id] and _row_of(absence).is_on(meeting.starts_at)
            ),
        )
        for absence in absences
    ]


def _row_of(absence: Absence) -> AbsenceRow:
    person = absence.user
    return AbsenceRow(
        person.pk, person.name, person.timezone, absence.first, absence.last, absence.entered_at
    )
