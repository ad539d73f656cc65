"""How well the meeting was kept: by the team, and by the CEO and the leader in their own time there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from alignment.models import Seat, Team
from alignment.models.teams import Role
from meetings.discipline import Kept, Outcome, Past, kept

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


def lines(team: Team, seats: Sequence[Seat], over: Sequence[Over], now: datetime) -> list[Line]:
    """The team's line, then one for whoever sits as CEO and as leader, since they do."""
    past = [Past(pk, Outcome(state), planned, fault) for pk, state, planned, fault in over]
    found = [_line("The team", "", None, kept(past, now=now))]
    for role, what in ((Role.CEO, "CEO"), (Role.LEADER, "sales leader")):
        for seat in seats:
            if seat.role == role:
                since = datetime.combine(seat.since, time(), team.zone)
                theirs = kept(past, now=now, side=role, since=since)
                found.append(_line(seat.user.name, what, seat.since, theirs))
    return found


def _line(who: str, what: str, since: date | None, told: Kept) -> Line:
    quarter = None if told.quarter is None else float(told.quarter)
    return Line(who, what, since, told.streak, quarter, None if told.year is None else float(told.year))
