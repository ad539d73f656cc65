"""How a quarter usually comes in, what is due by a day, and when the gap is news."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from alignment.rules.periods import months_in, quarter_of
from deals.rules.pace import MonthWon, Shape, change_of_gap, is_on_pace, quarters_before, shape_of
from deals.rules.revenue import Standing, revenue

TODAY = date(2026, 11, 23)
Q4 = quarter_of(TODAY, first_month=1)
OCTOBER, NOVEMBER, DECEMBER = months_in(Q4)
GOALS = dict.fromkeys((OCTOBER, NOVEMBER, DECEMBER), Decimal(300_000))
LATE = Shape(8, (Decimal("0.2"), Decimal("0.3"), Decimal("0.5")))


def history_of(*quarters: tuple[int, int, int], wins: int = 4) -> dict[date, MonthWon]:
    """What past quarters brought by month, the newest first."""
    return {
        month: MonthWon(Decimal(amount), wins)
        for period, amounts in zip(quarters_before(Q4, first_month=1), quarters, strict=False)
        for month, amount in zip(months_in(period), amounts, strict=True)
    }


def quarter(
    today: date = TODAY,
    *,
    goals: dict[date, Decimal] = GOALS,
    won: dict[date, Decimal] | None = None,
    data_from: date | None = None,
    shape: Shape | None = None,
) -> Standing:
    return revenue(
        today, first_month=1, goals=goals, actuals=won or {}, holidays=(), data_from=data_from, shape=shape
    ).quarter


def test_a_shape_is_the_median_of_what_was_won_by_the_end_of_each_month() -> None:
    won = history_of((20, 30, 50), (10, 30, 60), (30, 30, 40), (20, 40, 40))
    assert shape_of(won, Q4, first_month=1) == Shape(4, (Decimal("0.2"), Decimal("0.35"), Decimal("0.45")))


@pytest.mark.parametrize(
    "won",
    [
        {},
        history_of((20, 30, 50), (20, 30, 50), (20, 30, 50)),
        history_of(*[(20, 30, 50)] * 8, wins=3),
        history_of(*[(0, 0, 0)] * 8),
        history_of(*[(20, -30, 50)] * 8),
    ],
    ids=["nothing", "three quarters", "nine wins a quarter", "nothing won", "credits above wins"],
)
def test_without_enough_history_there_is_no_shape(won: dict[date, MonthWon]) -> None:
    assert shape_of(won, Q4, first_month=1) is None


def test_no_more_than_eight_quarters_count() -> None:
    shape = shape_of(history_of(*[(20, 30, 50)] * 8, (90, 5, 5)), Q4, first_month=1)
    assert shape is not None and shape.quarters == 8


@pytest.mark.parametrize(
    ("day", "by_months", "by_shape"),
    [
        (date(2026, 10, 31), 300_000, 180_000),
        (date(2026, 11, 30), 600_000, 450_000),
        (date(2026, 12, 31), 900_000, 900_000),
        (date(2026, 11, 13), 442_857, 308_571),  # ten of the 21 weekdays of November
    ],
)
def test_the_shape_or_the_goals_of_the_months_say_what_is_due(
    day: date, by_months: int, by_shape: int
) -> None:
    due = [round(quarter(day, shape=shape).goal_to_date or 0) for shape in (None, LATE)]
    assert due == [by_months, by_shape]


@pytest.mark.parametrize(
    ("day", "data_from", "begins", "goal", "due"),
    [
        pytest.param(TODAY, date(2026, 1, 5), None, 900_000, 528_571, id="there all along"),
        pytest.param(TODAY, date(2026, 11, 23), date(2026, 11, 23), 385_714, 14_286, id="began today"),
        pytest.param(TODAY, date(2026, 11, 30), None, 900_000, 0, id="begins next week"),
        pytest.param(
            date(2026, 12, 31), date(2026, 11, 23), date(2026, 11, 23), 385_714, 385_714, id="its end"
        ),
    ],
)
def test_a_team_begins_where_its_data_begins(
    day: date, data_from: date, begins: date | None, goal: int, due: int
) -> None:
    now = quarter(day, data_from=data_from)
    assert (now.begins, round(now.goal or 0), round(now.goal_to_date or 0)) == (begins, goal, due)
    assert now.has_begun is (due > 0)


def test_the_gap_counts_from_the_first_month_with_a_goal() -> None:
    goals = {NOVEMBER: Decimal(300_000), DECEMBER: Decimal(300_000)}
    won = {date(2026, 10, 5): Decimal(500_000), date(2026, 11, 5): Decimal(100_000)}
    now = quarter(goals=goals, won=won)
    assert (now.begins, now.goal, now.actual) == (NOVEMBER, 600_000, 100_000)
    assert round(now.goal_to_date or 0) == 228_571
    missing_later = quarter(goals={OCTOBER: Decimal(1), NOVEMBER: Decimal(1)})
    assert missing_later.missing_months == (DECEMBER,) and missing_later.gap is None


@pytest.mark.parametrize(
    ("day", "a_week", "still"),
    [
        (date(2026, 12, 24), 800_000, 800_000),  # five weekdays left
        (date(2026, 12, 25), None, 800_000),
        (date(2026, 12, 31), None, 800_000),
    ],
)
def test_with_less_than_a_week_left_it_says_what_is_still_to_win(
    day: date, a_week: int | None, still: int
) -> None:
    now = quarter(day, won={OCTOBER: Decimal(100_000)})
    assert (now.needed_per_week, now.still_to_win) == (a_week, still)


@pytest.mark.parametrize(
    ("gap", "on_pace"), [(0, True), (-45_000, True), (45_000, True), (-45_001, False), (45_001, False)]
)
def test_within_five_per_cent_of_the_goal_is_on_pace(gap: int, on_pace: bool) -> None:
    assert is_on_pace(Decimal(gap), Decimal(900_000)) is on_pace


@pytest.mark.parametrize(
    ("before", "gap", "due", "change"),
    [
        pytest.param(-100_000, -150_000, 60_000, "grew", id="less was won than was due"),
        pytest.param(-100_000, -118_000, 60_000, "", id="two per cent of the goal is no news"),
        pytest.param(-100_000, -118_001, 60_000, "grew", id="more than that is"),
        pytest.param(-100_000, -200_000, 60_000, "", id="more than was due: a goal was raised"),
        pytest.param(-100_000, -150_000, 0, "", id="nothing was due"),
        pytest.param(-100_000, -80_000, 60_000, "shrank", id="more was won than was due"),
        pytest.param(-100_000, -100_000, 60_000, "", id="as much"),
    ],
)
def test_the_gap_is_news_and_not_the_calendar(before: int, gap: int, due: int, change: str) -> None:
    now, then = Decimal(gap), Decimal(before)
    assert change_of_gap(now, then, goal=Decimal(900_000), due=Decimal(due)) == change
