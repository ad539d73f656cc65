from datetime import date
from decimal import Decimal

import pytest

from deals.rules.changes import Change
from deals.rules.movement import Kind, Movement, movement

LAST_MEETING = date(2026, 11, 16)
TODAY = date(2026, 11, 20)


def change(field: str, old: str, new: str, *, day: date = TODAY) -> Change:
    return Change(field, old, new, day)


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


def test_the_day_of_a_win_is_a_win_and_no_push() -> None:
    changes = [change("status", "open", "won"), change("close_date", "2026-11-10", "2026-11-20")]
    assert moved(*changes).kinds == (Kind.WON,)
