import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.rules.periods import Period, month_of, quarter_of
from deals.rules.revenue import Standing, Week, average, revenue, standing, weekly

MAVEN = Path(__file__).parents[4] / "shared" / "data" / "maven"
TODAY = date(2026, 11, 23)  # a Monday
THANKSGIVING = date(2026, 11, 26)
Q4 = quarter_of(TODAY, first_month=1)
GOALS = {
    date(2026, 10, 1): Decimal(900_000),
    date(2026, 11, 1): Decimal(1_000_000),
    date(2026, 12, 1): Decimal(1_000_000),
}


def stand(
    period: Period = Q4,
    *,
    today: date = TODAY,
    goals: Mapping[date, Decimal] = GOALS,
    actuals: Mapping[date, Decimal] | None = None,
    holidays: frozenset[date] = frozenset({THANKSGIVING}),
) -> Standing:
    return standing(period, today=today, goals=goals, actuals=actuals or {}, holidays=holidays)


def test_the_goal_to_date_is_whole_months_gone_and_the_business_days_of_this_one() -> None:
    # November 2026 has 21 weekdays, 20 without the holiday; 16 of them are gone on the 23rd.
    assert stand().goal_to_date == Decimal(900_000) + Decimal(1_000_000) * 16 / 20


def test_the_gap_is_actual_less_goal_to_date() -> None:
    behind = stand(actuals={date(2026, 10, 5): Decimal("1488000.50")})
    assert behind.gap == Decimal("-211999.50")
    assert behind.behind
    ahead = stand(actuals={date(2026, 10, 5): Decimal(1_738_000)})
    assert ahead.gap == Decimal(38_000)
    assert not ahead.behind


def test_what_is_needed_a_week_is_spread_over_the_business_days_after_today() -> None:
    now = stand(actuals={date(2026, 10, 5): Decimal(2_000_000)})
    assert (now.days_gone, now.days_total, now.days_left) == (38, 65, 27)
    assert now.needed_per_week == Decimal("166666.67")


def test_nothing_more_is_needed_once_the_goal_is_reached() -> None:
    assert stand(actuals={date(2026, 10, 5): Decimal(3_000_000)}).needed_per_week == 0


def test_there_is_no_rate_when_no_business_day_is_left() -> None:
    saturday = month_of(date(2026, 10, 31))
    assert stand(saturday, today=date(2026, 10, 30)).needed_per_week is None
    assert stand(saturday, today=date(2027, 3, 1)).needed_per_week is None


def test_a_missing_month_is_named_and_leaves_no_goal_gap_or_rate() -> None:
    goals = {month: goal for month, goal in GOALS.items() if month.month != 12}
    alone = stand(goals=goals, actuals={date(2026, 10, 5): Decimal(7)})
    assert alone.missing_months == (date(2026, 12, 1),)
    assert (alone.goal, alone.goal_to_date, alone.gap, alone.needed_per_week) == (None, None, None, None)
    assert not alone.has_goal
    assert not alone.behind
    assert alone.share_of_goal is None
    assert alone.actual == 7


def test_a_goal_of_zero_is_a_goal_without_a_share() -> None:
    zero = stand(goals=dict.fromkeys(GOALS, Decimal(0)))
    assert zero.has_goal
    assert zero.gap == 0
    assert zero.share_of_goal is None


def test_the_share_is_of_the_whole_goal() -> None:
    assert stand(actuals={date(2026, 10, 5): Decimal(725_000)}).share_of_goal == Decimal("0.25")


def test_only_days_of_the_period_up_to_today_count() -> None:
    days = [date(2026, 9, 30), date(2026, 10, 1), TODAY, TODAY + timedelta(days=1), date(2027, 1, 1)]
    actuals = {day: Decimal(10) ** place for place, day in enumerate(days)}
    assert stand(actuals=actuals).actual == Decimal(110)


def test_a_correction_below_zero_lowers_the_actual() -> None:
    actuals = {date(2026, 10, 5): Decimal(500), date(2026, 11, 2): Decimal("-120.25")}
    assert stand(actuals=actuals).actual == Decimal("379.75")


def test_before_the_period_nothing_is_due_and_after_it_everything() -> None:
    before = stand(today=date(2026, 9, 30))
    assert (before.goal_to_date, before.days_gone) == (0, 0)
    after = stand(today=date(2027, 1, 1))
    assert after.goal_to_date == after.goal == Decimal(2_900_000)
    assert after.days_gone == after.days_total


def test_the_goal_to_date_is_rounded_half_up_to_the_cent() -> None:
    november = month_of(TODAY)
    goals = {november.start: Decimal("0.10")}
    assert stand(november, today=date(2026, 11, 2), goals=goals).goal_to_date == Decimal("0.01")


def test_a_month_of_nothing_but_holidays_falls_due_at_its_end() -> None:
    november = month_of(TODAY)
    off = frozenset(november.start + timedelta(days=day) for day in range(30))
    assert stand(november, holidays=off).goal_to_date == 0
    assert stand(november, today=november.end, holidays=off).goal_to_date == Decimal(1_000_000)


def test_thirteen_weeks_end_with_the_one_under_way() -> None:
    actuals = {date(2026, 8, 30): Decimal(1), date(2026, 8, 31): Decimal(2), TODAY: Decimal(11)}
    weeks = weekly(TODAY, actuals=actuals)
    assert len(weeks) == 13
    assert [week.actual for week in weeks if week.actual] == [2, 11]
    assert weeks[-1].period.contains(TODAY)
    assert average(weeks) == Decimal(1)


def test_an_average_is_half_up_to_the_cent_and_zero_for_no_weeks() -> None:
    weeks = [Week(Q4, Decimal("0.01")), Week(Q4, Decimal(0))]
    assert average(weeks) == Decimal("0.01")
    assert average([]) == 0


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.dictionaries(
        st.dates(date(2024, 12, 1), date(2028, 1, 31)), st.decimals(-9999, 9999, places=2), max_size=40
    ),
    st.integers(1, 12),
)
def test_all_at_once_says_the_same_as_each_alone(
    today: date, actuals: dict[date, Decimal], first_month: int
) -> None:
    goals = {
        date(year, month, 1): Decimal(month * 1000) for year in range(2023, 2030) for month in range(1, 13)
    }
    whole = revenue(today, first_month=first_month, goals=goals, actuals=actuals, holidays=set())
    for one in (whole.month, whole.quarter, whole.year):
        assert one == standing(one.period, today=today, goals=goals, actuals=actuals, holidays=set())
        days = (day for day in actuals if one.period.contains(day) and day <= today)
        assert one.actual == sum((actuals[day] for day in days), Decimal(0))
        assert one.goal is not None
        assert one.goal_to_date is not None
        assert 0 <= one.goal_to_date <= one.goal
    assert whole.weeks == weekly(today, actuals=actuals)
    assert whole.average_week == average(whole.weeks)


@pytest.fixture(scope="module")
def won_by_manager() -> dict[str, dict[date, Decimal]]:
    if not MAVEN.is_dir():
        pytest.skip("The public sales data is not beside the project.")
    with (MAVEN / "sales_teams.csv").open(newline="") as file:
        managers = {row["sales_agent"]: row["manager"] for row in csv.DictReader(file)}
    won: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    with (MAVEN / "sales_pipeline.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["deal_stage"] == "Won":
                won[managers[row["sales_agent"]]][date.fromisoformat(row["close_date"])] += Decimal(
                    row["close_value"]
                )
    return won


@pytest.mark.parametrize(
    ("today", "period", "amount"),
    [
        (date(2017, 9, 30), "quarter", 767_754),
        (date(2017, 12, 31), "quarter", 670_788),
        (date(2017, 12, 31), "month", 255_530),
    ],
)
def test_a_real_team_of_2017_adds_up_to_the_dollar(
    won_by_manager: dict[str, dict[date, Decimal]], today: date, period: str, amount: int
) -> None:
    actuals = won_by_manager["Melvin Marxen"]
    whole = revenue(today, first_month=1, goals={}, actuals=actuals, holidays=set())
    assert getattr(whole, period).actual == amount


def test_all_real_teams_of_2017_add_up(won_by_manager: dict[str, dict[date, Decimal]]) -> None:
    years = [
        revenue(date(2017, 12, 31), first_month=1, goals={}, actuals=actuals, holidays=set()).year.actual
        for actuals in won_by_manager.values()
    ]
    assert (len(years), sum(years)) == (6, 10_005_534)
