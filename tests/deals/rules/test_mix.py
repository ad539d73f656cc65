"""The deal mix, reckoned by hand: shares, bands that are off, what a band takes and pays, and one deal too large."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from alignment.rules.periods import quarter_of
from deals.rules.mix import (
    Band,
    Bands,
    MixDeal,
    OffBand,
    actual_mix,
    adds_up,
    band_facts,
    bands_off,
    created_in_weeks_to,
    hangs_on,
    open_pay,
    won_between,
)
from deals.rules.time_to_win import days_to_go

TODAY = date(2026, 11, 23)
BANDS = Bands(Decimal(20_000), Decimal(80_000))
SMALL, MID, BIG = 10_000, 40_000, 100_000
TARGET = {Band.SMALL: 20, Band.MID: 50, Band.BIG: 30}


def deal(amount=MID, *, status="open", days_ago=10, took=None):
    created = TODAY - timedelta(days=days_ago)
    closed = None if took is None else created + timedelta(days=took)
    return MixDeal(None if amount is None else Decimal(amount), status, created, closed)


@pytest.mark.parametrize(
    ("amount", "band"),
    [(0, "small"), (19_999, "small"), (20_000, "mid"), (79_999, "mid"), (80_000, "big"), (9_000_000, "big")],
)
def test_a_threshold_belongs_to_the_larger_band(amount, band):
    assert BANDS.band_of(Decimal(amount)) == band


@pytest.mark.parametrize(
    ("amounts", "shares", "without"),
    [
        ([], (None, None, None), 0),
        ([None, 0], (None, None, None), 2),
        ([SMALL], (100, 0, 0), 0),
        ([SMALL, MID, None], (20, 80, 0), 1),
        ([SMALL, SMALL, BIG, BIG], (9, 0, 91), 0),
        # a half is rounded up: 12.5 and 87.5
        ([10_000, 70_000], (13, 88, 0), 0),
    ],
)
def test_shares_are_of_the_money_and_name_what_has_none(amounts, shares, without):
    mix = actual_mix([deal(amount) for amount in amounts], BANDS)
    assert tuple(mix.share(band) for band in Band) == shares
    assert mix.without_amount == without


@pytest.mark.parametrize(
    ("shares", "is_whole"),
    [
        ((20, 50, 30), True),
        ((0, 0, 100), True),
        ((20, 50, 31), False),
        ((-10, 60, 50), False),
        ((0, 0, 0), False),
    ],
)
def test_a_target_adds_up_to_a_hundred(shares, is_whole):
    assert adds_up(dict(zip(Band, shares, strict=True))) is is_whole


@pytest.mark.parametrize(
    ("days_ago", "counts"), [(0, True), (90, True), (91, False), (400, False), (-1, False)]
)
def test_created_counts_over_thirteen_weeks(days_ago, counts):
    assert bool(created_in_weeks_to([deal(days_ago=days_ago)], TODAY)) is counts


def test_won_counts_on_the_day_it_was_won():
    rows = [deal(status="won", days_ago=100, took=took) for took in (0, 60, 99)]
    rows += [deal(status="lost", days_ago=100, took=60), deal(status="won", days_ago=5)]
    assert len(won_between(rows, quarter_of(TODAY, first_month=1))) == 2


def created(*, small=0, mid=0, big=0, days_ago=40):
    """Deals that are in the windows of all four weeks."""
    return [
        deal(amount, days_ago=days_ago)
        for amount, number in ((SMALL, small), (MID, mid), (BIG, big))
        for _ in range(number)
    ]


@pytest.mark.parametrize(
    ("deals", "off"),
    [
        # 40 + 160 + 0 of 200: 20 / 80 / 0
        (created(small=4, mid=4), [("mid", 80, 50), ("big", 0, 30)]),
        # 20 + 80 + 400 of 500: 4 / 16 / 80
        (created(small=2, mid=2, big=4), [("big", 80, 30), ("mid", 16, 50), ("small", 4, 20)]),
        # 60 + 160 + 100 of 320: 19 / 50 / 31
        (created(small=6, mid=4, big=1), []),
        # seven deals say nothing
        (created(mid=7), []),
        # off now, but three weeks ago there were too few
        (created(mid=4) + created(mid=8, days_ago=10), []),
        # today's only: a week ago the mix was as agreed
        (created(small=6, mid=4, big=1) + created(big=6, days_ago=3), []),
        ([], []),
    ],
)
def test_a_band_is_off_when_it_was_off_for_four_weeks(deals, off):
    found = bands_off(deals, BANDS, TARGET, today=TODAY)
    assert [(row.band, row.share, row.target) for row in found] == off


def test_fifteen_points_are_off_and_fourteen_are_not():
    deals = created(small=2, mid=13, big=1)  # 20 + 520 + 100 of 640: 3 / 81 / 16
    assert OffBand(Band.MID, 81, 66) in bands_off(deals, BANDS, {**TARGET, Band.MID: 66}, today=TODAY)
    assert not [
        row for row in bands_off(deals, BANDS, {**TARGET, Band.MID: 67}, today=TODAY) if row.band == "mid"
    ]


@pytest.mark.parametrize(
    ("won", "lost", "took", "rate", "days", "quarter"),
    [
        (10, 0, 60, 100, 60, date(2027, 1, 1)),
        (10, 20, 30, 33, 30, date(2026, 10, 1)),
        (9, 1, 60, 90, None, None),
        (5, 4, 60, None, None, None),
        (12, 0, 0, 100, None, None),
        (0, 0, 60, None, None, None),
    ],
    ids=["next quarter", "this quarter", "too few wins", "too few decided", "entered when won", "none"],
)
def test_what_a_band_takes_and_when_it_pays(won, lost, took, rate, days, quarter):
    deals = [deal(BIG, status="won", days_ago=200, took=took) for _ in range(won)]
    deals += [deal(BIG, status="lost", days_ago=200, took=5) for _ in range(lost)]
    facts = {row.band: row for row in band_facts(deals, BANDS, today=TODAY, first_month=1)}[Band.BIG]
    assert (facts.win_rate, facts.days) == (rate, days)
    expected = None if quarter is None else quarter_of(quarter, first_month=1)
    assert facts.pays_in == expected


def test_open_deals_would_pay_by_their_age_and_how_long_wins_took():
    """Big ones take 60 days: one of 60 days is due today, older ones say nothing; mid-size ones were never won."""
    deals = [deal(BIG, status="won", days_ago=200, took=60) for _ in range(10)]
    deals += [deal(BIG, days_ago=age) for age in (60, 59, 61, 300)]
    deals += [deal(BIG + 1, days_ago=10), deal(MID), deal(None), deal(BIG, status="lost", took=5)]
    pays = {row.band: row for row in open_pay(deals, BANDS, today=TODAY, first_month=1)}
    big, mid = pays[Band.BIG], pays[Band.MID]
    assert (big.days, big.total.number, big.total.amount) == (60, 5, 5 * BIG + 1)
    quarters = [(quarter.label, total.number, total.amount) for quarter, total in big.by_quarter]
    assert quarters == [("Q4 2026", 2, 2 * BIG), ("Q1 2027", 1, BIG + 1)]
    assert (big.oldest.number, big.oldest.amount) == (2, 2 * BIG)
    assert (mid.days, mid.total.number, mid.by_quarter, mid.oldest.number) == (None, 1, (), 0)
    assert pays[Band.SMALL].total.number == 0


@pytest.mark.parametrize(
    ("age", "days"),
    [  # wins that took 10, 20, … 100 days
        (0, 55),  # the median of all of them
        (10, 45),
        (11, 49),  # 20 to 100: 60
        (40, 30),  # 40 to 100: 70
        (45, 30),  # 50 to 100: 75
        (55, 25),  # 60 to 100: 80
        (60, 20),
        (61, None),  # only four took longer
        (400, None),
    ],
)
def test_a_deal_takes_as_much_longer_as_wins_did_that_lasted_as_long(age, days):
    assert days_to_go(range(10, 101, 10), age) == days


@pytest.mark.parametrize(
    ("amount", "goal", "largest", "hangs"),
    [
        (210_000, 1_000_000, [100_000, 120_000], True),
        (210_000, 1_000_000, [100_000, 300_000], False),  # 1.5 times the median of 200,000
        (200_000, 1_000_000, [100_000], False),
        (300_000, 1_000_000, [], False),
        (301_000, 1_000_000, [], True),
        (301_000, 0, [], False),
        (301_000, None, [], False),
    ],
)
def test_a_quarter_hangs_on_a_deal_that_is_large_for_the_goal_and_for_the_team(amount, goal, largest, hangs):
    stated = None if goal is None else Decimal(goal)
    assert hangs_on(Decimal(amount), goal=stated, largest_won=list(map(Decimal, largest))) is hangs
