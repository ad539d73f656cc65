"""What came into the pipeline each week, and how long deals stand in a stage: reckoned by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from deals.rules.funnel import (
    StageChange,
    StagedDeal,
    StageRow,
    created_by_week,
    creation_of,
    long_stays,
    needed_per_week,
    stage_rows,
)

TODAY = date(2026, 11, 25)
"""A Wednesday: this week began on 23 November, the first of thirteen on 31 August."""
SEEN = date(2026, 9, 1)


def test_thirteen_weeks_end_with_this_one() -> None:
    days = ("2026-08-30", "2026-08-31", "2026-09-06", "2026-11-22", "2026-11-23", "2026-11-25", "2026-11-26")
    created = created_by_week([(date.fromisoformat(day), Decimal(10)) for day in days], today=TODAY)
    assert [week.number for week in created] == [2, *[0] * 10, 1, 2]
    assert (created[0].monday, created[0].amount) == (date(2026, 8, 31), 20)
    assert (created[-1].monday, created[-1].amount) == (date(2026, 11, 23), 20)


def test_a_deal_without_an_amount_is_counted_with_nothing() -> None:
    [*_, last] = created_by_week([(TODAY, None), (TODAY, Decimal(5))], today=TODAY)
    assert (last.amount, last.number) == (5, 2)


@pytest.mark.parametrize(
    ("goal", "rate", "needed"),
    [
        (1_300_000, "0.25", 400_000),
        (1_000_000, "0.3", Decimal("256410.26")),
        (0, "0.25", None),
        (None, "0.25", None),
        (1_300_000, None, None),
        (1_300_000, "0", None),
    ],
)
def test_a_week_needs_its_part_of_the_goal_by_the_win_rate(goal, rate, needed) -> None:
    """1.3M ÷ 13 weeks ÷ 25% = 400K a week."""
    money, share = (None if value is None else Decimal(value) for value in (goal, rate))
    assert needed_per_week(money, share) == needed


def deal(
    stage: str,
    *changes: tuple[str, int],
    won: bool = False,
    amount: int | None = 10,
    opened: date | None = None,
) -> StagedDeal:
    """`changes`: the stage it left, and how many days after it was first seen."""
    news = [old for old, _ in changes[1:]] + [stage]
    moved = [
        StageChange(old, new, SEEN + timedelta(days=days))
        for (old, days), new in zip(changes, news, strict=bool(changes))
    ]
    money = None if amount is None else Decimal(amount)
    return StagedDeal(1, stage, won, money, SEEN, opened, tuple(moved))


def test_the_days_in_each_stage_are_those_between_its_changes() -> None:
    won = deal("Closed", ("Lead", 10), ("Proposal", 30), ("Lead", 35), ("Proposal", 55), won=True)
    assert won.stays == {"Lead": 15, "Proposal": 40}


def test_the_first_stage_counts_only_where_its_beginning_was_seen() -> None:
    imported = deal("Closed", ("Lead", 10), ("Proposal", 30), opened=SEEN - timedelta(days=90), won=True)
    assert imported.stays == {"Proposal": 20}


def test_open_deals_stand_against_the_median_of_won_ones() -> None:
    """Ten won deals were 20 days in Proposal. Two open ones stand there since 1 September, 85 days, and one for 5."""
    won = [deal("Closed", ("Proposal", 20), won=True)] * 10
    fresh = deal("Proposal", ("Lead", 80))
    rows = stage_rows(
        [*won, deal("Proposal"), deal("Proposal", amount=None), fresh], today=TODAY, positions={}
    )
    assert rows == (StageRow("Proposal", 3, Decimal(20), 1, 85, 20, 10, 2),)


def test_nine_won_deals_are_too_few_for_a_median() -> None:
    won = [deal("Closed", ("Proposal", 20), won=True)] * 9
    [row] = stage_rows([*won, deal("Proposal")], today=TODAY, positions={})
    assert (row.usual_days, row.won_number, row.longer) == (None, 9, 0)


def test_stages_stand_in_the_order_of_the_crm_else_as_deals_come_to_them() -> None:
    deals = [
        deal("Lead"),
        deal("Contract", ("Lead", 5), ("Proposal", 30)),
        deal("Proposal", ("Lead", 4)),
        deal(""),
    ]
    stages = [row.stage for row in stage_rows(deals, today=TODAY, positions={})]
    assert stages == ["Lead", "Proposal", "Contract", ""]
    turned = stage_rows(deals, today=TODAY, positions={"Contract": 1, "Proposal": 2, "Lead": 3})
    assert [row.stage for row in turned] == ["Contract", "Proposal", "Lead", ""]


def test_without_deals_there_are_no_rows() -> None:
    assert stage_rows([], today=TODAY, positions={}) == ()


@pytest.mark.parametrize(
    ("created", "needed_a_week", "needed", "is_short"),
    [
        (Decimal(1_100), Decimal(100), Decimal("1242.86"), True),  # 12 weeks and 3 days
        (Decimal(1_119), Decimal(100), Decimal("1242.86"), False),  # 90.03 %
        (Decimal(0), Decimal(100), Decimal("1242.86"), True),
        (Decimal(0), None, None, False),
    ],
)
def test_what_was_created_is_short_by_more_than_a_tenth(created, needed_a_week, needed, is_short) -> None:
    weeks = created_by_week([(TODAY, created)], today=TODAY)
    creation = creation_of(weeks, needed_a_week, today=TODAY)
    assert (creation.needed if creation else None) == needed
    assert bool(creation and creation.is_short) == is_short


def test_long_stays_are_those_beyond_the_median_the_largest_first() -> None:
    won = [
        StagedDeal(
            pk, "Won", True, None, SEEN, SEEN, (StageChange("Offer", "Won", SEEN + timedelta(days=85)),)
        )
        for pk in range(10)
    ]
    at = TODAY - timedelta(days=85)
    deals = [
        StagedDeal(20, "Offer", False, Decimal(5), at, None),
        StagedDeal(21, "Offer", False, None, at - timedelta(days=1), None),
        StagedDeal(22, "Offer", False, Decimal(7), at - timedelta(days=9), None),
        StagedDeal(23, "Trial", False, Decimal(9), at - timedelta(days=9), None),
    ]
    stays = [(row.pk, row.days, row.usual_days) for row in long_stays([*won, *deals], today=TODAY)]
    assert stays == [(22, 94, 85), (21, 86, 85)]
    assert long_stays([*won[1:], *deals], today=TODAY) == ()
