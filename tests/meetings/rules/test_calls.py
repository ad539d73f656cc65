"""The forecast call: its periods, its three points, its errors. Reckoned by hand after FIELD: error = (call − actual)
÷ goal, signed; an average from four periods, a range from eight."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from alignment.rules.periods import Period, month_of, period_between, quarter_of
from meetings.rules.calls import (
    CalledDays,
    CallResult,
    Nearer,
    Point,
    StatedCall,
    accuracy_of,
    call_at,
    find_call_periods,
    is_part_of_quarter,
    point_days,
    who_was_nearer,
)

Q4 = Period(date(2026, 10, 1), date(2026, 12, 31), "Q4 2026")


def labels(today: date, **more: object) -> list[str]:
    given = {"kind": "quarter", "first_month": 1} | more
    return [period.label for period in find_call_periods(today, **given)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "kind", "expected"),
    [
        (date(2026, 11, 29), "quarter", ["Q4 2026"]),
        (date(2026, 12, 10), "quarter", ["Q4 2026"]),  # 21 days before the last day
        (date(2026, 12, 11), "quarter", ["Q4 2026", "Q1 2027"]),
        (date(2026, 12, 31), "quarter", ["Q4 2026", "Q1 2027"]),
        (date(2027, 1, 1), "quarter", ["Q1 2027"]),
        (date(2026, 11, 5), "month", ["November 2026"]),
        (date(2026, 11, 10), "month", ["November 2026", "December 2026"]),
        (date(2026, 12, 29), "month", ["December 2026", "January 2027"]),
    ],
)
def test_the_running_period_is_called_and_in_its_last_three_weeks_the_next_one(
    today: date, kind: str, expected: list[str]
) -> None:
    assert labels(today, kind=kind) == expected


def test_a_period_that_was_called_keeps_its_days_when_the_fiscal_year_is_moved() -> None:
    called = [(Q4.start, Q4.end)]
    assert labels(date(2026, 12, 1), first_month=2, earlier=map(days_of, called)) == [
        "1 Oct 2026 to 31 Dec 2026"
    ]
    assert labels(date(2026, 12, 1), first_month=2) == ["Q4 FY2027"]  # November to January
    assert labels(date(2027, 2, 1), first_month=2, earlier=map(days_of, called)) == [
        "Q1 FY2028"
    ]  # it is over


def days_of(days: tuple[date, date]) -> CalledDays:
    """Called by quarter."""
    return CalledDays(*days, is_part_of_quarter=(days[1] - days[0]).days < 31)


OLD = (date(2026, 10, 1), date(2026, 12, 31))
AFTER = (date(2027, 1, 1), date(2027, 3, 31))
LEFT, REST = (date(2027, 1, 1), date(2027, 1, 31)), (date(2027, 2, 1), date(2027, 3, 31))
AFTER_LEFT = (date(2027, 2, 1), date(2027, 4, 30))


@pytest.mark.parametrize(
    ("today", "first_month", "called", "expected"),
    [  # quarters from February: November to January, February to April
        (date(2026, 12, 15), 2, [OLD], [OLD, (date(2027, 1, 1), date(2027, 1, 31))]),
        (date(2027, 1, 5), 2, [OLD], [(date(2027, 1, 1), date(2027, 1, 31))]),
        (
            date(2027, 1, 5),
            2,
            [OLD, (date(2027, 1, 1), date(2027, 1, 31))],
            [(date(2027, 1, 1), date(2027, 1, 31))],
        ),
        (
            date(2027, 1, 20),
            2,
            [OLD],
            [(date(2027, 1, 1), date(2027, 1, 31)), (date(2027, 2, 1), date(2027, 4, 30))],
        ),
        (date(2027, 2, 1), 2, [OLD], [(date(2027, 2, 1), date(2027, 4, 30))]),
        # from March: December to February
        (date(2026, 12, 15), 3, [OLD], [OLD, (date(2027, 1, 1), date(2027, 2, 28))]),
        (
            date(2027, 2, 15),
            3,
            [OLD],
            [(date(2027, 1, 1), date(2027, 2, 28)), (date(2027, 3, 1), date(2027, 5, 31))],
        ),
        # the next period was called before the year was moved
        (date(2026, 12, 15), 2, [OLD, AFTER], [OLD, AFTER]),
        (date(2027, 1, 5), 2, [OLD, AFTER], [AFTER]),
        (date(2027, 3, 20), 2, [OLD, AFTER], [AFTER, (date(2027, 4, 1), date(2027, 4, 30))]),
        # and the one that runs was not
        (date(2026, 12, 1), 2, [AFTER], [(date(2026, 11, 1), date(2026, 12, 31))]),
        (date(2026, 12, 15), 2, [AFTER], [(date(2026, 11, 1), date(2026, 12, 31)), AFTER]),
        # moved back: everything is as it was
        (date(2026, 12, 15), 1, [OLD], [OLD, AFTER]),
        # moved back after what was left was called: the quarter begins after it
        (date(2027, 1, 15), 1, [OLD, LEFT], [LEFT, REST]),
        (date(2027, 2, 15), 1, [OLD, LEFT], [REST]),
        (date(2027, 3, 20), 1, [OLD, LEFT, REST], [REST, (date(2027, 4, 1), date(2027, 6, 30))]),
        # moved a second time: April is left between what was called
        (date(2027, 3, 20), 2, [LEFT, AFTER_LEFT], [AFTER_LEFT]),
        (date(2027, 4, 20), 3, [LEFT, AFTER_LEFT], [AFTER_LEFT, (date(2027, 5, 1), date(2027, 5, 31))]),
    ],
)
def test_no_day_has_two_calls_when_the_fiscal_year_is_moved(
    today: date, first_month: int, called: list[tuple[date, date]], expected: list[tuple[date, date]]
) -> None:
    periods = find_call_periods(today, kind="quarter", first_month=first_month, earlier=map(days_of, called))
    assert [(period.start, period.end) for period in periods] == expected


def test_what_was_called_by_quarter_does_not_hold_a_team_that_calls_by_month() -> None:
    assert labels(date(2026, 11, 5), kind="month", earlier=[CalledDays(Q4.start, Q4.end)]) == [
        "November 2026"
    ]


@pytest.mark.parametrize(
    ("period", "days"),
    [
        (Q4, (date(2026, 10, 1), date(2026, 10, 31), date(2026, 12, 1))),  # 92 days: 0, 30, 61 days on
        (
            month_of(date(2026, 2, 1)),
            (date(2026, 2, 1), date(2026, 2, 10), date(2026, 2, 19)),
        ),  # 28: 0, 9, 18
    ],
)
def test_a_call_is_measured_at_the_start_after_one_third_and_after_two(
    period: Period, days: tuple[date, ...]
) -> None:
    assert tuple(point_days(period).values()) == days


def stated(on: date, commit: int) -> StatedCall:
    return StatedCall(on, Decimal(commit), Decimal(commit + 100))


CALLS = [stated(date(2026, 10, 5), 300), stated(date(2026, 10, 31), 320), stated(date(2026, 11, 9), 280)]


@pytest.mark.parametrize(
    ("calls", "point", "commit"),
    [
        (CALLS, Point.START, 300),  # none by 1 October: the first of the first week
        ([stated(date(2026, 9, 28), 350), *CALLS], Point.START, 350),  # called ahead
        (CALLS, Point.THIRD, 320),  # on the very day
        (CALLS, Point.TWO_THIRDS, 280),
        ([stated(date(2026, 10, 8), 300)], Point.START, None),  # the eighth day is no start
        ([stated(date(2026, 12, 2), 300)], Point.TWO_THIRDS, None),
        ([], Point.THIRD, None),
    ],
)
def test_at_a_point_the_last_call_that_counts_by_then_is_taken(
    calls: list[StatedCall], point: Point, commit: int | None
) -> None:
    call = call_at(point, Q4, calls)
    assert (call and call.commit) == commit


def result(commit: int, best: int, actual: int, goal: int | None) -> CallResult:
    return CallResult(
        Decimal(commit), Decimal(best), Decimal(actual), None if goal is None else Decimal(goal)
    )


@pytest.mark.parametrize(
    ("figures", "error", "between", "words"),
    [
        ((3_400, 3_800, 3_220, 3_000), "0.06", False, "came in under the commit by 6% of the goal"),
        ((3_400, 3_800, 3_600, 4_000), "-0.05", True, "came in over the commit by 5% of the goal"),
        ((3_400, 3_800, 4_000, 4_000), "-0.15", False, "came in over the commit by 15% of the goal"),
        ((3_400, 3_400, 3_400, 3_000), "0", True, "came in on the commit"),
        (
            (1_000, 1_000, 0, 2_000),
            "0.5",
            False,
            "came in under the commit by 50% of the goal",
        ),  # nothing won
        ((1_000, 1_000, 999, 2_000), "0.0005", False, "came in under the commit by less than 1% of the goal"),
        ((1_000, 1_200, 900, 0), None, False, "came in under the commit"),  # a goal of 0
        ((1_000, 1_200, 1_100, None), None, True, "came in over the commit"),  # no goal
    ],
)
def test_the_error_is_the_call_less_the_actual_by_the_goal(
    figures: tuple[int, int, int, int | None], error: str | None, between: bool, words: str
) -> None:
    call = result(*figures)
    assert call.error == (None if error is None else Decimal(error))
    assert (call.lay_between, call.in_words) == (between, words)


def test_an_average_is_given_from_four_periods_and_a_range_from_eight() -> None:
    errors = [Decimal(error) for error in ("0.06", "-0.10", "0.02", "0.10")]
    assert accuracy_of(errors[:3]).average is None
    four = accuracy_of(errors)
    assert (four.average, four.average_size, four.lowest) == (Decimal("0.02"), Decimal("0.07"), None)
    assert accuracy_of(errors[:3] + errors).lowest is None  # seven
    eight = accuracy_of(errors + errors)
    assert (eight.lowest, eight.highest) == (Decimal("-0.10"), Decimal("0.10"))


@pytest.mark.parametrize(
    ("leader", "ceo", "actual", "nearer"),
    [
        (34, 29, 30, Nearer.CEO),
        (34, 29, 33, Nearer.LEADER),
        (34, 30, 32, Nearer.BOTH),
        (30, 30, 10, Nearer.BOTH),
    ],
)
def test_who_was_nearer_is_a_fact_of_both_numbers(leader: int, ceo: int, actual: int, nearer: Nearer) -> None:
    assert who_was_nearer(leader=Decimal(leader), ceo=Decimal(ceo), actual=Decimal(actual)) == nearer


def test_a_period_has_its_usual_name_or_else_its_days() -> None:
    quarter = quarter_of(date(2026, 5, 1), first_month=1)
    assert period_between(quarter.start, quarter.end, first_month=1) == quarter
    odd = period_between(quarter.start, quarter.end + timedelta(days=30), first_month=1)
    assert odd.label == "1 Apr 2026 to 30 Jul 2026"


@pytest.mark.parametrize(
    ("kind", "called", "start", "end"),
    [  # in January 2027, what was called before; a year from February
        ("quarter", [CalledDays(*LEFT, is_part_of_quarter=True)], *LEFT),
        (
            "quarter",
            [CalledDays(*LEFT)],
            date(2026, 11, 1),
            date(2027, 1, 31),
        ),  # a month, before it called by quarter
        ("quarter", [CalledDays(*OLD), CalledDays(*LEFT)], *LEFT),
        ("month", [CalledDays(*LEFT, is_part_of_quarter=True)], *LEFT),  # the month has the same days
        ("month", [CalledDays(*OLD)], *LEFT),
    ],
)
def test_a_month_is_part_of_a_quarter_only_where_it_was_called_by_quarter(
    kind: str, called: list[CalledDays], start: date, end: date
) -> None:
    first, *_ = find_call_periods(date(2027, 1, 5), kind=kind, first_month=2, earlier=called)
    assert (first.start, first.end) == (start, end)


@pytest.mark.parametrize(
    ("days", "kind", "is_part", "called_as"),
    [
        (LEFT, "quarter", True, "quarter"),
        (LEFT, "month", False, "month"),
        ((date(2027, 2, 1), date(2027, 2, 28)), "quarter", True, "quarter"),
        ((date(2027, 2, 1), date(2027, 2, 28)), "month", False, "month"),
        (REST, "quarter", False, "quarter"),  # two months are no month anyway
        (AFTER, "quarter", False, "quarter"),
    ],
)
def test_how_a_period_is_called(days: tuple[date, date], kind: str, is_part: bool, called_as: str) -> None:
    period = period_between(*days, first_month=2)
    assert is_part_of_quarter(period, kind=kind) is is_part
    assert CalledDays(*days, is_part).kind == called_as
