"""The calendar the demo company lives by. Pure; days are local, moments are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
SATURDAY = 5
OPENS, CLOSES = time(8, 40), time(17, 50)


def holidays(year: int) -> list[tuple[date, str]]:
    """The days off of one year, in order."""
    thanksgiving = _nth(year, 11, weekday=3, number=4)
    return [
        (date(year, 1, 1), "New Year’s Day"),
        (_nth(year, 6, weekday=0, number=1) - timedelta(weeks=1), "Memorial Day"),
        (date(year, 7, 4), "Independence Day"),
        (_nth(year, 9, weekday=0, number=1), "Labor Day"),
        (thanksgiving, "Thanksgiving"),
        (thanksgiving + ONE_DAY, "Day after Thanksgiving"),
        (date(year, 12, 25), "Christmas Day"),
    ]


def _nth(year: int, month: int, *, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=number - 1)


@dataclass(frozen=True)
class Calendar:
    zone: ZoneInfo
    off: frozenset[date]

    def works(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.off

    def after(self, day: date) -> date:
        """The next business day."""
        day += ONE_DAY
        while not self.works(day):
            day += ONE_DAY
        return day

    def before(self, day: date) -> date:
        """The last business day."""
        day -= ONE_DAY
        while not self.works(day):
            day -= ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        return day if self.works(day) else self.before(day)

    def on_or_after(self, day: date) -> date:
        return day if self.works(day) else self.after(day)

    def days(self, first: date, last: date) -> list[date]:
        """Business days, both ends counted."""
        span = range((last - first).days + 1)
        return [day for day in (first + timedelta(days=number) for number in span) if self.works(day)]

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def office(self, moment: datetime) -> datetime:
        """The same moment in office hours, else the nearest one of that day or the last workday."""
        local = moment.astimezone(self.zone)
        day = self.on_or_before(local.date())
        wall = local.time() if day == local.date() else CLOSES
        wall = min(max(wall, OPENS), CLOSES)
        return datetime.combine(day, wall, self.zone).astimezone(UTC)
