"""What of the mix somebody must look at, read in one query."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from alignment.agreements.answers import accept
from alignment.models import Goal
from deals.mix.attention import MixAttention, read_attention
from deals.models import CommittedDeal, Deal
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_deal, make_mix, make_revenue

pytestmark = pytest.mark.time_machine(NOW)
BEFORE = (date(2026, 9, 1), date(2026, 6, 1), date(2026, 3, 1), date(2025, 12, 1), date(2025, 9, 1))


def read(cast: Cast) -> MixAttention:
    return read_attention(cast.north, today=TODAY)


def set_goal(cast: Cast, total: int) -> None:
    third = total // 3
    for month, amount in ((10, third), (11, third), (12, total - 2 * third)):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=amount)


def create_deals(cast: Cast, number: int, amount: int = 100_000) -> None:
    for day in range(number):
        make_deal(
            team=cast.north,
            amount=Decimal(amount),
            close_date=date(2027, 5, 1),
            opened_on=TODAY - timedelta(days=40 + day),
        )


def test_nothing_without_deals_a_goal_or_an_agreed_mix(cast: Cast) -> None:
    assert read(cast) == MixAttention()
    create_deals(cast, 10)
    make_deal(team=cast.north, amount=Decimal(900_000), close_date=TODAY)
    assert (read(cast).off, read(cast).hanging) == ((), ())


@pytest.mark.parametrize(("number", "is_off"), [(7, False), (8, True)])
def test_a_size_is_off_from_eight_created_deals(cast: Cast, number: int, is_off: bool) -> None:
    accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    create_deals(cast, number)
    attention = read(cast)
    assert bool(attention.off) is is_off
    assert attention.created == number * 100_000
    if is_off:
        assert [(off.band, off.share, off.target) for off in attention.off] == [
            ("big", 100, 30),
            ("mid", 0, 50),
            ("small", 0, 20),
        ]


# FIELD.md, concentration: more than 20 % of the goal and more than 1.5 times the median of the largest wins of the last
# four quarters; without history more than 30 %.
@pytest.mark.parametrize(
    ("amount", "largest", "hangs"),
    [
        (300_000, [], False),  # 30 % of 1,000,000
        (301_000, [], True),
        (201_000, [130_000, 130_000, 130_000, 130_000], True),  # 1.5 × 130,000 = 195,000
        (200_000, [10_000, 10_000, 10_000, 10_000], False),  # 20 %
        (250_000, [180_000, 180_000, 20_000, 160_000], False),  # median 170,000; 1.5 times is 255,000
        (256_000, [180_000, 180_000, 20_000, 160_000], True),
        (
            250_000,
            [100_000, 100_000, 100_000, 100_000, 900_000],
            True,
        ),  # the fifth quarter back counts no more
    ],
)
def test_a_quarter_hangs_on_a_deal(cast: Cast, amount: int, largest: list[int], hangs: bool) -> None:
    set_goal(cast, 1_000_000)
    for won, day in zip(largest, BEFORE, strict=False):
        make_deal(team=cast.north, status="won", amount=Decimal(won), close_date=day)
    deal = make_deal(team=cast.north, amount=Decimal(amount), close_date=date(2026, 12, 20))
    assert [hanging.deal.pk for hanging in read(cast).hanging] == ([deal.pk] if hangs else [])


@pytest.mark.parametrize(
    ("won", "other", "in_commit", "is_red"),
    [
        (300_000, 300_000, True, True),  # 300 + 300 + 400 - 400 = 600 thousand, below the goal of a million
        (300_000, 700_000, True, False),  # exactly the goal without it
        (300_000, 699_999, True, True),
        (0, 0, False, False),  # nobody stands behind it
    ],
)
def test_it_is_red_in_the_commit_where_the_goal_is_missed_without_it(
    cast: Cast, *, won: int, other: int, in_commit: bool, is_red: bool
) -> None:
    set_goal(cast, 1_000_000)
    make_revenue(team=cast.north, day=TODAY - timedelta(days=20), amount=won)
    deal = make_deal(team=cast.north, amount=Decimal(400_000), close_date=date(2026, 12, 20))
    second = make_deal(team=cast.north, amount=Decimal(other), close_date=date(2026, 12, 21))
    for committed in (deal, second) if in_commit else ():
        commit(cast, committed)
    assert {row.deal.pk: row.is_red for row in read(cast).hanging}[deal.pk] is is_red


def test_what_left_the_commit_or_is_of_another_period_is_not_red(cast: Cast) -> None:
    set_goal(cast, 1_000_000)
    deal = make_deal(team=cast.north, amount=Decimal(400_000), close_date=date(2026, 12, 20))
    commit(cast, deal, left_at=NOW)
    commit(cast, deal, period_start=date(2027, 1, 1), period_end=date(2027, 3, 31))
    assert [row.is_red for row in read(cast).hanging] == [False]


def test_a_goal_of_invoices_is_not_missed_for_a_deal(cast: Cast) -> None:
    set_goal(cast, 1_000_000)
    cast.north.revenue_kind = "invoiced"
    deal = make_deal(team=cast.north, amount=Decimal(400_000), close_date=date(2026, 12, 20))
    commit(cast, deal)
    assert [row.is_red for row in read(cast).hanging] == [False]


def commit(cast: Cast, deal: Deal, **fields: Any) -> None:
    CommittedDeal.objects.create(
        deal=deal,
        team=cast.north,
        **{
            "period_start": date(2026, 10, 1),
            "period_end": date(2026, 12, 31),
            "amount": deal.amount,
            "committed_at": NOW,
            "committed_on": TODAY,
        }
        | fields,
    )


def test_a_goal_of_nothing_hangs_on_nothing(cast: Cast) -> None:
    set_goal(cast, 0)
    make_deal(team=cast.north, amount=Decimal(900_000), close_date=TODAY)
    assert read(cast).hanging == ()


@pytest.mark.parametrize("number", [0, 1, 50])
def test_it_is_one_query(cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    create_deals(cast, number)
    with django_assert_num_queries(1):
        read_attention(cast.north, today=TODAY)


def test_the_moment_is_the_one_given(cast: Cast) -> None:
    """A deal opened after the day that is looked at is not counted then."""
    accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    create_deals(cast, 10)
    with time_machine.travel(NOW + timedelta(days=400)):
        assert read_attention(cast.north, today=TODAY + timedelta(days=400)).off == ()


def test_a_quarter_with_a_month_without_a_goal_hangs_on_nothing(cast: Cast) -> None:
    """A share of the goals of two months is no share of the quarter’s."""
    set_goal(cast, 1_000_000)
    deal = make_deal(team=cast.north, amount=Decimal(900_000), close_date=date(2026, 12, 20))
    assert [row.share for row in read(cast).hanging] == [90]
    Goal.objects.filter(team=cast.north, month=date(2026, 12, 1)).delete()
    assert deal.pk and read(cast).hanging == ()


@pytest.mark.parametrize(("day", "is_red"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True)])
def test_a_committed_deal_that_was_pushed_out_of_the_quarter_is_not_sure(
    cast: Cast, day: date, *, is_red: bool
) -> None:
    set_goal(cast, 1_000_000)
    deal = make_deal(team=cast.north, amount=Decimal(400_000), close_date=date(2026, 12, 20))
    pushed = make_deal(team=cast.north, amount=Decimal(1_000_000), close_date=day)
    for committed in (deal, pushed):
        commit(cast, committed)
    assert {row.deal.pk: row.is_red for row in read(cast).hanging}[deal.pk] is is_red
