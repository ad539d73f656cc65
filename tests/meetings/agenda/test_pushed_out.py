"""What smaller deals took out of the quarter since the last meeting is one line of the revenue section."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.models import Goal, User
from deals.models import Deal
from meetings.agenda import build
from meetings.agenda.queries import pages
from meetings.agenda.section import ExceptionLine
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, make_deal, make_held_meeting, make_meeting

IN, LATER = date(2026, 12, 10), date(2027, 1, 20)
SINCE = NOW - timedelta(days=3)
As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    make_held_meeting(team=cast.north)
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=1_000_000)
    return make_meeting(team=cast.north)


def push(cast: Cast, amount: int, *, at: datetime = SINCE, to: date = LATER, **fields: Any) -> Deal:
    deal = make_deal(team=cast.north, amount=Decimal(amount), close_date=IN, **fields)
    return deal.record_change(version=1, day=at.date(), now=at, by=None, close_date=to)


def lines_of(cast: Cast, meeting: Meeting) -> tuple[ExceptionLine, ...]:
    return build(pages().get(pk=meeting.pk), cast.ceo, NOW).revenue.lines


def test_smaller_deals_pushed_out_are_one_line_with_their_sum(cast: Cast, meeting: Meeting, as_: As) -> None:
    for amount in (50_000, 40_000):
        push(cast, amount)
    [line] = lines_of(cast, meeting)
    assert line.text == "Two smaller deals were pushed out of Q4 2026: {90000.00}"
    assert line.money == 90_000
    assert "Pushed out: 2 deals, −$90K" in " ".join(as_(cast.ceo).get(line.path).content.decode().split())
    page = " ".join(as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode().split())
    assert 'Two smaller deals were pushed out of Q4 2026: <b class="num">$90K</b>' in page or "$90K" in page


@pytest.mark.parametrize(
    "deal",
    [
        {"amount": 60_000},  # 2% of the goal of 3M
        {"amount": 75_000, "at": NOW - timedelta(days=10)},
        {"amount": 75_000, "to": date(2026, 12, 30)},
        {"amount": 90_000},  # a big deal is a row of its own
        {"amount": 75_000, "pinned_at": NOW - timedelta(days=20)},
        {"amount": 75_000, "created_at": SINCE - timedelta(days=1)},
    ],
    ids=["a trifle", "before the last meeting", "within the quarter", "big", "pinned", "new since"],
)
def test_nothing_stands_twice_and_no_trifle_is_news(
    cast: Cast, meeting: Meeting, deal: dict[str, Any]
) -> None:
    push(cast, **deal)
    assert lines_of(cast, meeting) == ()


def test_without_a_goal_nothing_says_what_is_a_trifle(cast: Cast, meeting: Meeting) -> None:
    push(cast, 75_000)
    Goal.objects.all().delete()
    assert lines_of(cast, meeting) == ()


def test_the_first_meeting_has_nothing_to_compare_with(cast: Cast) -> None:
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=1_000_000)
    push(cast, 75_000)
    assert lines_of(cast, make_meeting(team=cast.north)) == ()
