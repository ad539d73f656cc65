"""What a team's history is read from: five queries whatever its length, and two more where committed deals were merged
or moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import OuterRef, Sum

from alignment.db.json_aggregation import JsonRows
from alignment.db.named_rows import named_rows
from alignment.models import Goal, Seat, Team, User
from alignment.rules.periods import Period, months_in
from deals.models import RevenueEntry
from meetings.forecast.history import by_period, calls_of
from meetings.models import Call, Commitment, Meeting
from meetings.models.initiatives import plan_reader, plans_read_by
from meetings.models.meeting_queryset import MeetingQuerySet
from meetings.models.records import Move
from meetings.rules.outcomes import Outcome
from meetings.rules.team_history import MeetingFact, Term, side_on
from meetings.rules.track_record import was_done_on_time

CALL_FIELDS = (
    *("starts_on", "ends_on", "is_part_of_quarter", "number", "commit", "best_case", "at", "team"),
    *("meeting__starts_at", "meeting__submitted_at", "meeting__started_at"),
)


class MoveRow(NamedTuple):
    by: int | None
    at: datetime


class GoalRow(NamedTuple):
    month: date
    amount: Decimal


class DayRow(NamedTuple):
    day: date
    total: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """Goals by the first day of their month, and what counts for them by the day it was won."""

    goals: Mapping[date, Decimal]
    won: Mapping[date, Decimal]

    def won_in(self, period: Period) -> Decimal:
        return sum((amount for day, amount in self.won.items() if period.contains(day)), Decimal(0))


def terms_of(seats: Iterable[Seat]) -> tuple[Term, ...]:
    return tuple(
        Term(seat.user_id, seat.user.name, seat.role, seat.side, seat.since, seat.until) for seat in seats
    )


def with_moves(meetings: MeetingQuerySet) -> MeetingQuerySet:
    """Who moved each of them, and when."""
    return meetings.annotate(
        move_rows=JsonRows(Move.objects.filter(meeting=OuterRef("pk")).order_by("at", "pk"), into=MoveRow)
    )


def meeting_facts(
    team: Team, meetings: Iterable[Meeting], terms: Sequence[Term], period: Period
) -> tuple[MeetingFact, ...]:
    """Of those that are over and took place in these days, the oldest first; read by `with_moves`."""
    facts = []
    for meeting in meetings:
        day = team.today(meeting.starts_at)
        if meeting.is_ahead or not period.contains(day):
            continue
        is_moved = meeting.starts_at != meeting.planned_start
        movers = {side_on(terms, move.by, team.today(move.at)) for move in vars(meeting)["move_rows"]}
        facts.append(
            MeetingFact(
                id=meeting.pk,
                day=day,
                outcome=Outcome(meeting.state),
                fault=meeting.missed_by,
                is_moved=is_moved,
                moved_by=frozenset(movers - {""}) if is_moved else frozenset(),
            )
        )
    return tuple(sorted(facts, key=lambda fact: (fact.day, fact.id)))


class Due(NamedTuple):
    """A commitment that fell due, the side its owner spoke for on that day, and whether it was done by then."""

    day: date
    owner: int
    side: str
    on_time: bool


class CommitmentRow(NamedTuple):
    due: date
    owner: int
    done_at: datetime | None
    dropped_at: datetime | None


def commitments_due(
    team: Team, reader: User, terms: Sequence[Term], period: Period, *, today: date
) -> tuple[Due, ...]:
    """In these days, as far as it is decided whether they were done in time. What comes of a rep's plan counts only for
    the two who may read it. One query."""
    rows = Commitment.objects.filter(
        plans_read_by(plan_reader(team, reader), of="initiative__"),
        team=team,
        due__range=(period.start, min(period.end, today)),
    )
    return judge_commitments(named_rows(rows.order_by(), into=CommitmentRow), team, terms, today=today)


def judge_commitments(
    rows: Iterable[CommitmentRow], team: Team, terms: Sequence[Term], *, today: date
) -> tuple[Due, ...]:
    """Those of which it is decided whether they were done in time."""
    facts = []
    for row in rows:
        closed_at = row.done_at or row.dropped_at
        closed_on = team.today(closed_at) if closed_at else None
        is_dropped = row.dropped_at is not None
        on_time = was_done_on_time(row.due, closed_on, is_dropped=is_dropped, today=today)
        if on_time is not None:
            facts.append(Due(row.due, row.owner, side_on(terms, row.owner, row.due), on_time))
    return tuple(facts)


def read_calls(team: Team, reader: User, period: Period) -> dict[Period, list[Call]]:
    """The last call of each meeting by the period it was for, of those that end in these days or later, as this
    person may read them; the newest period first. One query."""
    calls = calls_of(team, reader, ended_since=period.start).only(*CALL_FIELDS)
    return {called: rows for called, rows in by_period(team, calls).items() if called.start <= period.end}


def read_figures(team: Team, period: Period) -> Figures:
    """Goals and revenue of these days, up to the last of them. One query."""
    goals = Goal.objects.filter(team=OuterRef("pk"), month__in=months_in(period))
    entries = RevenueEntry.objects.counted().filter(
        team=OuterRef("pk"), day__range=(period.start, period.end)
    )
    by_day = entries.order_by().values("day").annotate(total=Sum("amount"))
    rows = Team.objects.filter(pk=team.pk).order_by()
    read: tuple[list[GoalRow], list[DayRow]] = rows.values_list(
        JsonRows(goals.order_by("month"), into=GoalRow), JsonRows(by_day, into=DayRow)
    ).get()
    return Figures(
        goals={goal.month: goal.amount for goal in read[0]}, won={day.day: day.total for day in read[1]}
    )
