"""The first 90 days in a seat. Pure: days in, days out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 90
MARKS = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the days on which the CEO and the sales leader look back."""

    number: int
    day: date
    passed: bool


@dataclass(frozen=True, slots=True)
class Tenure:
    """How long somebody has had their seat. The first day is day 1."""

    since: date
    today: date

    @property
    def day(self) -> int:
        return (self.today - self.since).days + 1

    @property
    def is_new(self) -> bool:
        return self.day <= DAYS

    @property
    def marks(self) -> tuple[Mark, ...]:
        days = ((number, self.since + timedelta(days=number - 1)) for number in MARKS)
        return tuple(Mark(number, day, day < self.today) for number, day in days)
