"""Still to win then, what was won, corrected and changed of the goal, and still to win now: reckoned by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.rules.periods import quarter_of
from deals.rules.still_to_win import Booking, GoalEvent, StillToWin, goals_at, still_to_win
from tests.deals.rules.deal_histories import at

Q4 = quarter_of(date(2026, 11, 1), first_month=1)
MONTHS = OCT, NOV, DEC = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
GOALS = dict.fromkeys(MONTHS, Decimal(100))
LAST, NOW = at(11, 16), at(11, 23)


def booking(
    amount: int | Decimal, day: date, recorded: datetime, corrects: tuple[date, int] | None = None
) -> Booking:
    old_day, old = corrects or (None, None)
    return Booking(day, Decimal(amount), recorded, old_day, None if old is None else Decimal(old))


def reckon(
    *bookings: Booking,
    goals: dict[date, Decimal] = GOALS,
    goal_changes: tuple[GoalEvent, ...] = (),
    data_from: date = date(2026, 1, 1),
) -> StillToWin | None:
    return still_to_win(
        Q4,
        today=date(2026, 11, 23),
        goals=goals,
        goal_changes=goal_changes,
        bookings=bookings,
        holidays=(),
        data_from=data_from,
        start=LAST,
        end=NOW,
    )


EARLIER, SINCE, LATER = at(11, 2), at(11, 18), at(11, 24)
OCT_9, SEP_30 = date(2026, 10, 9), date(2026, 9, 30)


@pytest.mark.parametrize(
    ("bookings", "then", "won", "corrected", "now"),
    [
        ([], 300, 0, 0, 300),
        ([booking(40, OCT_9, EARLIER)], 260, 0, 0, 260),
        ([booking(40, OCT_9, EARLIER), booking(25, NOV, SINCE)], 260, 25, 0, 235),
        # recorded since, whatever its day: an import that arrives late is won when it arrives
        ([booking(40, OCT_9, SINCE)], 300, 40, 0, 260),
        ([booking(40, OCT_9, EARLIER), booking(30, OCT_9, SINCE, (OCT_9, 40))], 260, 0, -10, 270),
        # corrected into the quarter before, and from it
        ([booking(40, OCT_9, EARLIER), booking(40, SEP_30, SINCE, (OCT_9, 40))], 260, 0, -40, 300),
        ([booking(40, OCT_9, SINCE, (SEP_30, 40))], 300, 0, 40, 260),
        # corrected before the last meeting: the first amount is gone already
        ([booking(40, OCT_9, EARLIER), booking(30, OCT_9, at(11, 9), (OCT_9, 40))], 270, 0, 0, 270),
        # won and corrected since
        ([booking(40, OCT_9, SINCE), booking(0, OCT_9, at(11, 19), (OCT_9, 40))], 300, 40, -40, 300),
        ([booking(40, OCT_9, LATER)], 300, 0, 0, 300),
        ([booking(40, SEP_30, SINCE)], 300, 0, 0, 300),
        # more than the goal
        ([booking(320, OCT_9, EARLIER)], -20, 0, 0, -20),
    ],
)
def test_what_was_recorded_since_makes_the_difference(bookings, then, won, corrected, now) -> None:
    result = reckon(*bookings)
    assert result is not None
    assert (result.then, result.won_since, result.corrected, result.now) == (then, won, corrected, now)


def test_a_goal_that_was_changed_since_is_a_part_of_its_own() -> None:
    raised = GoalEvent(DEC, Decimal(70), SINCE)
    result = reckon(booking(25, NOV, SINCE), goal_changes=(raised,))
    assert result is not None
    assert (result.then, result.goal_changed, result.won_since, result.now) == (270, 30, 25, 275)


def test_a_goal_that_was_set_since_says_nothing_of_then() -> None:
    result = reckon(goal_changes=(GoalEvent(DEC, None, SINCE),))
    assert result is not None
    assert (result.then, result.goal_changed, result.now) == (None, 0, 300)


def test_a_goal_changed_twice_was_what_the_first_change_found() -> None:
    changes = (GoalEvent(DEC, Decimal(70), SINCE), GoalEvent(DEC, Decimal(90), at(11, 19)))
    assert goals_at(GOALS, changes, LAST)[DEC] == 70
    assert goals_at(GOALS, changes, at(11, 18, 13))[DEC] == 90
    assert goals_at(GOALS, changes, NOW)[DEC] == 100


@pytest.mark.parametrize("goals", [{}, {OCT: Decimal(100)}, {OCT: Decimal(100), DEC: Decimal(100)}])
def test_without_a_goal_for_the_later_months_there_is_nothing_to_win(goals) -> None:
    assert reckon(goals=goals) is None


def test_a_goal_of_nothing_is_reached() -> None:
    result = reckon(booking(5, NOV, SINCE), goals=dict.fromkeys(MONTHS, Decimal(0)))
    assert result is not None
    assert (result.then, result.now) == (0, -5)


def test_goal_and_revenue_count_from_where_the_data_begins() -> None:
    """From 1 November on: the goals of two months, and not what was won in October."""
    result = reckon(booking(40, OCT_9, EARLIER), booking(25, NOV, SINCE), data_from=NOV)
    assert result is not None
    assert (result.begins, result.then, result.won_since, result.now) == (NOV, 200, 25, 175)


BOOKINGS = st.builds(
    booking,
    st.decimals(min_value=0, max_value=10_000, places=2),
    st.dates(date(2026, 9, 1), date(2026, 11, 23)),
    st.sampled_from((EARLIER, LAST, SINCE, NOW, LATER)),
    st.none() | st.tuples(st.dates(date(2026, 9, 1), date(2026, 11, 23)), st.integers(0, 9_000)),
)


@given(bookings=st.lists(BOOKINGS), old=st.none() | st.integers(0, 900))
def test_the_parts_add_up_to_the_cent(bookings, old) -> None:
    event = GoalEvent(NOV, None if old is None else Decimal(old), SINCE)
    result = reckon(*bookings, goal_changes=(event,))
    assert result is not None
    if result.then is not None:
        assert result.then - result.won_since - result.corrected + result.goal_changed == result.now
    assert result.now == result.goal_now - sum(
        (row.adds_to(Q4) for row in bookings if row.created_at <= NOW), Decimal(0)
    )
