"""Columns of weeks, the goal within them, and on whose side something was."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from alignment.rules.periods import Period
from meetings.rules.outcomes import Outcome
from meetings.rules.team_history import (
    MeetingFact,
    SeatChange,
    Tally,
    Term,
    columns_back,
    goal_within,
    holders_in,
    position_of,
    seat_changes,
    side_on,
)

BEA = Term(1, "Bea Before", "leader", "leader", date(2026, 1, 1), date(2026, 11, 11))
JOE = Term(2, "Joe Keller", "leader", "leader", date(2026, 11, 12))
TOM = Term(3, "Tom Marsh", "ceo", "ceo", date(2026, 1, 1))
DANA = Term(4, "Dana Aide", "delegate", "leader", date(2026, 1, 1))
FAYE = Term(5, "Faye Guide", "facilitator", "facilitator", date(2026, 1, 1))
TERMS = (JOE, BEA, TOM, DANA, FAYE)


@pytest.mark.parametrize(
    ("today", "weeks", "first", "last", "end"),
    [
        (date(2026, 11, 23), 13, date(2026, 8, 31), date(2026, 11, 23), date(2026, 11, 29)),  # a Monday
        (date(2026, 11, 29), 13, date(2026, 8, 31), date(2026, 11, 23), date(2026, 11, 29)),  # a Sunday
        (date(2026, 11, 23), 52, date(2025, 12, 1), date(2026, 11, 2), date(2026, 11, 29)),
        # 2026 has 53 weeks: the columns go by Mondays, not by numbers
        (date(2027, 1, 2), 13, date(2026, 10, 5), date(2026, 12, 28), date(2027, 1, 3)),
        (date(2027, 1, 4), 52, date(2026, 1, 12), date(2026, 12, 14), date(2027, 1, 10)),
    ],
)
def test_weeks_are_read_in_thirteen_columns(
    today: date, weeks: int, first: date, last: date, end: date
) -> None:
    columns = columns_back(today, weeks=weeks)
    assert (len(columns), columns[0].start, columns[-1].start, columns[-1].end) == (13, first, last, end)
    assert {column.days for column in columns} == {weeks // 13 * 7}
    assert all((later.start - column.end).days == 1 for column, later in pairwise(columns))


def test_weeks_that_make_no_thirteen_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="do not go into"):
        columns_back(date(2026, 11, 23), weeks=20)


@pytest.mark.parametrize(
    ("day", "position"),
    [
        (date(2026, 8, 30), None),
        (date(2026, 8, 31), 0),
        (date(2026, 9, 6), 0),
        (date(2026, 9, 7), 1),
        (date(2026, 11, 29), 12),
        (date(2026, 11, 30), None),
    ],
)
def test_a_day_lies_in_the_column_of_its_week(day: date, position: int | None) -> None:
    assert position_of(day, columns_back(date(2026, 11, 23), weeks=13)) == position


GOALS = {date(2026, 10, 1): Decimal(220), date(2026, 11, 1): Decimal(210), date(2026, 12, 1): Decimal(0)}


@pytest.mark.parametrize(
    ("start", "end", "goal"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), Decimal(220)),  # 22 working days
        (date(2026, 11, 2), date(2026, 11, 8), Decimal(50)),  # five of 21
        (date(2026, 10, 26), date(2026, 11, 8), Decimal(100)),  # five days of either month
        (date(2026, 11, 7), date(2026, 11, 8), Decimal(0)),  # a weekend
        (date(2026, 11, 23), date(2026, 11, 23), Decimal(10)),  # the running week on its Monday
        (date(2026, 11, 30), date(2026, 12, 6), Decimal(10)),  # a goal of nothing is a goal
        (date(2026, 9, 28), date(2026, 10, 4), None),  # September has none
    ],
)
def test_the_goal_of_some_days_is_their_share_of_the_months(
    start: date, end: date, goal: Decimal | None
) -> None:
    assert goal_within(Period(start, end, ""), GOALS) == goal


@pytest.mark.parametrize(
    ("user", "day", "side"),
    [
        (1, date(2026, 11, 11), "leader"),  # the last day counts
        (1, date(2026, 11, 12), ""),
        (2, date(2026, 11, 11), ""),
        (2, date(2026, 11, 12), "leader"),
        (3, date(2026, 6, 1), "ceo"),
        (4, date(2026, 6, 1), "leader"),  # a delegate counts for the side they act for
        (5, date(2026, 6, 1), ""),
        (9, date(2026, 6, 1), ""),
        (None, date(2026, 6, 1), ""),
    ],
)
def test_a_person_speaks_for_a_side_while_they_sit_there(user: int | None, day: date, side: str) -> None:
    assert side_on(TERMS, user, day) == side


def test_who_held_a_seat_is_named_in_order() -> None:
    assert holders_in(TERMS, "leader", Period(date(2026, 10, 1), date(2026, 12, 31), "")) == (
        "Bea Before",
        "Joe Keller",
    )
    assert holders_in(TERMS, "leader", Period(date(2026, 7, 1), date(2026, 9, 30), "")) == ("Bea Before",)
    assert holders_in(TERMS, "ceo", Period(date(2025, 7, 1), date(2025, 9, 30), "")) == ()


def test_a_change_of_a_seat_is_one_where_somebody_follows_another() -> None:
    span = Period(date(2026, 8, 31), date(2026, 11, 23), "")
    assert seat_changes(TERMS, span) == (
        SeatChange(date(2026, 11, 12), "leader", "Joe Keller", "Bea Before"),
    )
    assert seat_changes(TERMS, Period(date(2025, 12, 1), date(2026, 11, 11), "")) == ()


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "none"),
        (3, 4, "3 of 4"),
        (9, 9, "9 of 9"),
        (9, 12, "9 of 12 (75%)"),
        (119, 120, "119 of 120 (99%)"),
    ],
)
def test_below_ten_cases_there_is_no_percentage(part: int, whole: int, text: str) -> None:
    assert Tally(part, whole).in_words == text


@pytest.mark.parametrize(
    ("outcome", "fault", "sides"),
    [
        ("missed", "ceo_absent", {"ceo"}),
        ("missed", "leader_unprepared", {"leader"}),
        ("missed", "cancelled_by_leader", {"leader"}),
        ("missed", "both", {"ceo", "leader"}),
        ("missed", "", set()),
        ("excused", "both", set()),  # a corrected miss
        ("held", "", set()),
    ],
)
def test_a_missed_meeting_is_that_of_the_side_whose_miss_it_was(
    outcome: str, fault: str, sides: set[str]
) -> None:
    fact = MeetingFact(1, date(2026, 11, 23), Outcome(outcome), fault)
    assert fact.missed_by == sides
