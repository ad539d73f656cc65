"""When the standing meeting takes place. Pure; datetimes are aware, results are in UTC.

A slot keeps its local wall hour over every change of the zone's offset. Where that hour does not exist
(the gap in spring) the meeting is later by the gap; where it exists twice (autumn) it is the first one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, takewhile
from zoneinfo import ZoneInfo

LAST_OF_MONTH = -1


class Kind(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Cadence:
    """`weekday` counts from Monday 0; `time` is the wall time in `zone`; both dates are included.

    Fortnights are counted from the first such weekday on or after `starts_on`. `nth` is for monthly meetings
    only: the first to fourth such weekday, or −1 for the last.
    """

    kind: Kind
    weekday: int
    time: time
    zone: ZoneInfo
    starts_on: date
    ends_on: date | None
    minutes: int
    nth: int = 1


def slots(cadence: Cadence, *, after: datetime, until: datetime) -> tuple[datetime, ...]:
    """Every start later than `after` and not later than `until`, in order."""
    return tuple(takewhile(lambda start: start <= until, _starts(cadence, after)))


def next_slot(cadence: Cadence, after: datetime) -> datetime | None:
    """The first start later than `after`; None when the cadence has ended."""
    return next(_starts(cadence, after), None)


def has_slot(cadence: Cadence, slot: datetime) -> bool:
    return slot in slots(cadence, after=slot - timedelta(seconds=1), until=slot)


def _starts(cadence: Cadence, after: datetime) -> Iterator[datetime]:
    local = after.astimezone(cadence.zone).date()
    for day in _days(cadence, max(cadence.starts_on, local - timedelta(days=1))):
        if cadence.ends_on is not None and day > cadence.ends_on:
            return
        start = datetime.combine(day, cadence.time, cadence.zone).astimezone(UTC)
        if start > after:
            yield start


def _days(cadence: Cadence, first: date) -> Iterator[date]:
    """The days of the cadence in the team's zone, without end, from `first` on."""
    if cadence.kind == Kind.MONTHLY:
        months = count(first.year * 12 + first.month - 1)
        days = (_nth_weekday(month, weekday=cadence.weekday, nth=cadence.nth) for month in months)
        return (day for day in days if day >= first)
    step = 14 if cadence.kind == Kind.FORTNIGHTLY else 7
    origin = cadence.starts_on + timedelta(days=(cadence.weekday - cadence.starts_on.weekday()) % 7)
    passed = -((origin - first).days // step)
    return (origin + timedelta(days=step * number) for number in count(passed))


def _nth_weekday(month: int, *, weekday: int, nth: int) -> date:
    """`month` is years * 12 + month − 1."""
    if nth == LAST_OF_MONTH:
        return _nth_weekday(month + 1, weekday=weekday, nth=1) - timedelta(weeks=1)
    first = date(month // 12, month % 12 + 1, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=nth - 1)
