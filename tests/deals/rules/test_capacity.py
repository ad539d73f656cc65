"""Which needs somebody must be told of now."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from deals.rules.capacity import Need, needs_to_tell

TODAY = date(2026, 11, 23)
YESTERDAY, IN_TWO_WEEKS = TODAY - timedelta(days=1), TODAY + timedelta(days=14)


@pytest.mark.parametrize(
    ("is_won", "needed_by", "promised_by", "is_urgent"),
    [
        (True, None, None, True),
        (True, date(2027, 6, 1), None, True),
        (True, date(2027, 6, 1), TODAY, False),
        (True, date(2027, 6, 1), YESTERDAY, True),
        (True, YESTERDAY, TODAY, True),
        (False, None, None, False),
        (False, IN_TWO_WEEKS, None, True),
        (False, IN_TWO_WEEKS, TODAY, False),
        (False, IN_TWO_WEEKS + timedelta(days=1), None, False),
        (False, YESTERDAY, TODAY, True),
    ],
)
def test_a_need_must_be_told(
    is_won: bool, needed_by: date | None, promised_by: date | None, is_urgent: bool
) -> None:
    assert Need(1, is_won, needed_by, promised_by).must_be_told(TODAY) == is_urgent


def test_the_first_day_comes_first_and_no_day_last() -> None:
    needs = [Need(1, True, None), Need(2, True, TODAY), Need(3, True, YESTERDAY), Need(4, False, None)]
    assert [need.pk for need in needs_to_tell(needs, today=TODAY)] == [3, 2, 1]
