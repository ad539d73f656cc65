import itertools
from datetime import date
from decimal import Decimal

import pytest

from deals.promises import (
    Change,
    Kind,
    Movement,
    Push,
    date_is_fiction,
    movement,
    promised_dates,
    pushes,
    slipped,
)

LAST_MEETING = date(2026, 11, 16)
TODAY = date(2026, 11, 20)


def change(field: str, old: str, new: str, *, day: date = TODAY, reason: str = "") -> Change:
    return Change(field, old, new, day, reason)


def moved(*changes: Change, created_on: date | None = None) -> Movement:
    return movement(changes, since=LAST_MEETING, created_on=created_on)


@pytest.mark.parametrize(
    ("changes", "kinds", "days", "amount"),
    [
        ([], (), 0, 0),
        ([change("status", "open", "won")], (Kind.WON,), 0, 0),
        ([change("status", "open", "lost")], (Kind.LOST,), 0, 0),
        ([change("status", "open", "won"), change("status", "won", "open")], (), 0, 0),
        ([change("close_date", "2026-12-11", "2027-01-15")], (Kind.PUSHED_OUT,), 35, 0),
        ([change("close_date", "2026-12-11", "2026-12-01")], (Kind.PULLED_IN,), -10, 0),
        ([change("close_date", "", "2026-12-01")], (), 0, 0),
        ([change("close_date", "2026-12-01", "")], (), 0, 0),
        ([change("amount", "100000", "150000.50")], (Kind.AMOUNT_UP,), 0, "50000.50"),
        ([change("amount", "100000", "90000")], (Kind.AMOUNT_DOWN,), 0, -10000),
        ([change("amount", "100000", "100000.00")], (), 0, 0),
        ([change("amount", "", "100000")], (), 0, 0),
        ([change("stage", "Demo", "Proposal"), change("owner", "Ann", "Bob")], (), 0, 0),
    ],
)
def test_what_changed_since_the_last_meeting(
    changes: list[Change], kinds: tuple[Kind, ...], days: int, amount: str
) -> None:
    assert moved(*changes) == Movement(kinds, days, Decimal(amount))


def test_several_changes_count_by_their_net_effect_in_the_order_of_days() -> None:
    later = change("close_date", "2026-12-20", "2026-12-15", day=date(2026, 11, 19))
    sooner = change("close_date", "2026-12-11", "2026-12-20", day=date(2026, 11, 18))
    assert moved(later, sooner) == Movement((Kind.PUSHED_OUT,), days=4)


def test_a_date_that_came_back_has_not_moved() -> None:
    there = change("close_date", "2026-12-11", "2026-12-20")
    back = change("close_date", "2026-12-20", "2026-12-11")
    assert not moved(there, back)


def test_what_was_known_on_the_day_itself_is_no_news() -> None:
    old = change("status", "open", "won", day=LAST_MEETING)
    assert not moved(old, created_on=LAST_MEETING)


def test_a_new_deal_may_move_at_once() -> None:
    news = moved(change("amount", "100", "120"), created_on=date(2026, 11, 17))
    assert news.kinds == (Kind.NEW, Kind.AMOUNT_UP)
    assert Kind.NEW in news


def test_the_trail_keeps_every_close_date_and_ends_with_the_present_one() -> None:
    changes = [
        change("close_date", "2026-11-30", "2026-12-11", day=date(2026, 11, 2)),
        change("close_date", "2026-10-15", "2026-11-30", day=date(2026, 10, 5)),
        change("amount", "1", "2"),
    ]
    trail = (date(2026, 10, 15), date(2026, 11, 30), date(2026, 12, 11))
    assert promised_dates(changes, current=date(2026, 12, 11)) == trail
    assert promised_dates(changes, current=None) == trail
    assert promised_dates(changes, current=date(2027, 1, 15)) == (*trail, date(2027, 1, 15))


def test_a_deal_that_never_moved_has_one_promise_or_none() -> None:
    assert promised_dates([], current=TODAY) == (TODAY,)
    assert promised_dates([], current=None) == ()
    assert promised_dates([change("close_date", "", "2026-11-20")], current=TODAY) == (TODAY,)


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
    found = pushes([change("close_date", old, new, reason="Board wants the report")], first_month=1)
    expected = Push(
        TODAY, date.fromisoformat(old), date.fromisoformat(new), days, "Board wants the report", counts
    )
    assert found == (expected,)


def test_the_day_of_a_win_is_no_push() -> None:
    changes = [change("status", "open", "won"), change("close_date", "2026-11-10", "2026-11-20")]
    assert pushes(changes, first_month=1) == ()
    assert moved(*changes).kinds == (Kind.WON,)


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


def test_the_third_counted_push_makes_the_date_fiction() -> None:
    days = ["2026-10-01", "2026-10-08", "2026-10-09", "2026-11-20", "2026-12-20"]
    changes = [change("close_date", old, new) for old, new in itertools.pairwise(days)]
    found = pushes(changes, first_month=1)
    assert [push.counts for push in found] == [True, False, True, True]
    assert date_is_fiction(found)
    assert not date_is_fiction(found[:3])


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
