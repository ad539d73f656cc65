import itertools
from datetime import date

import pytest

from deals.rules.changes import Change
from deals.rules.slips import Push, is_date_unreliable, pushes, slipped, stated_dates, unexplained_push

TODAY = date(2026, 11, 20)


def change(field: str, old: str, new: str, *, day: date = TODAY, reason: str = "") -> Change:
    return Change(field, old, new, day, reason)


def test_the_trail_keeps_every_close_date_and_ends_with_the_present_one() -> None:
    changes = [
        change("close_date", "2026-11-30", "2026-12-11", day=date(2026, 11, 2)),
        change("close_date", "2026-10-15", "2026-11-30", day=date(2026, 10, 5)),
        change("amount", "1", "2"),
    ]
    trail = (date(2026, 10, 15), date(2026, 11, 30), date(2026, 12, 11))
    assert stated_dates(changes, current=date(2026, 12, 11)) == trail
    assert stated_dates(changes, current=None) == trail
    assert stated_dates(changes, current=date(2027, 1, 15)) == (*trail, date(2027, 1, 15))


def test_a_deal_that_never_moved_has_one_promise_or_none() -> None:
    assert stated_dates([], current=TODAY) == (TODAY,)
    assert stated_dates([], current=None) == ()
    assert stated_dates([change("close_date", "", "2026-11-20")], current=TODAY) == (TODAY,)


@pytest.mark.parametrize(
    ("old", "new", "days", "counts"),
    [
        ("2026-11-20", "2026-11-23", 3, False),
        ("2026-11-20", "2026-11-24", 4, True),
        ("2026-12-30", "2027-01-01", 2, True),
        ("2026-12-30", "2026-12-31", 1, False),
    ],
)
def test_a_small_push_inside_the_quarter_does_not_count(old: str, new: str, days: int, counts: bool) -> None:
    moves = pushes([change("close_date", old, new, reason="Board wants the report")], first_month=1)
    expected = Push(
        TODAY, date.fromisoformat(old), date.fromisoformat(new), days, "Board wants the report", counts
    )
    assert moves == (expected,)


def test_the_day_of_a_win_is_no_push() -> None:
    changes = [change("status", "open", "won"), change("close_date", "2026-11-10", "2026-11-20")]
    assert pushes(changes, first_month=1) == ()


def test_a_reopened_deal_can_be_pushed_again() -> None:
    changes = [
        change("status", "open", "lost"),
        change("status", "lost", "open"),
        change("close_date", "2026-11-20", "2026-12-20"),
    ]
    assert [push.days for push in pushes(changes, first_month=1)] == [30]


@pytest.mark.parametrize(
    ("old", "new"), [("2026-12-11", "2026-12-01"), ("", "2026-12-01"), ("2026-12-01", "")]
)
def test_only_a_later_date_is_a_push(old: str, new: str) -> None:
    assert pushes([change("close_date", old, new)], first_month=1) == ()


def test_the_third_counted_push_makes_the_date_unreliable() -> None:
    days = ["2026-10-01", "2026-10-08", "2026-10-09", "2026-11-20", "2026-12-20"]
    changes = [change("close_date", old, new) for old, new in itertools.pairwise(days)]
    moves = pushes(changes, first_month=1)
    assert [push.counts for push in moves] == [True, False, True, True]
    assert is_date_unreliable(moves)
    assert not is_date_unreliable(moves[:3])


@pytest.mark.parametrize(
    ("old", "new", "first_month", "slips"),
    [
        (date(2026, 10, 1), date(2026, 12, 31), 1, False),
        (date(2026, 12, 31), date(2027, 1, 1), 1, True),
        (date(2026, 11, 30), date(2026, 12, 1), 12, True),
        (date(2026, 12, 31), date(2027, 1, 1), 12, False),
        (date(2027, 1, 15), date(2026, 12, 1), 1, False),
    ],
)
def test_a_slip_leaves_the_fiscal_quarter_it_was_promised_in(
    old: date, new: date, first_month: int, slips: bool
) -> None:
    assert slipped(old, new, first_month=first_month) is slips


@pytest.mark.parametrize(
    ("moves", "net"),
    [
        ([("2026-11-30", "2027-01-15", "")], 46),
        ([("2026-11-30", "2026-12-20", "budget"), ("2026-12-20", "2027-01-15", "")], 46),
        ([("2026-11-30", "2026-12-20", ""), ("2026-12-20", "2027-01-15", "budget")], None),
        ([("2026-11-30", "2027-01-15", ""), ("2027-01-15", "2026-11-30", "")], None),
        ([("2026-11-30", "2026-12-02", "")], None),
        ([("2026-12-30", "2027-01-01", "")], 2),
        ([("", "2027-01-15", "")], None),
        ([], None),
    ],
    ids=[
        "a push",
        "two are one",
        "explained",
        "came back",
        "two days",
        "out of the quarter",
        "first date",
        "none",
    ],
)
def test_a_push_without_a_reason_is_the_net_move_of_the_date(moves, net):
    changes = [Change("close_date", old, new, date(2026, 11, 20), "", kind) for old, new, kind in moves]
    push = unexplained_push(changes, first_month=1)
    assert (push.days if push else None) == net
