"""Leading measures: on or off a target, off in three of four weeks, and the trend, reckoned by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from meetings.rules.measures import (
    Direction,
    Standing,
    Trend,
    Week,
    count_by_week,
    last_ended_week,
    standing_of,
    trend_of,
    weeks_of,
    weeks_off,
)

TODAY = date(2026, 11, 25)  # a Wednesday
THIS_WEEK = date(2026, 11, 23)
LONG_AGO = date(2026, 1, 5)


def weeks(
    *values: int | None, direction: Direction = Direction.UP, agreed_on: date = LONG_AGO, target: int = 5
) -> tuple[Week, ...]:
    """The values of the weeks that have ended, the last one last; this week has none yet."""
    known = {
        THIS_WEEK - timedelta(weeks=len(values) - place): Decimal(value)
        for place, value in enumerate(values)
        if value is not None
    }
    return weeks_of(known, target=Decimal(target), direction=direction, agreed_on=agreed_on, today=TODAY)


@pytest.mark.parametrize(
    ("value", "direction", "standing"),
    [
        (4, Direction.UP, Standing.OFF),
        (5, Direction.UP, Standing.ON),  # the target itself is on target
        (6, Direction.UP, Standing.ON),
        (4, Direction.DOWN, Standing.ON),
        (5, Direction.DOWN, Standing.ON),
        (6, Direction.DOWN, Standing.OFF),
        (0, Direction.UP, Standing.OFF),
        (None, Direction.UP, Standing.UNKNOWN),
    ],
)
def test_which_side_of_the_target_is_good(
    value: int | None, direction: Direction, standing: Standing
) -> None:
    number = None if value is None else Decimal(value)
    assert standing_of(number, Decimal(5), direction) == standing


def test_without_a_target_nothing_is_off() -> None:
    assert standing_of(Decimal(1), None, Direction.UP) == Standing.UNKNOWN


@pytest.mark.parametrize(
    ("values", "off"),
    [
        ((1, 1, 1, 1), 4),
        ((1, 1, 1, 9), 3),
        ((9, 1, 1, 1), 3),
        ((1, 9, 1, 9), 0),
        ((1, 1, None, 1), 3),  # a week nobody entered is neither on nor off
        ((1, None, None, 1), 0),
        ((1, 1, 1, 9, 9), 0),  # only the last four count
        ((1, 1, 1), 3),  # three weeks are entered, the one before is not
        ((None, None, None, None), 0),
    ],
)
def test_off_in_three_of_the_last_four_weeks(values: tuple[int | None, ...], off: int) -> None:
    assert len(weeks_off(weeks(*values))) == off


def test_a_week_that_runs_is_not_off_yet() -> None:
    running = weeks_of(
        {THIS_WEEK: Decimal(0)}, target=Decimal(5), direction=Direction.UP, agreed_on=LONG_AGO, today=TODAY
    )[-1]
    assert (running.is_running, running.is_off, running.value) == (True, False, Decimal(0))


@pytest.mark.parametrize(("today", "is_running"), [(date(2026, 11, 29), True), (date(2026, 11, 30), False)])
def test_a_week_ends_with_its_sunday(today: date, is_running: bool) -> None:
    read = weeks_of({}, target=Decimal(5), direction=Direction.UP, agreed_on=LONG_AGO, today=today)
    assert next(week for week in read if week.period.start == THIS_WEEK).is_running is is_running


def test_weeks_that_began_before_it_was_agreed_are_not_judged() -> None:
    agreed_on = THIS_WEEK - timedelta(weeks=2)
    read = weeks(1, 1, 1, 1, agreed_on=agreed_on)
    assert [week.is_off for week in read[-5:]] == [False, False, True, True, False]
    assert not weeks_off(read)
    a_day_later = weeks(1, 1, agreed_on=agreed_on + timedelta(days=1))
    assert [week.is_off for week in a_day_later[-3:]] == [False, True, False]


def test_what_was_settled_is_not_proposed_again_until_four_later_weeks_are_over() -> None:
    read = weeks(1, 1, 1, 1)
    began = read[-5].period.start
    assert weeks_off(read, after=began - timedelta(days=1))
    assert not weeks_off(read, after=began)


@pytest.mark.parametrize(
    ("values", "direction", "trend"),
    [
        ((1, 2, 3, 4, 5, 6, 7, 8), Direction.UP, Trend.BETTER),
        ((1, 2, 3, 4, 5, 6, 7, 8), Direction.DOWN, Trend.WORSE),
        ((8, 8, 8, 8, 1, 1, 1, 1), Direction.UP, Trend.WORSE),
        ((3, 1, 4, 2, 1, 4, 3, 2), Direction.UP, Trend.SAME),  # ten and ten
        ((1, 2, 3, 4, 5, 6, 7), Direction.UP, Trend.UNKNOWN),
        ((1, 2, 3, None, 5, 6, 7, 8), Direction.UP, Trend.UNKNOWN),
    ],
)
def test_the_trend_is_four_weeks_against_the_four_before(
    values: tuple[int | None, ...], direction: Direction, trend: Trend
) -> None:
    assert trend_of(weeks(*values, direction=direction), direction) == trend


def test_days_are_counted_by_their_week_from_monday_to_sunday() -> None:
    days = [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 30)]
    assert count_by_week(days) == {
        date(2026, 11, 16): Decimal(1),
        date(2026, 11, 23): Decimal(2),
        date(2026, 11, 30): Decimal(1),
    }


@pytest.mark.parametrize("today", [date(2026, 11, 23), TODAY, date(2026, 11, 29)])
def test_the_last_ended_week(today: date) -> None:
    assert last_ended_week(today).start == date(2026, 11, 16)
