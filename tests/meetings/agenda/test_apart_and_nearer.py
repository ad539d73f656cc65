"""For the two alone: deals the CEO struck stand first, and after a period's end whose number was nearer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from deals.models import Deal, EvidenceRequest
from meetings.agenda import build
from meetings.agenda.queries import pages
from meetings.agenda.record import freeze, load_record
from meetings.models import Meeting
from meetings.transitions.closing import close_meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_call,
    make_commitment,
    make_committed,
    make_deal,
    make_evidence,
    make_expectation,
    make_held_meeting,
    make_meeting,
    make_revenue,
)
from tests.html import flat

As = Callable[[Any], Client]
BEFORE = NOW - timedelta(hours=10)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deals(cast: Cast) -> list[Deal]:
    """Five big deals that close soon, the largest first."""
    make_held_meeting(team=cast.north)
    amounts = (900_000, 800_000, 700_000, 600_000, 500_000)
    return [
        make_deal(team=cast.north, name=f"Deal {amount // 1000}", amount=Decimal(amount))
        for amount in amounts
    ]


def order_of(cast: Cast, meeting: Meeting, reader: Any) -> list[int]:
    agenda = build(pages().get(pk=meeting.pk), reader, NOW)
    return [row.id for row in agenda.deals.arranged.open]


def strike(meeting: Meeting, deals: list[Deal], struck: Deal) -> None:
    make_call(meeting=meeting, deals=deals, at=BEFORE)
    make_expectation(meeting=meeting, struck=[struck], changed_at=BEFORE)
    meeting.submit_preparation(by=meeting.team.holder("leader"), now=BEFORE)  # type: ignore[arg-type]


def test_a_struck_deal_stands_first_for_the_two_once_both_are_in(
    cast: Cast, meeting: Meeting, deals: list[Deal]
) -> None:
    smallest = deals[-1]
    strike(meeting, deals, smallest)
    for reader in (cast.ceo, cast.leader):
        assert order_of(cast, meeting, reader)[0] == smallest.pk
    for reader in (cast.delegate, cast.observer, cast.facilitator):
        assert smallest.pk not in order_of(cast, meeting, reader)[:1]


def test_before_both_are_in_nothing_shows_it(cast: Cast, meeting: Meeting, deals: list[Deal]) -> None:
    make_call(meeting=meeting, deals=deals)
    orders = [order_of(cast, meeting, reader) for reader in (cast.leader, cast.ceo)]
    make_expectation(meeting=meeting, struck=[deals[-1]])
    assert orders == [order_of(cast, meeting, reader) for reader in (cast.leader, cast.ceo)]


def test_no_mail_tells_it_by_the_order(cast: Cast, meeting: Meeting, deals: list[Deal]) -> None:
    strike(meeting, deals, deals[-1])
    whole = build(pages().get(pk=meeting.pk), cast.ceo, NOW)
    mailed = whole.readable_by(cast.ceo.pk, is_mail=True)
    assert not any(row.is_apart for row in mailed.deals.rows)


def names_in(html: str) -> list[str]:
    return re.findall(r"<h3>\s*(Deal \d+)", html)


def test_on_paper_the_deals_stand_as_for_everybody_else(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    for deal in deals:
        make_commitment(team=cast.north, owner=cast.leader, section="deals", deal=deal)
    strike(meeting, deals, deals[-1])
    others = as_(cast.observer).get(f"/meetings/{meeting.pk}/").content.decode()
    for reader in (cast.ceo, cast.leader):
        page = as_(reader).get(f"/meetings/{meeting.pk}/").content.decode()
        section = page[page.index('id="deals"') : page.index('id="risks"')]
        screen, paper = section.split('<div class="only-print">')
        assert names_in(screen)[0] == "Deal 500"
        plain = names_in(others[: others.index("-unchanged")] if "-unchanged" in others else others)
        assert names_in(paper) == plain and plain[0] == "Deal 900"
        assert " id=" not in paper
    assert '<div class="only-print">' not in others


def test_without_struck_deals_nothing_stands_twice(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    make_call(meeting=meeting, deals=deals)
    page = as_(cast.leader).get(f"/meetings/{meeting.pk}/").content.decode()
    assert page.count("Deal 500") == 1


Q3 = {"starts_on": date(2026, 7, 1), "ends_on": date(2026, 9, 30)}
FIRST_AFTER = datetime(2026, 10, 5, 8, tzinfo=UTC)


@pytest.fixture
def after_q3(cast: Cast) -> Meeting:
    """Won 2.97M. Before the last meeting of the quarter Joe had called 3.13M, and Tom had said 2.84M."""
    met = make_held_meeting(team=cast.north, starts_at=FIRST_AFTER - timedelta(days=7))
    make_call(meeting=met, commit=Decimal(3_130_000), best_case=Decimal(3_300_000), **Q3)
    make_expectation(meeting=met, amount=Decimal(2_840_000), **Q3)
    for day, amount in (
        (date(2026, 7, 1), 970_000),
        (date(2026, 9, 30), 2_000_000),
        (date(2026, 10, 1), 50_000),
    ):
        make_revenue(team=cast.north, day=day, amount=amount)
    return make_meeting(team=cast.north, starts_at=FIRST_AFTER)


SENTENCE = (
    'Q3 2026 is over, with $2.97M won. Before the meeting of 28 Sep: Joe<b class="num">$3.13M</b>, '
    'Tom<b class="num">$2.84M</b>. Tom was nearer.'
)


def test_the_first_meeting_after_the_close_says_who_was_nearer_to_the_two(
    cast: Cast, after_q3: Meeting, as_: As
) -> None:
    with time_machine.travel(FIRST_AFTER, tick=False):
        for reader in (cast.ceo, cast.leader):
            assert SENTENCE in flat(as_(reader).get(f"/meetings/{after_q3.pk}/"))
        for reader in (cast.delegate, cast.observer, cast.facilitator):
            assert "was nearer" not in flat(as_(reader).get(f"/meetings/{after_q3.pk}/"))
        after_q3.start(by=cast.ceo, now=FIRST_AFTER)
        close_meeting(after_q3, by=cast.ceo, now=FIRST_AFTER + timedelta(minutes=30))
        for reader in (cast.ceo, cast.leader):
            assert SENTENCE in flat(as_(reader).get(f"/meetings/{after_q3.pk}/"))  # in the pair's layer
            assert "was nearer" not in flat(as_(reader).get(f"/meetings/{after_q3.pk}/recap/"))
        assert "was nearer" not in flat(as_(cast.observer).get(f"/meetings/{after_q3.pk}/"))
    week = FIRST_AFTER + timedelta(days=7)
    with time_machine.travel(week, tick=False):
        second = make_meeting(team=cast.north, starts_at=week)
        assert "was nearer" not in flat(as_(cast.ceo).get(f"/meetings/{second.pk}/"))


def test_without_a_number_of_the_ceo_or_without_a_call_there_is_no_such_line(
    cast: Cast, after_q3: Meeting, as_: As
) -> None:
    after_q3.team.calls.all().delete()
    with time_machine.travel(FIRST_AFTER, tick=False):
        assert "was nearer" not in flat(as_(cast.ceo).get(f"/meetings/{after_q3.pk}/"))


def test_the_meeting_names_the_facts_and_not_only_their_number(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    committed = make_committed(deal=deals[0])
    for kind in ("calendar", "budget"):
        make_evidence(committed=committed, kind=kind, at=NOW - timedelta(days=2))
    EvidenceRequest.objects.create(committed=committed, at=NOW, by=cast.ceo)  # so that its row is open
    page = flat(as_(cast.observer).get(f"/meetings/{meeting.pk}/"))
    assert "why it will close: budget confirmed, next step in their calendar" in page
    agenda = build(pages().get(pk=meeting.pk), cast.leader, NOW)
    assert load_record(freeze(agenda)).deals == agenda.deals


def test_nobody_is_asked_why_a_deal_will_close_that_was_pushed_out_of_the_period(
    cast: Cast, meeting: Meeting, deals: list[Deal]
) -> None:
    make_committed(deal=deals[0])

    def asked() -> list[str]:
        agenda = build(pages().get(pk=meeting.pk), cast.leader, NOW)
        return [check.text for check in agenda.checks if "will close" in check.text]

    assert asked() == ["Why Deal 900 will close"]
    Deal.objects.filter(pk=deals[0].pk).update(close_date=date(2027, 1, 5), pinned_at=NOW)
    assert asked() == []
