"""The track record of a team, and of its CEO and its leader in their own time on the team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from alignment.models import Seat, Team
from alignment.rules.roles import PRINCIPAL_ROLES, Role
from alignment.rules.zones import zone_named
from meetings.models import Meeting
from meetings.rules.outcomes import Outcome, PastMeeting
from meetings.rules.preparation import Preparation
from meetings.rules.start_and_end import minutes_late
from meetings.rules.track_record import TrackRecord, compute_track_record

ROLE_LABELS = {Role.CEO: "CEO", Role.LEADER: "sales leader"}


@dataclass(frozen=True, slots=True)
class TrackRecordLine:
    """One line of figures. A miss of the other side counts like an excused meeting."""

    who: str
    what: str
    since: date | None
    streak: int
    quarter: float | None
    year: float | None
    begun: float | None
    prepared: float | None
    slug: str = ""


def read_past_meetings(meetings: QuerySet[Meeting], now: datetime) -> dict[int, list[PastMeeting]]:
    """The past meetings of each team, the newest first: one query."""
    past: dict[int, list[PastMeeting]] = defaultdict(list)
    rows = meetings.over(now).values_list(  # type: ignore[attr-defined]  # of MeetingQuerySet
        "team",
        "pk",
        "state",
        "missed_by",
        "starts_at",
        "started_at",
        "due_not_before",
        "submitted_at",
        "due_when_submitted",
        "missing_when_submitted",
        named=True,
    )
    for row in rows:
        past[row.team].append(
            PastMeeting(
                id=row.pk,
                outcome=Outcome(row.state),
                starts_at=row.starts_at,
                fault=row.missed_by,
                late=minutes_late(row.starts_at, row.started_at),
                prepared=_preparation_of(row),
            )
        )
    return past


def _preparation_of(row: Any) -> Preparation | None:
    """None where nothing was submitted, nor due when the meeting started."""
    was_due = row.due_not_before is None or row.started_at is None or row.started_at >= row.due_not_before
    if row.submitted_at is None and not was_due:
        return None
    return Preparation.of(row.submitted_at, row.due_when_submitted, row.missing_when_submitted)


def build_lines(
    team: Team, seats: Sequence[Seat], over: Sequence[PastMeeting], now: datetime
) -> list[TrackRecordLine]:
    """The team's line, then one each for its CEO and its leader, from the start of their seats."""
    held = [seat for role in PRINCIPAL_ROLES for seat in seats if seat.role == role]
    return [
        make_line("The team", compute_track_record(over, now=now)),
        *(_seat_line(seat, team, over, now) for seat in held),
    ]


def _seat_line(seat: Seat, team: Team, over: Iterable[PastMeeting], now: datetime) -> TrackRecordLine:
    record = compute_track_record(over, now=now, side=seat.role, since=seat_start(seat, team))
    return make_line(seat.user.name, record, what=ROLE_LABELS[Role(seat.role)], since=seat.since)


def seat_start(seat: Seat, team: Team) -> datetime:
    """The midnight at which the seat starts, in the team's zone."""
    return datetime.combine(seat.since, time(), zone_named(team.timezone))


def make_line(
    who: str, record: TrackRecord, *, what: str = "", since: date | None = None, slug: str = ""
) -> TrackRecordLine:
    return TrackRecordLine(
        who=who,
        what=what,
        since=since,
        streak=record.streak,
        quarter=_to_float(record.quarter),
        year=_to_float(record.year),
        begun=_to_float(record.begun),
        prepared=_to_float(record.prepared),
        slug=slug,
    )


def _to_float(share: Fraction | None) -> float | None:
    return None if share is None else float(share)
