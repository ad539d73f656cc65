"""How decided deals ended, hand-reckoned: won ÷ (won + lost) by count and by amount, and the median time to win."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from alignment.rules.periods import quarter_of
from deals.rules.mix import Bands
from deals.rules.wins_and_losses import (
    LOST,
    WON,
    DecidedDeal,
    by_band,
    by_lead_source,
    by_quarter,
    count_reasons,
    tally,
    tally_by,
)

DAY = date(2026, 8, 20)
BANDS = Bands(Decimal(20_000), Decimal(80_000))
MAVEN = Path(__file__).parents[4] / "shared" / "data" / "maven" / "sales_pipeline.csv"


def deal(status: str, amount: int | None = 100, days: int = 30, **facts: str) -> DecidedDeal:
    texts = {"lead_source": "", "reason_kind": ""} | facts
    worth = None if amount is None else Decimal(amount)
    return DecidedDeal(status, worth, DAY - timedelta(days=days), DAY, **texts)  # type: ignore[arg-type]


def deals(won: int, lost: int, amount: int | None = 100) -> list[DecidedDeal]:
    return [deal(WON, amount)] * won + [deal(LOST, amount)] * lost


@pytest.mark.parametrize(
    ("rows", "rate"),
    [
        ([], None),
        (deals(9, 0), None),  # nine are too few
        (deals(10, 0), 100),
        (deals(0, 10), 0),  # only lost ones
        (deals(5, 5), 50),
        (deals(1, 7) + deals(0, 2), 10),
        (deals(5, 3) + deals(0, 3), 45),  # 5 ÷ 11 = 45.45
        (deals(5, 35), 13),  # 12.5, half up
    ],
)
def test_the_rate_by_count_is_won_of_decided_from_ten_on(rows: list[DecidedDeal], rate: int | None) -> None:
    assert tally(rows).win_rate == rate


@pytest.mark.parametrize(
    ("rows", "rate"),
    [
        ([deal(WON, 300)] * 5 + [deal(LOST, 700)] * 5, 30),  # 1,500 ÷ 5,000
        ([deal(WON, 100)] * 9 + [deal(LOST, None)], 100),  # one of ten carries none: 900 ÷ 900
        ([deal(WON, 100)] * 8 + [deal(LOST, None)] * 2, None),  # two of ten carry none
        ([deal(WON, 100)] * 8 + [deal(LOST, 0)] * 2, None),  # nothing is no amount
        (deals(10, 10, amount=None), None),
        (deals(4, 5), None),
    ],
)
def test_the_rate_by_amount_needs_amounts_on_nearly_all(rows: list[DecidedDeal], rate: int | None) -> None:
    assert tally(rows).amount_rate == rate


def test_a_tally_counts_and_sums() -> None:
    result = tally([deal(WON, 250), deal(WON, None), deal(LOST, 40)])
    assert (result.won, result.lost, result.decided) == (2, 1, 3)
    assert (result.won_amount, result.lost_amount) == (Decimal(250), Decimal(40))
    assert result.without_amount == 1
    assert result.days is None


def test_time_to_win_is_the_median_of_ten_wins_and_losses_do_not_count() -> None:
    wins = [deal(WON, days=days) for days in (10, 20, 30, 40, 50, 60, 70, 80, 90, 1000)]
    assert tally([*wins, deal(LOST, days=1)]).days == 55
    assert tally(wins[1:]).days is None


def test_a_quarter_without_a_decision_stands_there_with_nothing() -> None:
    third, second = (quarter_of(day, first_month=1) for day in (DAY, date(2026, 5, 1)))
    result = by_quarter(deals(3, 2), (third, second))
    assert (result[third].decided, result[second].decided) == (5, 0)


def test_sizes_begin_at_their_amount_and_nothing_is_no_size() -> None:
    rows = [deal(WON, amount) for amount in (19_999, 20_000, 79_999, 80_000)]
    assert {band: row.won for band, row in by_band(rows, BANDS).items()} == {"small": 1, "mid": 2, "big": 1}
    assert by_band([*rows, deal(LOST, None), deal(LOST, 0)], BANDS)["none"].lost == 2


def test_lead_sources_come_with_the_most_decided_first_and_those_not_entered_last() -> None:
    rows = [deal(LOST)] * 3 + [deal(WON, lead_source="referral")] * 2 + [deal(LOST, lead_source="partner")]
    assert list(by_lead_source(rows)) == ["referral", "partner", ""]


def test_reasons_are_counted_by_frequency_then_money_and_those_without_come_last() -> None:
    rows = [
        *[deal(LOST, 10)] * 3,
        *[deal(LOST, 10, reason_kind="budget")] * 2,
        deal(LOST, 99, reason_kind="offer"),
        deal(LOST, 5, reason_kind="people"),
        deal(LOST, 1, reason_kind="a kind nobody knows"),
        deal(WON, 50, reason_kind="people"),
    ]
    counted = [(row.kind, row.number, str(row.amount)) for row in count_reasons(rows, LOST)]
    assert counted == [("budget", 2, "20"), ("offer", 1, "99"), ("people", 1, "5"), ("", 4, "31")]
    assert [row.kind for row in count_reasons(rows, WON)] == ["people"]


def practice_deals() -> tuple[list[DecidedDeal], list[str]]:
    """The decided deals of the practice file; `rep` is the place of the name in the second list."""
    names: list[str] = []
    rows = []
    for row in csv.DictReader(MAVEN.read_text().splitlines()):
        if row["deal_stage"] not in ("Won", "Lost"):
            continue
        if row["sales_agent"] not in names:
            names.append(row["sales_agent"])
        began, decided = (date.fromisoformat(row[day]) for day in ("engage_date", "close_date"))
        rep = names.index(row["sales_agent"])
        amount = Decimal(row["close_value"])
        rows.append(DecidedDeal(row["deal_stage"].lower(), amount, began, decided, "", "", rep))
    return rows, names


needs_practice_data = pytest.mark.skipif(not MAVEN.exists(), reason="The practice data is not here.")


@needs_practice_data
@pytest.mark.parametrize(
    ("month", "won", "decided", "rate", "days", "amount"),
    [
        (1, 531, 647, 82, 74, 1_134_672),
        (4, 1254, 2032, 62, 52, 3_086_111),
        (7, 1257, 2047, 61, 49, 2_982_255),
        (10, 1196, 1985, 60, 51, 2_802_496),
    ],
)
def test_the_quarters_of_the_practice_file_as_counted_apart_from_the_rule(
    month: int, won: int, decided: int, rate: int, days: int, amount: int
) -> None:
    """Counted with a spreadsheet's means: deals Won and Lost by close date, days from engage date to close date."""
    quarter = quarter_of(date(2017, month, 1), first_month=1)
    result = by_quarter(practice_deals()[0], (quarter,))[quarter]
    assert (result.won, result.decided, result.win_rate) == (won, decided, rate)
    assert (result.days, int(result.won_amount)) == (days, amount)
    assert result.amount_rate is None  # every lost deal is worth 0 there


@needs_practice_data
def test_the_sizes_and_reps_of_the_practice_file_as_counted_apart_from_the_rule() -> None:
    rows, names = practice_deals()
    sizes = by_band(rows, Bands(Decimal(1000), Decimal(5000)))
    assert {size: (row.won, int(row.won_amount), row.days) for size, row in sizes.items() if row.won} == {
        "small": (1857, 682_536, 60),
        "mid": (1724, 5_369_900, 55),
        "big": (657, 3_953_098, 55),
    }
    assert sizes["none"].lost == 2473
    reps = tally_by(rows, lambda deal: names[deal.rep or 0])
    counted: Callable[[str], tuple[int, int, int | None, int | None]] = lambda name: (  # noqa: E731
        reps[name].won,
        reps[name].decided,
        reps[name].win_rate,
        reps[name].days,
    )
    assert counted("Darcel Schlecht") == (349, 553, 63, 48)
    assert counted("Anna Snelling") == (208, 336, 62, 60)  # the median is 59.5
    assert counted("Hayden Neloms") == (107, 152, 70, 54)
    assert counted("Violet Mclelland") == (122, 193, 63, 71)
