"""The first meeting after a period's end says what came of its commit, as the page of committed deals does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import User
from meetings.agenda import build
from meetings.agenda.queries import pages
from meetings.agenda.section import ExceptionLine
from meetings.models import Meeting
from tests.cast import Cast
from tests.deals.committed.history import change, make_history
from tests.factories import make_committed, make_deal, make_held_meeting, make_meeting
from tests.html import flat, visible_lines

FIRST_AFTER = datetime(2026, 10, 5, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
Q3 = "2026-07-01"
As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(FIRST_AFTER, tick=False):
        yield


@pytest.fixture
def first(cast: Cast) -> Meeting:
    make_held_meeting(team=cast.north, starts_at=FIRST_AFTER - WEEK)
    return make_meeting(team=cast.north, starts_at=FIRST_AFTER)


def lines_of(meeting: Meeting, reader: User) -> list[ExceptionLine]:
    lines = build(pages().get(pk=meeting.pk), reader, meeting.starts_at).revenue.lines
    return [line for line in lines if "is over" in line.text]


def test_it_says_what_the_page_says(cast: Cast, first: Meeting, as_: As) -> None:
    make_history(cast)
    for reader in (cast.ceo, cast.leader, cast.observer):
        [line] = lines_of(first, reader)
        assert line.text == (
            "Q3 2026 is over: 1 of 3 committed deals won, {60.00} of {100.00}; 0 of 1 wins from outside"
        )
    page = " ".join(visible_lines(as_(cast.observer).get(line.path).content.decode()))
    assert "1 won of 3 decided" in page and "0 not committed of 1 wins" in page
    assert "Q3 2026 is over" in flat(as_(cast.observer).get(f"/meetings/{first.pk}/"))


def test_only_the_first_meeting_says_it(cast: Cast, first: Meeting) -> None:
    make_history(cast)
    Meeting.objects.filter(pk=first.pk).update(state="held", started_at=FIRST_AFTER, closed_at=FIRST_AFTER)
    later = make_meeting(team=cast.north, starts_at=FIRST_AFTER + WEEK)
    assert lines_of(later, cast.ceo) == []


def test_a_month_has_its_line_too_and_two_periods_have_two(cast: Cast) -> None:
    make_held_meeting(team=cast.north, starts_at=FIRST_AFTER - 6 * WEEK)
    meeting = make_meeting(team=cast.north, starts_at=FIRST_AFTER)
    for month, day in ((8, 31), (9, 30)):
        deal = make_deal(team=cast.north, status="won", close_date=date(2026, month, 20))
        row = make_committed(deal=deal, committed_on=date(2026, month, 2))
        row.period_start, row.period_end = date(2026, month, 1), date(2026, month, day)
        row.save()
    assert [line.text.split(":")[0] for line in lines_of(meeting, cast.ceo)] == [
        "August 2026 is over",
        "September 2026 is over",
    ]


def test_per_cent_stand_from_ten_deals_on(cast: Cast, first: Meeting) -> None:
    for number in range(12):
        deal = make_deal(
            team=cast.north,
            amount=Decimal(100_000),
            status="won" if number < 9 else "open",
            close_date=date(2026, 9, 10) if number < 9 else date(2026, 12, 1),
        )
        make_committed(deal=deal, quarter=Q3, committed_on=date(2026, 7, 6))
    for _ in range(6):
        make_deal(team=cast.north, amount=Decimal(50_000), status="won", close_date=date(2026, 9, 12))
    [line] = lines_of(first, cast.ceo)
    assert line.text == (
        "Q3 2026 is over: 9 of 12 committed deals won (75%), {900000.00} of {1200000.00} (75%); "
        "6 of 15 wins from outside (40%): too little was committed"
    )
    assert line.money == 1_200_000


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"status": "lost"}, "0 of 1 committed deals won, {0} of {90000.00}"),
        ({"status": "open", "amount": None}, "0 of 1 committed deals won"),
        (
            {"status": "won", "close_date": None},
            "1 of 1 committed deals won, {90000.00} of {90000.00}; 0 of 1 wins",
        ),
        ({"status": "won", "committed_on": date(2026, 9, 8)}, "no deal was committed two weeks ahead"),
    ],
    ids=["lost", "without an amount", "won on a day nobody entered", "a late add"],
)
def test_odd_deals_are_counted_as_on_their_page(
    cast: Cast, first: Meeting, fields: dict[str, object], text: str
) -> None:
    on = fields.pop("committed_on", date(2026, 7, 6))
    deal = make_deal(
        team=cast.north, **{"amount": Decimal(90_000), "close_date": date(2026, 9, 15), **fields}
    )
    change(deal, "status", "open", str(deal.status), date(2026, 9, 20))
    make_committed(deal=deal, quarter=Q3, committed_on=on)
    if text.startswith("no deal"):
        make_committed(deal=make_deal(team=cast.south), quarter=Q3, committed_on=date(2026, 1, 5))
        other = make_deal(team=cast.north, status="won", close_date=date(2026, 9, 28))
        make_committed(deal=other, quarter="2026-04-01", committed_on=date(2026, 4, 7))
        text += "; 2 of 2 wins from outside"
    [line] = lines_of(first, cast.ceo)
    assert line.text.startswith(f"Q3 2026 is over: {text}")


def test_a_merged_deal_counts_as_the_one_that_it_was_merged_into(cast: Cast, first: Meeting) -> None:
    kept = make_deal(team=cast.north, status="won", close_date=date(2026, 9, 15))
    merged = make_deal(team=cast.north, status="withdrawn", close_date=date(2026, 9, 15), merged_into=kept)
    make_committed(deal=merged, quarter=Q3, committed_on=date(2026, 7, 6))
    [line] = lines_of(first, cast.ceo)
    assert line.text.startswith("Q3 2026 is over: 1 of 1 committed deals won")


def test_without_commits_there_is_no_line(cast: Cast, first: Meeting) -> None:
    make_deal(team=cast.north, status="won", close_date=date(2026, 9, 15))
    assert lines_of(first, cast.ceo) == []


def test_it_takes_no_query_more(cast: Cast, first: Meeting) -> None:
    target, counts = make_deal(team=cast.north), []
    for number in (0, 1, 30):
        for _ in range(number):
            deal = make_deal(team=cast.north, status="withdrawn")
            make_committed(deal=deal, quarter=Q3, committed_on=date(2026, 7, 6))
            other = make_deal(team=cast.south, status="withdrawn", merged_into=target)
            make_committed(deal=other, quarter=Q3, committed_on=date(2026, 7, 6), team=cast.north)
        meeting = pages().get(pk=first.pk)
        with CaptureQueriesContext(connection) as caught:
            build(meeting, cast.ceo, FIRST_AFTER)
        counts.append(len(caught))
    assert len(set(counts)) == 1 and counts[0] <= 10
