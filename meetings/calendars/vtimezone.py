"""A time zone as an iCalendar VTIMEZONE. Pure except for reading the zone data.

Calendar programs read yearly rules well and long lists of dates badly. The last line of a zone's file (RFC
8536) has the rules that apply after its last listed change, in POSIX form: "CET-1CEST,M3.5.0,M10.5.0/3". If
they apply to the whole period and can be written as yearly rules, they are used; otherwise every change is
listed.
"""

from __future__ import annotations

import re
import struct
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAME = r"(<[-+\w]+>|[A-Za-z]+)"
OFFSET = r"([-+]?\d+(?::\d+){0,2})"
FOOTER = re.compile(rf"{NAME}{OFFSET}(?:{NAME}{OFFSET}?,([^,]+),([^,]+))?")
CHANGE = re.compile(rf"M(\d+)\.(\d)\.(\d)(?:/{OFFSET})?")
DAY = timedelta(days=1)
LAST_WEEK = 5
EARLIEST = 1970


Observance = TimezoneDaylight | TimezoneStandard


class NotYearlyError(ValueError):
    """The zone's changes cannot be written as yearly rules that calendar programs read."""


def build_vtimezone(name: str, *, since: date, until: date) -> Timezone:
    """The zone, correct from `since` on; if its changes have to be listed, up to `until`.

    Raises ZoneInfoNotFoundError or ValueError for an invalid name.
    """
    zone = ZoneInfo(name)
    try:
        observances = _by_rules(name, since)
    except NotYearlyError:
        observances = _by_dates(zone, since, until)
    component = Timezone()
    component.add("tzid", name)
    for observance in observances:
        component.add_component(observance)
    return component


def _by_rules(name: str, since: date) -> list[Observance]:
    last_listed, footer = _read(name)
    parts = FOOTER.fullmatch(footer)
    if parts is None or last_listed > _midnight(since).timestamp():
        raise NotYearlyError(footer)
    standard, west, summer, summer_west, begins, ends = parts.groups()
    offset = -_seconds(west)
    if not summer:
        return [_observance(standard, offset, offset, datetime(EARLIEST, 1, 1))]  # noqa: DTZ001 - a wall time
    other = -_seconds(summer_west) if summer_west else offset + timedelta(hours=1)
    (begin, begin_rule), (end, end_rule) = _yearly(begins), _yearly(ends)
    return [
        _observance(summer, offset, other, begin, begin_rule),
        _observance(standard, other, offset, end, end_rule),
    ]


def _by_dates(zone: ZoneInfo, since: date, until: date) -> list[Observance]:
    """The offset at `since`, then one observance a change."""
    local = _midnight(since).astimezone(zone)
    before = _offset(local)
    listed = [_observance(local.tzname() or zone.key, before, before, datetime.combine(since, time()) - DAY)]
    for number in range((until - since).days + 1):
        first = _midnight(since) + DAY * number
        if _offset((first + DAY).astimezone(zone)) != before:
            change = _change_between(zone, first, first + DAY).astimezone(zone)
            listed.append(
                _observance(change.tzname() or zone.key, before, _offset(change), _wall(change, before))
            )
            before = _offset(change)
    return listed


def _change_between(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """The first moment of the new offset, to the second."""
    old = _offset(early.astimezone(zone))
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        early, late = (middle, late) if _offset(middle.astimezone(zone)) == old else (early, middle)
    return late.replace(microsecond=0)


def _wall(moment: datetime, offset: timedelta) -> datetime:
    """What a clock at this offset shows."""
    return (moment.astimezone(UTC) + offset).replace(tzinfo=None)


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _observance(
    name: str, before: timedelta, after: timedelta, start: datetime, rule: dict[str, object] | None = None
) -> Observance:
    observance: Observance = TimezoneDaylight() if after > before else TimezoneStandard()
    observance.add("dtstart", start)
    observance.add("tzname", name.strip("<>"))
    observance.add("tzoffsetfrom", before)
    observance.add("tzoffsetto", after)
    if rule:
        observance.add("rrule", rule)
    return observance


def _yearly(change: str) -> tuple[datetime, dict[str, object]]:
    """The first wall time of a change such as M10.5.0/3 (month, week, day from Sunday 0 / hour) and its
    yearly rule.

    The hour may be days away ("/50", "/-1"): the rule then names the day it falls on. Raises NotYearlyError
    when that may be in another month.
    """
    match = CHANGE.fullmatch(change)
    if match is None:
        raise NotYearlyError(change)
    month, week, sunday0 = (int(number) for number in match.groups()[:3])
    shift, at = divmod(_seconds(match[4] or "2"), DAY)
    weekday = (sunday0 - 1 + shift) % 7
    length = monthrange(EARLIEST, month)[1]
    first = (length - 6 if week == LAST_WEEK else week * 7 - 6) + shift
    days = range(first, first + 7)
    if shift and (first < 1 or first + 6 > length or (month == 2 and week == LAST_WEEK)):
        raise NotYearlyError(change)
    rule: dict[str, object] = {"freq": "yearly", "bymonth": month, "byday": DAYS[weekday]}
    if shift:
        rule["bymonthday"] = list(days)
    else:
        rule["byday"] = f"{-1 if week == LAST_WEEK else week}{DAYS[weekday]}"
    start = next(day for day in (date(EARLIEST, month, day) for day in days) if day.weekday() == weekday)
    return datetime.combine(start, time()) + at, rule


def _seconds(clock: str) -> timedelta:
    """ "-5:30" as a length of time; POSIX counts offsets westwards."""
    hours, minutes, seconds = (*(int(part) for part in clock.lstrip("+-").split(":")), 0, 0)[:3]
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if clock.startswith("-") else length


def _read(name: str) -> tuple[int, str]:
    """When the last change listed in the zone's file happens (Unix time), and the file's last line."""
    data = files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()
    skip = _counts(data, 0)
    start = 44 + skip[3] * 5 + skip[4] * 6 + skip[5] + skip[2] * 8 + skip[1] + skip[0]
    listed = _counts(data, start)[3]
    times = struct.unpack_from(f">{listed}q", data, start + 44)
    return (times[-1] if times else -(2**63)), data.rstrip(b"\n").rpartition(b"\n")[2].decode()


def _counts(data: bytes, start: int) -> tuple[int, ...]:
    """The six lengths in a header: UT flags, standard flags, leap seconds, changes, time types, letters."""
    return struct.unpack_from(">4s x 15x 6l", data, start)[1:]
