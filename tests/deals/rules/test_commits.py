"""What came of committed deals. Every figure here is reckoned by hand with the formulas in deals.rules.commits."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.rules.periods import Period, quarter_of
from deals.rules.commits import (
    Commit,
    Outcome,
    Removal,
    Result,
    Share,
    Tally,
    Win,
    days_late,
    from_outside,
    hit_rate,
    is_late,
    judge,
    point_apart,
    result_of,
)

Q4 = quarter_of(date(2026, 11, 1), first_month=1)
AFTER = date(2027, 1, 20)
DURING = date(2026, 11, 20)


def committed(**fields: Any) -> Commit:
    return Commit(
        **{
            "deal": 1,
            "period": Q4,
            "amount": Decimal(100),
            "close_date": date(2026, 12, 10),
            "committed_on": date(2026, 10, 5),
            "status": "open",
            "closed_on": date(2026, 12, 10),
        }
        | fields
    )


def closed(status: str, day: date, **fields: Any) -> Commit:
    return committed(status=status, closed_on=day, **fields)


CASES = [
    # won
    ("won in the period", closed("won", date(2026, 12, 1)), AFTER, Result(Outcome.WON, date(2026, 12, 1))),
    ("on its first day", closed("won", date(2026, 10, 1)), AFTER, Result(Outcome.WON, date(2026, 10, 1))),
    ("on its last day", closed("won", date(2026, 12, 31)), AFTER, Result(Outcome.WON, date(2026, 12, 31))),
    ("while it runs", closed("won", date(2026, 11, 2)), DURING, Result(Outcome.WON, date(2026, 11, 2))),
    (
        "won on a day still to come: today",
        closed("won", date(2026, 12, 24)),
        DURING,
        Result(Outcome.WON, DURING),
    ),
    (
        "won in the period and then handed over",
        closed("won", date(2026, 11, 2), away_on=date(2026, 11, 9)),
        AFTER,
        Result(Outcome.WON, date(2026, 11, 2)),
    ),
    (
        "won and handed over on the same day",
        closed("won", date(2026, 11, 2), away_on=date(2026, 11, 2)),
        AFTER,
        Result(Outcome.WON, date(2026, 11, 2)),
    ),
    # slipped
    ("still open after it", committed(), AFTER, Result(Outcome.SLIPPED)),
    ("a day after it", committed(), date(2027, 1, 1), Result(Outcome.SLIPPED)),
    ("won later", closed("won", date(2027, 1, 2)), AFTER, Result(Outcome.SLIPPED, date(2027, 1, 2))),
    ("lost later", closed("lost", date(2027, 1, 2)), AFTER, Result(Outcome.SLIPPED, date(2027, 1, 2))),
    (
        "withdrawn only after it",
        committed(status="withdrawn", withdrawn_on=date(2027, 1, 5)),
        AFTER,
        Result(Outcome.SLIPPED),
    ),
    ("handed over only after it", committed(away_on=date(2027, 1, 5)), AFTER, Result(Outcome.SLIPPED)),
    (
        "handed over after it and won there",
        closed("won", date(2027, 1, 9), away_on=date(2027, 1, 5)),
        AFTER,
        Result(Outcome.SLIPPED),
    ),
    ("without a close date", committed(closed_on=None, close_date=None), AFTER, Result(Outcome.SLIPPED)),
    # lost
    ("lost in the period", closed("lost", date(2026, 12, 1)), AFTER, Result(Outcome.LOST, date(2026, 12, 1))),
    ("lost before it", closed("lost", date(2026, 9, 1)), AFTER, Result(Outcome.LOST, date(2026, 9, 1))),
    # removed
    (
        "withdrawn in the period",
        committed(status="withdrawn", withdrawn_on=date(2026, 11, 3)),
        AFTER,
        Result(Outcome.REMOVED, date(2026, 11, 3), Removal.WITHDRAWN),
    ),
    (
        "merged into another committed deal",
        committed(status="withdrawn", withdrawn_on=date(2026, 11, 3), is_merged=True),
        AFTER,
        Result(Outcome.REMOVED, date(2026, 11, 3), Removal.MERGED),
    ),
    (
        "handed over",
        committed(away_on=date(2026, 11, 3)),
        AFTER,
        Result(Outcome.REMOVED, date(2026, 11, 3), Removal.HANDED_OVER),
    ),
    (
        "handed over and won there in the period",
        closed("won", date(2026, 12, 3), away_on=date(2026, 11, 3)),
        AFTER,
        Result(Outcome.REMOVED, date(2026, 11, 3), Removal.HANDED_OVER),
    ),
    (
        "handed over, then withdrawn",
        committed(status="withdrawn", withdrawn_on=date(2026, 12, 3), away_on=date(2026, 11, 3)),
        AFTER,
        Result(Outcome.REMOVED, date(2026, 11, 3), Removal.HANDED_OVER),
    ),
    (
        "won before it began",
        closed("won", date(2026, 9, 28)),
        AFTER,
        Result(Outcome.REMOVED, date(2026, 9, 28), Removal.EARLIER),
    ),
    (
        "expected before it, and it has not begun",
        committed(closed_on=date(2026, 9, 20), committed_on=date(2026, 9, 14)),
        date(2026, 9, 18),
        Result(Outcome.REMOVED, None, Removal.EARLIER),
    ),
    # open
    ("open while it runs", committed(), DURING, Result(Outcome.OPEN)),
    ("on its last day", committed(), date(2026, 12, 31), Result(Outcome.OPEN)),
    ("pushed past it while it runs", committed(closed_on=date(2027, 2, 1)), DURING, Result(Outcome.OPEN)),
    ("overdue from before it", committed(closed_on=date(2026, 9, 20)), DURING, Result(Outcome.OPEN)),
    ("before it begins", committed(), date(2026, 9, 20), Result(Outcome.OPEN)),
]


@pytest.mark.parametrize(
    ("commit", "today", "result"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_the_outcome_goes_by_the_day_it_was_decided(commit: Commit, today: date, result: Result) -> None:
    assert result_of(commit, today=today) == result


def test_a_win_that_an_import_brings_after_the_period_counts_by_its_day() -> None:
    """Read on 20 January it had slipped; the import of 25 January says it was won on 30 December."""
    assert result_of(committed(), today=AFTER).outcome == Outcome.SLIPPED
    won = closed("won", date(2026, 12, 30))
    assert result_of(won, today=date(2027, 1, 25)) == Result(Outcome.WON, date(2026, 12, 30))


@pytest.mark.parametrize(
    ("commit", "late"),
    [
        (closed("won", date(2026, 12, 1), committed_on=date(2026, 11, 17)), False),  # 14 days
        (closed("won", date(2026, 12, 1), committed_on=date(2026, 11, 18)), True),  # 13 days
        (closed("won", date(2026, 12, 1), committed_on=date(2026, 12, 3)), True),  # it was won before
        (closed("lost", date(2026, 12, 1), committed_on=date(2026, 11, 18)), True),
        (committed(committed_on=date(2026, 12, 17)), False),  # 14 days before 31 December
        (committed(committed_on=date(2026, 12, 18)), True),
        # won on 5 January: in the period it was neither won nor lost, so its last day counts
        (closed("won", date(2027, 1, 5), committed_on=date(2026, 12, 20)), True),
    ],
)
def test_a_commit_shortly_before_the_decision_is_a_late_add(commit: Commit, late: bool) -> None:
    assert is_late(commit, result_of(commit, today=AFTER)) is late


@pytest.mark.parametrize(
    ("commit", "days"),
    [
        (closed("won", date(2026, 12, 15)), 5),
        (closed("won", date(2026, 12, 1)), -9),
        (closed("won", date(2026, 12, 1), close_date=None), None),
        (closed("lost", date(2026, 12, 1)), None),
        (closed("won", date(2027, 1, 2)), None),
        (committed(), None),
    ],
)
def test_a_win_is_early_or_late_against_the_committed_date(commit: Commit, days: int | None) -> None:
    assert days_late(commit, result_of(commit, today=AFTER)) == days


def rate_of(*commits: Commit, today: date = AFTER) -> Share:
    return hit_rate(judge(commits, today=today)).share


WON, LOST = closed("won", date(2026, 12, 1)), closed("lost", date(2026, 12, 1))


def test_the_hit_rate_is_won_of_won_slipped_and_lost() -> None:
    """6 won, 3 slipped, 1 lost: 6 ÷ 10. By amount 6×100 ÷ (6×100 + 3×300 + 100) = 600 ÷ 1,600 = 37.5 → 38 %."""
    slipped = committed(amount=Decimal(300))
    share = rate_of(*[WON] * 6, *[slipped] * 3, LOST)
    assert (share.part.number, share.whole.number) == (6, 10)
    assert (share.by_count, share.by_amount) == (60, 38)


def test_below_ten_decided_there_is_no_percentage() -> None:
    share = rate_of(*[WON] * 9)
    assert (share.whole.number, share.by_count, share.by_amount) == (9, None, None)


def test_removed_open_and_late_deals_count_in_neither_part() -> None:
    gone = committed(status="withdrawn", withdrawn_on=date(2026, 11, 3))
    late = closed("won", date(2026, 12, 1), committed_on=date(2026, 11, 30))
    rate = hit_rate(judge([WON, gone, late], today=AFTER))
    assert (rate.share.part.number, rate.share.whole.number) == (1, 1)
    assert rate.counted[Outcome.REMOVED].number == 1
    assert rate.late == Tally(1, Decimal(100), 0)


def test_a_late_add_that_is_removed_is_only_removed() -> None:
    gone = committed(status="withdrawn", withdrawn_on=date(2026, 12, 30), committed_on=date(2026, 12, 28))
    rate = hit_rate(judge([gone], today=AFTER))
    assert (rate.counted[Outcome.REMOVED].number, rate.late.number) == (1, 0)


def test_a_period_with_only_lost_deals_has_a_rate_of_nothing() -> None:
    assert rate_of(*[LOST] * 10).by_count == 0


def test_deals_without_an_amount_count_by_number_alone() -> None:
    """12 decided, 3 of them without an amount: nine with one are too few for a rate by amount."""
    share = rate_of(*[WON] * 9, *[WON._replace(amount=None)] * 3)
    assert (share.by_count, share.by_amount) == (100, None)
    assert share.whole == Tally(12, Decimal(900), 3)


def test_amounts_of_nothing_divide_by_nothing() -> None:
    share = rate_of(*[WON._replace(amount=Decimal(0))] * 12)
    assert (share.by_count, share.by_amount) == (100, None)


BEGAN = date(2026, 1, 5)


def outside_of(wins: list[Win], commits: list[Commit], began_on: date = BEGAN) -> Any:
    return from_outside(wins, commits, Q4, began_on=began_on)


def test_a_win_that_was_not_committed_two_weeks_before_came_from_outside() -> None:
    """Of four wins of the quarter 1 was committed in time, 2 thirteen days before, 3 never, 4 in January."""
    wins = [
        Win(1, Decimal(100), date(2026, 12, 1)),
        Win(2, Decimal(200), date(2026, 12, 1)),
        Win(3, Decimal(50), date(2026, 12, 1)),
        Win(4, Decimal(70), date(2027, 1, 2)),
    ]
    commits = [
        committed(deal=1, committed_on=date(2026, 11, 17)),
        committed(deal=2, committed_on=date(2026, 11, 18)),
    ]
    found = outside_of(wins, commits)
    assert [win.deal for win in found.wins] == [2, 3]
    assert found.share == Share(Tally(2, Decimal(250)), Tally(3, Decimal(350)))
    assert found.share.by_count is None


def test_a_deal_that_left_the_commit_and_is_won_did_not_come_from_outside() -> None:
    """Leaving changes no outcome: a Commit does not even know of it."""
    assert not outside_of([Win(1, None, date(2026, 12, 30))], [committed()]).wins


def test_what_was_won_before_anything_could_be_committed_counts_nowhere() -> None:
    """Calls began on 10 November: a win of 23 November is 13 days after it, one of the 24th 14."""
    wins = [Win(1, Decimal(10), date(2026, 11, 23)), Win(2, Decimal(20), date(2026, 11, 24))]
    found = outside_of(wins, [], began_on=date(2026, 11, 10))
    assert [win.deal for win in found.wins] == [2]
    assert (found.all_wins.number, found.unjudged) == (1, Tally(1, Decimal(10)))


def test_without_a_win_there_is_no_share() -> None:
    found = outside_of([], [committed()])
    assert (found.share.by_count, found.share.by_amount, found.all_wins.number) == (None, None, 0)


def test_a_hundred_per_cent_and_sixty_from_outside_stand_side_by_side() -> None:
    """Four deals committed and all won, six won that nobody committed: 100 % of four (too few), 6 of 10 = 60 %."""
    commits = [WON._replace(deal=number) for number in range(4)]
    wins = [Win(number, Decimal(100), date(2026, 12, 1)) for number in range(10)]
    assert rate_of(*commits).part == rate_of(*commits).whole
    assert outside_of(wins, commits).share.by_count == 60


days = st.dates(date(2026, 8, 1), date(2027, 3, 1))
amounts = st.none() | st.decimals(0, 10**9, places=2)
commits_drawn = st.lists(
    st.builds(
        Commit,
        deal=st.integers(0, 30),
        period=st.just(Q4),
        amount=amounts,
        close_date=st.none() | days,
        committed_on=days,
        status=st.sampled_from(["open", "won", "lost", "withdrawn"]),
        closed_on=st.none() | days,
        away_on=st.none() | days,
        withdrawn_on=st.none() | days,
        is_merged=st.booleans(),
    ),
    max_size=40,
)
wins_drawn = st.lists(
    st.builds(Win, deal=st.integers(0, 30), amount=amounts, day=days),
    max_size=40,
    unique_by=lambda win: win.deal,
).map(lambda wins: sorted(wins, key=lambda win: win.day))


@given(commits_drawn, wins_drawn, days, days)
def test_the_parts_add_up_and_no_share_is_out_of_bounds(
    commits: list[Commit], wins: list[Win], today: date, began_on: date
) -> None:
    judged = judge(commits, today=today)
    rate = hit_rate(judged)
    whole = sum(rate.counted.values(), rate.late)
    assert whole == Tally.of(commit.amount for commit in commits)
    found = from_outside(wins, commits, Q4, began_on=began_on)
    assert (found.all_wins + found.unjudged) == Tally.of(win.amount for win in wins if Q4.contains(win.day))
    for share in (rate.share, found.share, rate.share + found.share):
        for per_cent in (share.by_count, share.by_amount):
            assert per_cent is None or 0 <= per_cent <= 100


@given(commits_drawn, days)
def test_once_the_period_is_over_nothing_is_open(commits: list[Commit], today: date) -> None:
    over = today + timedelta(days=200)
    assert all(row.result.outcome != Outcome.OPEN for row in judge(commits, today=over))


@pytest.mark.parametrize("first_month", range(1, 13))
def test_what_was_committed_keeps_its_days_when_the_fiscal_year_changes(first_month: int) -> None:
    period = quarter_of(date(2026, 11, 1), first_month=first_month)
    commit = committed(period=period, status="won", closed_on=period.end, committed_on=period.start)
    assert result_of(commit, today=period.end).outcome == Outcome.WON
    assert isinstance(period, Period)


@pytest.mark.parametrize(
    ("hit", "outside", "is_apart"),
    [
        ((10, 10), (6, 10), True),  # 100 % and 60 %: sandbagging
        ((75, 100), (40, 100), True),
        ((74, 100), (40, 100), False),
        ((75, 100), (39, 100), False),
        ((9, 9), (6, 10), False),  # too few committed
        ((10, 10), (6, 9), False),  # too few wins
        ((3, 10), (1, 10), False),
        ((0, 0), (0, 0), False),
    ],
)
def test_the_two_rates_point_apart_where_most_came_and_much_was_not_committed(
    hit: tuple[int, int], outside: tuple[int, int], is_apart: bool
) -> None:
    def share(part: int, whole: int) -> Share:
        return Share(Tally(part, Decimal(part)), Tally(whole, Decimal(whole)))

    assert point_apart(share(*hit), share(*outside)) == is_apart
    without_amounts = [
        Share(Tally(n, without_amount=n), Tally(w, without_amount=w)) for n, w in (hit, outside)
    ]
    assert point_apart(*without_amounts) == is_apart
