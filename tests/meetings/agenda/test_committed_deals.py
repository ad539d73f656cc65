"""Committed deals in the agenda: the trail beside a deal, and why it will close, within the week's budget."""

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
from deals.models import Deal, EvidenceRequest
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.agenda.record import freeze, load_record
from meetings.agenda.sections import DealRow
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_committed, make_deal, make_evidence, make_held_meeting
from tests.html import visible_lines
from tests.weeks import BAD, QUIET, USUAL, make_week

LAST = NOW - timedelta(days=7)
As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def agenda_of(cast: Cast, meeting: Meeting) -> Agenda:
    return build(pages().get(pk=meeting.pk), cast.leader, NOW)


def row_of(cast: Cast, meeting: Meeting) -> DealRow:
    return agenda_of(cast, meeting).deals.closing[0]


def big(cast: Cast, **fields: object) -> Deal:
    make_held_meeting(team=cast.north, starts_at=LAST)
    return make_deal(team=cast.north, amount=Decimal(900_000), **fields)


def test_the_trail_says_when_and_for_what_it_was_committed(cast: Cast, meeting: Meeting, as_: As) -> None:
    deal = big(cast)
    make_committed(deal=deal, quarter="2026-07-01", left_at=datetime(2026, 9, 1, tzinfo=UTC))
    make_committed(deal=deal, committed_on=date(2026, 11, 3), amount=Decimal(870_000))
    facts = row_of(cast, meeting).committed
    assert facts is not None
    assert (facts.period, facts.on, facts.amount) == ("Q4 2026", date(2026, 11, 3), Decimal(870_000))
    assert (facts.slips, facts.left_on) == (1, None)
    for page in ("", "prepare/"):
        text = " ".join(
            visible_lines(as_(cast.leader).get(f"/meetings/{meeting.pk}/{page}").content.decode())
        )
        assert "Committed 3 Nov for Q4 2026 at $870K; slipped 1 time before" in text


def test_a_deal_in_no_commit_has_no_trail_and_asks_for_nothing(cast: Cast, meeting: Meeting) -> None:
    big(cast)
    row = row_of(cast, meeting)
    assert row.committed is None
    assert row.needs == ""


def test_a_committed_big_deal_asks_why_it_will_close_until_it_is_said(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    committed = make_committed(deal=big(cast))
    assert row_of(cast, meeting).needs == "why it will close"
    page = as_(cast.leader).get(f"/meetings/{meeting.pk}/prepare/").content.decode()
    assert f'id="evidence-deal-{committed.deal_id}"' in page
    make_evidence(committed=committed, kind="none_yet", at=NOW - timedelta(hours=1))
    row = row_of(cast, meeting)
    assert row.needs == ""
    assert [ask.done for ask in row.asks] == [True]


def test_what_was_said_before_the_last_meeting_is_not_listed_again(cast: Cast, meeting: Meeting) -> None:
    make_evidence(committed=make_committed(deal=big(cast)), at=LAST - timedelta(days=1))
    assert row_of(cast, meeting).asks == ()


def test_the_ceo_asks_on_the_row_and_the_deal_is_on_the_agenda(cast: Cast, meeting: Meeting, as_: As) -> None:
    deal = make_deal(team=cast.north, amount=Decimal(1_000), close_date=TODAY + timedelta(days=30))
    make_committed(deal=deal)
    assert agenda_of(cast, meeting).deals.rows == ()
    as_(cast.ceo).post(f"/deals/{deal.pk}/evidence/ask/")
    assert row_of(cast, meeting).needs == "why it will close"


def test_the_ceo_may_ask_on_a_row_without_facts_alone(cast: Cast, meeting: Meeting, as_: As) -> None:
    committed = make_committed(deal=big(cast))
    make_evidence(committed=committed, kind="none_yet", at=LAST)
    path = f"/meetings/{meeting.pk}/forms/row/deal-{committed.deal_id}/"
    assert row_of(cast, meeting).can_be_asked_why
    assert "Ask why it will close" in as_(cast.ceo).get(path).content.decode()
    assert "Ask why it will close" not in as_(cast.leader).get(path).content.decode()
    make_evidence(committed=committed)
    assert not row_of(cast, meeting).can_be_asked_why


def test_a_record_keeps_what_was_committed(cast: Cast, meeting: Meeting) -> None:
    make_evidence(committed=make_committed(deal=big(cast)))
    agenda = agenda_of(cast, meeting)
    assert load_record(freeze(agenda)).deals.closing[0].committed == agenda.deals.closing[0].committed


def test_many_committed_deals_take_no_query_more(cast: Cast, meeting: Meeting, as_: As) -> None:
    big(cast)
    client, counts = as_(cast.ceo), []
    for more in (0, 20):
        for _ in range(more):
            other = make_deal(team=cast.north, amount=Decimal(900_000))
            EvidenceRequest.objects.create(committed=make_committed(deal=other), at=NOW, by=cast.ceo)
            make_evidence(committed=make_committed(deal=other, quarter="2026-07-01"))
        client.get(f"/meetings/{meeting.pk}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/meetings/{meeting.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("kind", "most_acts"), [(QUIET, 4), (USUAL, 12), (BAD, 18)])
def test_a_week_with_its_deals_in_the_commit_keeps_its_budget(cast: Cast, kind: str, most_acts: int) -> None:
    """Quiet: all were committed and explained before. Usual: two are new in the commit. Bad: all slipped before."""
    week = make_week(kind, cast, now=NOW)
    for number, deal in enumerate(week.deals):
        committed = make_committed(deal=deal)
        if kind == QUIET or (kind == USUAL and number >= 2):
            make_evidence(committed=committed, at=NOW - timedelta(days=20))
        if kind == BAD:
            make_committed(deal=deal, quarter="2026-07-01")
    agenda = build(pages().get(pk=week.meeting.pk), cast.leader, NOW)
    acts = [check.text for check in agenda.checks if not check.done]
    assert len(acts) <= most_acts, acts
    if kind == USUAL:  # what was called and committed asks for five of the twelve, at most
        assert len([text for text in acts if "commit for" in text or "will close" in text]) <= 5, acts
    for section in agenda.sections:
        assert len(section.arranged.open) <= 3
