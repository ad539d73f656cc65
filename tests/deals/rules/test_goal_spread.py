"""A year over its months: the parts sum to the whole, to the last cent of any currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.rules.periods import months_in, year_numbered
from deals.rules.goal_spread import by_business_days, by_last_year, evenly, grown, spread

YEAR = months_in(year_numbered(2027, first_month=1))


@pytest.mark.parametrize(
    ("amount", "weights", "decimals", "parts"),
    [
        ("1200", [1] * 3, 0, ["400", "400", "400"]),
        ("100", [1] * 3, 0, ["34", "33", "33"]),
        ("100", [1] * 3, 2, ["33.34", "33.33", "33.33"]),
        ("200", [1] * 3, 0, ["67", "67", "66"]),
        ("100", [20, 22, 21], 0, ["32", "35", "33"]),
        ("10", [0, 1, 1], 0, ["0", "5", "5"]),
        ("0.05", [1] * 3, 2, ["0.02", "0.02", "0.01"]),
        ("100.50", [1, 1], 0, ["50", "50.50"]),
        ("0", [1, 2], 2, ["0", "0"]),
        ("7", [0, 0, 1], 0, ["0", "0", "7"]),
        ("1", [1, 1, 1, 0], 0, ["1", "0", "0", "0"]),
    ],
)
def test_the_largest_remainder_gets_what_is_left(amount, weights, decimals, parts):
    told = spread(Decimal(amount), [Decimal(weight) for weight in weights], decimals=decimals)
    assert told == [Decimal(part) for part in parts]


@given(
    st.decimals(min_value=0, max_value=10**12, places=2),
    st.lists(st.integers(0, 10**6).map(Decimal), min_size=1, max_size=12).filter(any),
    st.sampled_from([0, 2, 3]),
)
def test_the_months_always_sum_to_the_year(amount, weights, decimals):
    parts = spread(amount, weights, decimals=decimals)
    assert sum(parts) == amount
    assert all(part >= 0 for part in parts)


@given(
    st.integers(0, 10**9).map(Decimal),
    st.lists(st.integers(0, 10**6).map(Decimal), min_size=1, max_size=12).filter(any),
)
def test_no_month_is_more_than_one_step_off(amount, weights):
    total = sum(weights)
    for part, weight in zip(spread(amount, weights, decimals=0), weights, strict=True):
        assert abs(part - amount * weight / total) < 1


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(0)] * 12])
def test_without_any_weight_there_is_nothing_to_spread_by(weights):
    with pytest.raises(ValueError, match="no weight"):
        spread(Decimal(5), weights, decimals=2)


def test_evenly_each_month_weighs_the_same():
    assert set(spread(Decimal(120_000), evenly(YEAR), decimals=2)) == {Decimal(10_000)}


def test_by_business_days_a_holiday_weighs_nothing():
    plain = by_business_days(YEAR, holidays=())
    with_holidays = by_business_days(YEAR, holidays=[date(2027, 1, 1), date(2027, 1, 2)])  # Friday, Saturday
    assert (plain[0], with_holidays[0]) == (21, 20)
    assert plain[1:] == with_holidays[1:]


def test_by_last_years_shape_a_month_without_amount_weighs_nothing():
    before = {date(2026, 1, 1): Decimal(30), date(2026, 3, 1): Decimal(10)}
    parts = spread(Decimal(400), by_last_year(YEAR, amounts=before), decimals=2)
    assert parts == [Decimal(300), 0, Decimal(100), *([Decimal(0)] * 9)]


@pytest.mark.parametrize(
    ("amount", "percent", "step", "becomes"),
    [
        ("100000", "5", "1", "105000"),
        ("123456", "5", "1", "129629"),
        ("123456", "5", "100", "129600"),
        ("123456", "5", "1000", "130000"),
        ("100", "-10", "1", "90"),
        ("99.99", "2.5", "0.01", "102.49"),
        ("100", "-100", "1", "0"),
        ("100", "0", "1", "100"),
        ("0", "50", "1", "0"),
    ],
)
def test_last_year_grows_by_a_percentage(amount, percent, step, becomes):
    assert grown(Decimal(amount), percent=Decimal(percent), step=Decimal(step)) == Decimal(becomes)
