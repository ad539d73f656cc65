"""How much open pipeline the rest of the goal needs: reckoned by hand, and on the practice data.

The formula is FIELD's: needed = still to win × (1 − create-and-close) ÷ yield.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from alignment.rules.periods import Period, quarter_of
from deals.rules.coverage import Amount, Coverage, DateMove, PipelineDeal, cover, own_rates, win_rate
from deals.rules.pace import quarters_before

TODAY = date(2026, 11, 23)
"""Day 53 of the fourth quarter; so were 23 August, 24 May, 23 February 2026 and 23 November 2025."""
MAVEN = Path(__file__).parents[4] / "shared" / "data" / "maven" / "sales_pipeline.csv"


def quarter(day: date) -> Period:
    return quarter_of(day, first_month=1)


Q4 = quarter(TODAY)
PAST = quarters_before(Q4, first_month=1)


def deal(
    status: str,
    amount: int | None,
    began: date,
    close: date | None,
    *moves: tuple[date, date | None],
) -> PipelineDeal:
    money = None if amount is None else Decimal(amount)
    return PipelineDeal(1, status, money, began, close, tuple(DateMove(*move) for move in moves))


def covered(
    *deals: PipelineDeal, still: int = 100, known_from: date | None = date(2025, 1, 1), today: date = TODAY
) -> Coverage:
    this = quarter(today)
    past = quarters_before(this, first_month=1)
    rates = own_rates(deals, quarter=this, past=past, today=today, known_from=known_from)
    return cover(deals, rates, still_to_win=Decimal(still), quarter=this)


JUN, AUG, SEP, DEC = date(2026, 6, 1), date(2026, 8, 30), date(2026, 9, 20), date(2026, 12, 10)


def third_quarter(won: int, slipped: int, lost: int, created: int) -> list[PipelineDeal]:
    """Deals of 10 each: open on 23 August with a date in Q3, and what became of them; `created` came after it."""
    return [
        *[deal("won", 10, JUN, SEP)] * won,
        *[deal("open", 10, JUN, DEC, (date(2026, 9, 28), SEP))] * slipped,
        *[deal("lost", 10, JUN, SEP)] * lost,
        *[deal("won", 10, AUG, SEP)] * created,
    ]


def test_one_past_quarter_as_reckoned_by_hand() -> None:
    """Open then: 5 won, 12 slipped, 3 lost = 20 deals, 200. Won of it: 50, a quarter. Won after it: 50 + 50 that
    did not exist: half. Still to win 100 × (1 − 0.5) ÷ 0.25 = 200. Open now with a date in Q4: 12 slipped ones, 120.
    """
    result = covered(*third_quarter(5, 12, 3, 5))
    rates = result.rates
    assert (rates.number, rates.is_dated, rates.by_count) == (20, True, False)
    assert (rates.yield_share, rates.create_and_close) == (Decimal("0.25"), Decimal("0.5"))
    assert (result.needed, result.missing) == (200, 80)
    assert (result.ratio, result.share_of_needed) == (Decimal("1.2"), Decimal("0.6"))


@pytest.mark.parametrize(
    ("open_now", "without", "missing", "ratio"),
    [
        ([None] * 3, 3, None, None),
        ([None] * 3 + [10] * 8, 3, None, "0.8"),
        ([None] * 3 + [100] * 8, 3, 0, "8"),
        ([None] + [10] * 9, 1, 110, "0.9"),
        ([10] * 9, 0, 110, "0.9"),
    ],
    ids=["none has one", "too many have none", "the others are enough", "a tenth has none", "all have one"],
)
def test_what_is_missing_is_not_said_where_open_deals_carry_no_amount(
    open_now: list[int | None], without: int, missing: int | None, ratio: str | None
) -> None:
    """5 of 20 won in Q3, and half of what was won after came later: 100 × 0.5 ÷ 0.25 = 200 are needed."""
    past = [
        *[deal("won", 10, JUN, SEP)] * 5,
        *[deal("lost", 10, JUN, SEP)] * 15,
        *[deal("won", 10, AUG, SEP)] * 5,
    ]
    result = covered(*past, *[deal("open", amount, SEP, DEC) for amount in open_now])
    assert result.needed == 200
    assert (result.without_amount, result.missing) == (without, missing)
    assert result.ratio == (None if ratio is None else Decimal(ratio))


def test_one_deal_fewer_is_too_few() -> None:
    result = covered(*third_quarter(5, 11, 3, 5))
    assert (result.rates.number, result.rates.is_enough) == (19, False)
    assert (result.needed, result.share_of_needed, result.missing) == (None, None, None)
    assert (result.rates.is_dated, result.ratio) == (True, Decimal("1.1"))


def test_the_median_of_four_quarters_is_between_the_middle_two() -> None:
    """Yields 1/5, 2/5, 3/5 and 4/5 of five deals each: 1/2."""
    deals = []
    for won, past in enumerate(PAST[:4], 1):
        closes = past.end
        began = past.start
        deals += [deal("won", 10, began, closes)] * won + [deal("lost", 10, began, closes)] * (5 - won)
    rates = own_rates(deals, quarter=Q4, past=PAST, today=TODAY, known_from=date(2025, 1, 1))
    assert [rates.yield_in(quarter) for quarter in rates.quarters] == [
        Decimal("0.2"),
        Decimal("0.4"),
        Decimal("0.6"),
        Decimal("0.8"),
    ]
    assert rates.yield_share == Decimal("0.5")
    assert rates.create_and_close == 0


def test_a_close_date_counts_as_it_was_known_on_the_day() -> None:
    """Pulled into Q3 after the day: not open for Q3 then, however it was won there."""
    pulled = deal("won", 10, JUN, SEP, (date(2026, 9, 1), DEC))
    rates = own_rates(
        [*third_quarter(5, 12, 3, 0), pulled], quarter=Q4, past=PAST, today=TODAY, known_from=date(2025, 1, 1)
    )
    [third] = [quarter for quarter in rates.quarters if quarter.was_open.number]
    assert (third.was_open, third.won_of_it) == (Amount(Decimal(200), 20), Amount(Decimal(50), 5))
    assert third.won_after == Amount(Decimal(60), 6)
    assert third.created_after == Amount()


@pytest.mark.parametrize(("empty", "by_count"), [(0, False), (2, False), (3, True)])
def test_where_deals_carry_no_amount_it_is_by_count(empty: int, by_count: bool) -> None:
    """Two of twenty are a tenth, three are more."""
    deals = [*third_quarter(5, 15 - empty, 0, 0), *[deal("lost", None, JUN, SEP)] * empty]
    result = covered(*deals)
    assert result.rates.by_count is by_count
    assert result.rates.yield_share == (Decimal("0.25") if by_count or not empty else Decimal(50) / 180)


def test_quarters_before_the_deals_were_known_look_at_all_that_was_open() -> None:
    """Nobody knows which date they had: the open pipeline is then all that is open, too."""
    result = covered(*third_quarter(5, 12, 3, 5), deal("open", 30, JUN, None), known_from=TODAY)
    assert (result.rates.is_dated, result.rates.number) == (False, 21)
    assert result.pipeline == Amount(Decimal(150), 13)
    assert result.rates.yield_share == Decimal(50) / 230


def test_deals_known_from_the_middle_of_a_quarter_tell_only_of_later_ones() -> None:
    rates = covered(*third_quarter(5, 12, 3, 5), known_from=date(2026, 8, 1)).rates
    assert [quarter.quarter.label for quarter in rates.quarters] == ["Q3 2026"]


@pytest.mark.parametrize(("still", "ratio"), [(0, None), (-40, None), (60, Decimal(2))])
def test_nothing_left_to_win_needs_nothing(still: int, ratio: Decimal | None) -> None:
    result = covered(*third_quarter(5, 12, 3, 5), still=still)
    assert result.ratio == ratio
    assert (result.needed is None) is (still <= 0)


def test_where_nothing_was_ever_won_in_time_there_is_no_need_to_reckon() -> None:
    result = covered(*third_quarter(0, 17, 3, 0))
    assert (result.rates.yield_share, result.rates.create_and_close) == (0, None)
    assert (result.needed, result.missing) == (None, None)


def test_no_deals_at_all() -> None:
    result = covered()
    assert (result.rates.number, result.pipeline, result.ratio, result.needed) == (0, Amount(), 0, None)


def test_withdrawn_deals_were_never_there() -> None:
    withdrawn = [deal("withdrawn", 10, JUN, None)] * 30
    assert covered(*withdrawn).rates.number == 0


@pytest.mark.parametrize(
    ("won", "lost", "empty", "by_count", "for_money"),
    [
        (4, 5, 0, None, None),
        (4, 6, 0, Decimal("0.4"), Decimal("0.25")),
        (4, 4, 2, Decimal("0.4"), Decimal("0.4")),
    ],
)
def test_the_win_rate_is_won_of_decided(won, lost, empty, by_count, for_money) -> None:
    """Won ones are of 10, lost ones of 20: 40 of 160 is a quarter by amount."""
    deals = [
        *[deal("won", 10, JUN, SEP)] * won,
        *[deal("lost", 20, JUN, SEP)] * lost,
        *[deal("lost", None, JUN, SEP)] * empty,
        deal("open", 10, JUN, SEP),
        deal("won", 10, JUN, DEC),
    ]
    rate = win_rate(deals, since=JUN, until=TODAY)
    assert rate.decided.number == won + lost + empty
    assert (rate.by_count, rate.for_money) == (by_count, for_money)


def practice_deals() -> list[PipelineDeal]:
    """Open ones have no amount and no date, lost ones an amount of 0; 500 have no beginning and are left out."""
    statuses = {"Won": "won", "Lost": "lost"}
    return [
        PipelineDeal(
            pk,
            statuses.get(row["deal_stage"], "open"),
            Decimal(row["close_value"]) if row["close_value"] else None,
            date.fromisoformat(row["engage_date"]),
            date.fromisoformat(row["close_date"]) if row["close_date"] else None,
        )
        for pk, row in enumerate(csv.DictReader(MAVEN.read_text().splitlines()))
        if row["engage_date"]
    ]


@pytest.mark.skipif(not MAVEN.exists(), reason="The practice data is not here.")
def test_the_practice_data_as_counted_apart_from_the_rule() -> None:
    """As of 15 February 2018, so 45 days into each quarter of 2017, the newest first, by count: it has no dates and no
    amounts of what is open or lost. Open then 2388, 2284, 1600, 905; won of it 554, 555, 582, 391; won after it 712,
    721, 745, 531, of which 158, 166, 163, 140 did not exist. Medians: 277161/913600 and 116055/513352;
    a million × (1 − 116055/513352) ÷ (277161/913600) = 2,551,079.53.
    """
    deals = practice_deals()
    result = covered(*deals, still=1_000_000, known_from=None, today=date(2018, 2, 15))
    rates = result.rates
    assert [quarter.day.isoformat() for quarter in rates.quarters] == [
        "2017-11-15",
        "2017-08-15",
        "2017-05-16",
        "2017-02-15",
    ]
    assert [quarter.was_open.number for quarter in rates.quarters] == [2388, 2284, 1600, 905]
    assert [quarter.won_of_it.number for quarter in rates.quarters] == [554, 555, 582, 391]
    assert [quarter.won_after.number for quarter in rates.quarters] == [712, 721, 745, 531]
    assert [quarter.created_after.number for quarter in rates.quarters] == [158, 166, 163, 140]
    assert (rates.is_dated, rates.by_count) == (False, True)
    assert float(rates.yield_share or 0) == pytest.approx(float(Fraction(277161, 913600)))
    assert float(rates.create_and_close or 0) == pytest.approx(float(Fraction(116055, 513352)))
    assert result.needed == Decimal("2551079.53")
    rate = win_rate(deals, since=date(2016, 1, 1), until=date(2018, 1, 1))
    assert (rate.won, rate.decided.number) == (Amount(Decimal(10_005_534), 4238), 6711)
    assert (rate.without_amount, rate.is_by_amount) == (2473, False)
    assert round(rate.by_count or 0, 4) == Decimal("0.6315")
