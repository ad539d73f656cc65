"""How well the meeting was kept: by the team, and by the CEO and the leader in their own time there."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import NamedTuple

from django.db.models import QuerySet

from alignment.middleware import zone_named
from alignment.models import Seat, Team
from alignment.models.teams import THE_TWO, Role
from meetings.cadence import preparation_due
from meetings.discipline import Kept, Outcome, Past, Preparation, kept, minutes_late
from meetings.models import Meeting

MARKS = (18, 24)
"""Months in a seat: by then most leaders have been replaced."""
WHAT = {Role.CEO: "CEO", Role.LEADER: "sales leader"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of figures. What was the other's miss counts like an excused meeting."""

    who: str
    what: str
    since: date | None
    streak: int
    quarter: float | None
    year: float | None
    begun: float | None
    prepared: float | None
    slug: str = ""
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


def past_of(meetings: QuerySet[Meeting]) -> dict[int, list[Past]]:
    """Of each team the meetings that are over, the newest first: one query."""
    past: dict[int, list[Past]] = defaultdict(list)
    told = meetings.over().values_list(  # type: ignore[attr-defined]  # of MeetingQuerySet
        "team", "pk", "state", "planned_start", "missed_by", "starts_at", "started_at", "handed_in_at", "due_at_hand_in",
        "missing_at_hand_in", "team__preparation_hours",
    )  # fmt: skip
    for team, pk, state, planned, fault, start, started, handed_in, due, missing, hours in told:
        prepared = Preparation.of(handed_in, due or preparation_due(start, hours=hours), missing)
        past[team].append(Past(pk, Outcome(state), planned, fault, minutes_late(start, started), prepared))
    return past


def lines(team: Team, seats: Sequence[Seat], over: Sequence[Past], now: datetime) -> list[Line]:
    """The team's line, then one for whoever sits as CEO and as leader, since they do."""
    held = [seat for role in THE_TWO for seat in seats if seat.role == role]
    return [line("The team", kept(over, now=now)), *(_of_seat(seat, team, over, now) for seat in held)]


def _of_seat(seat: Seat, team: Team, over: Iterable[Past], now: datetime) -> Line:
    theirs = kept(over, now=now, side=seat.role, since=begins(seat, team))
    told = line(seat.user.name, theirs, what=WHAT[Role(seat.role)], since=seat.since)
    return replace(told, mark=mark(seat.since, team.today(now)))


def begins(seat: Seat, team: Team) -> datetime:
    """The midnight with which the seat begins, where the team is."""
    return datetime.combine(seat.since, time(), zone_named(team.timezone))


def line(who: str, told: Kept, *, what: str = "", since: date | None = None, slug: str = "") -> Line:
    shares = (told.quarter, told.year, told.begun, told.prepared)
    quarter, year, begun, prepared = (None if share is None else float(share) for share in shares)
    return Line(who, what, since, told.streak, quarter, year, begun, prepared, slug)
