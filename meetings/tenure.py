"""How well the meeting was kept: by the team, and by the CEO and the leader in their own time there."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from alignment.models import Seat, Team
from alignment.models.teams import Role
from meetings.discipline import Kept, Outcome, Past, kept

MARKS = (18, 24)
"""Months in a seat: by then most leaders have been replaced."""
Over = tuple[int, str, datetime, str]
"""A meeting that is over: its id, what became of it, its slot, whose miss it was."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of figures. What was the other's miss counts like an excused meeting."""

    who: str
    what: str
    since: date | None
    streak: int
    quarter: float | None
    year: float | None
    mark: Mark | None = None


class Mark(NamedTuple):
    """A time in the seat after which CEOs have so often changed their leader: on which day, and whether it has come."""

    months: int
    day: date
    is_past: bool


def mark(since: date, today: date) -> Mark:
    """The next of the marks, or the last one once all have come."""
    days = [Mark(months, _months_on(since, months), _months_on(since, months) <= today) for months in MARKS]
    return next((each for each in days if not each.is_past), days[-1])


def _months_on(since: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    return date(year, month + 1, min(since.day, monthrange(year, month + 1)[1]))


def lines(team: Team, seats: Sequence[Seat], over: Sequence[Over], now: datetime) -> list[Line]:
    """The team's line, then one for whoever sits as CEO and as leader, since they do."""
    past = [Past(pk, Outcome(state), planned, fault) for pk, state, planned, fault in over]
    found = [_line("The team", "", None, kept(past, now=now))]
    for role, what in ((Role.CEO, "CEO"), (Role.LEADER, "sales leader")):
        for seat in seats:
            if seat.role == role:
                since = datetime.combine(seat.since, time(), team.zone)
                theirs = kept(past, now=now, side=role, since=since)
                found.append(
                    _line(seat.user.name, what, seat.since, theirs, mark(seat.since, team.today(now)))
                )
    return found


def _line(who: str, what: str, since: date | None, told: Kept, at: Mark | None = None) -> Line:
    quarter = None if told.quarter is None else float(told.quarter)
    return Line(who, what, since, told.streak, quarter, None if told.year is None else float(told.year), at)
