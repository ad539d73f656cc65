"""Child rows read in their parent's query come back as named tuples with real types, on both databases."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import pytest
from django.db.models import Exists, OuterRef

from alignment.db.json_aggregation import JsonRows
from alignment.models import Goal, Seat, Team
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, make_held_meeting, make_meeting


class MeetingRow(NamedTuple):
    pk: int
    starts_at: datetime
    gap: Decimal | None
    closed_at: datetime | None


class GoalRow(NamedTuple):
    month: date
    amount: Decimal


class SeatRow(NamedTuple):
    role: str
    name: str
    has_met: bool


def test_times_days_amounts_and_nothing_have_their_types(cast: Cast) -> None:
    held = make_held_meeting(team=cast.north, gap=Decimal("-40000.10"))
    ahead = make_meeting(team=cast.north, starts_at=NOW)
    Goal.objects.create(team=cast.north, month=date(2026, 11, 1), amount=Decimal(7))
    meetings = Meeting.objects.filter(team=OuterRef("pk")).order_by("starts_at")
    goals = Goal.objects.filter(team=OuterRef("pk"))
    team = Team.objects.annotate(
        rows=JsonRows(meetings, into=MeetingRow), goal_rows=JsonRows(goals, into=GoalRow)
    ).get(pk=cast.north.pk)
    assert team.rows == [  # type: ignore[attr-defined]
        (held.pk, held.starts_at, Decimal("-40000.10"), held.closed_at),
        (ahead.pk, NOW, None, None),
    ]
    assert team.goal_rows == [GoalRow(date(2026, 11, 1), Decimal("7.00"))]  # type: ignore[attr-defined]


def test_a_field_of_another_name_is_found_by_its_path(cast: Cast) -> None:
    meetings = Meeting.objects.filter(team=OuterRef("team"))
    seats = Seat.objects.current().filter(team=OuterRef("pk"), role="ceo").annotate(has_met=Exists(meetings))
    column = JsonRows(seats, into=SeatRow, name="user__name")
    [(rows,)] = Team.objects.filter(pk=cast.north.pk).values_list(column)
    assert rows == [SeatRow("ceo", "Tom Marsh", has_met=False)]
    assert rows[0].has_met is False


def test_without_a_row_the_list_is_empty(cast: Cast) -> None:
    goals = JsonRows(Goal.objects.filter(team=OuterRef("pk")), into=GoalRow)
    assert list(Team.objects.filter(pk=cast.north.pk).values_list(goals)) == [([],)]


@pytest.mark.django_db
def test_what_is_no_column_is_refused() -> None:
    class Wrong(NamedTuple):
        weather: str

    with pytest.raises(Exception, match="weather"):
        list(Team.objects.annotate(rows=JsonRows(Goal.objects.all(), into=Wrong)))
