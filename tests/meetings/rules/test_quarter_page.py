"""The quarter on one page: who reads which part, who held the seats when, what belongs to it, and what is named."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest

from alignment.rules.periods import Period, month_of, quarter_of
from meetings.rules.calls import Point
from meetings.rules.quarter_page import (
    EVERY_PART,
    HeldSeat,
    Part,
    Result,
    belongs_to,
    compared_points,
    held_seats,
    known_parts,
    largest,
    readable_parts,
)
from meetings.rules.team_history import Term

Q4 = quarter_of(date(2026, 10, 1), first_month=1)
FIRST, LAST = Q4.start, Q4.end
A_DAY = timedelta(days=1)
MIDDLE = date(2026, 11, 15)


def term(
    name: str, since: date, until: date | None = None, *, user: int | None = None, role: str = "leader"
) -> Term:
    return Term(user or hash(name), name, role, role, since, until)


@pytest.mark.parametrize(
    ("terms", "held"),
    [
        ([], ()),
        ([term("Joe", date(2024, 1, 1))], (HeldSeat("Joe"),)),
        ([term("Joe", FIRST, LAST)], (HeldSeat("Joe"),)),
        (
            [term("Anne", MIDDLE + A_DAY), term("Joe", date(2024, 1, 1), MIDDLE)],
            (HeldSeat("Joe", None, MIDDLE), HeldSeat("Anne", MIDDLE + A_DAY)),
        ),
        ([term("Joe", MIDDLE)], (HeldSeat("Joe", MIDDLE),)),
        ([term("Joe", MIDDLE, MIDDLE)], (HeldSeat("Joe", MIDDLE, MIDDLE),)),
        ([term("Joe", date(2024, 1, 1), FIRST - A_DAY)], ()),
        ([term("Joe", LAST + A_DAY)], ()),
        ([term("Joe", date(2024, 1, 1), FIRST)], (HeldSeat("Joe", None, FIRST),)),
        # who takes the seat again the day after never left; after a gap they did
        ([term("Joe", FIRST, MIDDLE), term("Joe", MIDDLE + A_DAY)], (HeldSeat("Joe"),)),
        (
            [term("Joe", FIRST, MIDDLE), term("Joe", MIDDLE + 3 * A_DAY)],
            (HeldSeat("Joe", None, MIDDLE), HeldSeat("Joe", MIDDLE + 3 * A_DAY)),
        ),
        # two people of one name are two people
        (
            [term("Joe", FIRST, MIDDLE, user=1), term("Joe", MIDDLE + A_DAY, user=2)],
            (HeldSeat("Joe", None, MIDDLE), HeldSeat("Joe", MIDDLE + A_DAY)),
        ),
        # the sales leader became the CEO: of this seat only the first half
        (
            [term("Joe", FIRST, MIDDLE, user=1), term("Joe", MIDDLE + A_DAY, user=1, role="ceo")],
            (HeldSeat("Joe", None, MIDDLE),),
        ),
    ],
)
def test_who_held_the_seat_when(terms: list[Term], held: tuple[HeldSeat, ...]) -> None:
    assert held_seats(terms, "leader", Q4) == held


@pytest.mark.parametrize(
    ("opened", "is_principal", "read"),
    [
        ((), True, EVERY_PART),
        ((), False, ()),
        ((Part.DECISIONS, Part.RESULT), False, (Part.RESULT, Part.DECISIONS)),
        ((Part.RESULT,), True, EVERY_PART),
        (EVERY_PART, False, EVERY_PART),
    ],
)
def test_the_two_read_everything_others_what_is_open(
    opened: tuple[Part, ...], is_principal: bool, read: tuple[Part, ...]
) -> None:
    assert readable_parts(opened, is_principal=is_principal) == read


def test_what_is_stored_and_is_no_part_opens_nothing() -> None:
    assert known_parts(["decisions", "check_in", 7, None, "result"]) == (Part.RESULT, Part.DECISIONS)
    assert all(part.label for part in Part)


@pytest.mark.parametrize(
    ("goal", "actual", "share", "difference", "left"),
    [
        ("900", "810", 90, "-90", "90"),
        ("900", "900", 100, "0", "0"),
        ("900", "990", 110, "90", "0"),
        ("900", "-90", -10, "-990", "990"),
        ("0", "10", None, "10", "0"),
        (None, "10", None, None, "0"),
        ("900", "0", 0, "-900", "900"),
    ],
)
def test_the_result_against_the_goal(
    goal: str | None, actual: str, share: int | None, difference: str | None, left: str
) -> None:
    result = Result(Decimal(goal) if goal is not None else None, Decimal(actual))
    assert result.share == share and result.left == Decimal(left)
    assert result.difference == (Decimal(difference) if difference is not None else None)


class Row(NamedTuple):
    pk: int
    status: str
    amount: Decimal | None


def test_the_three_largest_are_named_those_without_an_amount_last() -> None:
    amounts = (10, None, 30, 20, 30, None)
    rows = [Row(pk, "won", Decimal(amount) if amount else None) for pk, amount in enumerate(amounts)]
    rows.append(Row(9, "lost", Decimal(99)))
    assert [row.pk for row in largest(rows, "won")] == [2, 4, 3]
    assert [row.pk for row in largest(rows, "lost")] == [9]
    assert largest([], "won") == ()
    assert [row.pk for row in largest([rows[1], rows[0]], "won")] == [0, 1]


@pytest.mark.parametrize(
    ("start", "end", "belongs"),
    [
        (FIRST, LAST, True),
        (date(2026, 12, 1), LAST, True),
        (date(2026, 8, 1), date(2026, 10, 31), True),  # a quarter of the fiscal year as it was
        (date(2026, 11, 1), date(2027, 1, 31), False),
        (date(2026, 7, 1), date(2026, 9, 30), False),
    ],
)
def test_a_period_is_on_the_page_of_the_quarter_in_which_it_ends(
    start: date, end: date, belongs: bool
) -> None:
    assert belongs_to(Period(start, end, ""), Q4) is belongs


@pytest.mark.parametrize(
    ("period", "today", "points"),
    [
        (Q4, FIRST - A_DAY, []),
        (Q4, FIRST, [Point.START]),
        (Q4, date(2026, 10, 30), [Point.START]),
        (Q4, date(2026, 10, 31), [Point.START, Point.THIRD]),
        (Q4, LAST, list(Point)),
        (Q4, date(2027, 3, 1), list(Point)),
        (month_of(MIDDLE), date(2026, 11, 20), []),
        (month_of(MIDDLE), date(2026, 11, 21), [Point.TWO_THIRDS]),
    ],
)
def test_a_call_is_compared_at_the_points_that_have_come(
    period: Period, today: date, points: list[Point]
) -> None:
    assert list(compared_points(period, today=today)) == points
