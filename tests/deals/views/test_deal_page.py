"""The page of a deal: what it is now, its timeline from the first sight on, and what was said about it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from deals.models import Deal, RevenueEntry
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_deal,
    make_held_meeting,
    make_issue,
    make_meeting,
    make_update,
)
from tests.html import flat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deal(cast: Any) -> Deal:
    return make_deal(team=cast.north, name="Orbis", rep="Dana")


def page(client: Any, deal: Deal) -> str:
    return flat(client.get(f"/deals/{deal.pk}/"))


def test_a_new_deal_is_seen_first_on_its_day_and_by_whom(cast, as_):
    as_(cast.leader).post("/deals/new/", {"team": "north", "name": "Orbis", "rep_name": "Dana Ruiz"})
    deal = Deal.objects.get()
    assert [(row.field, row.day, row.by) for row in deal.changes.all()] == [("seen", TODAY, cast.leader)]
    assert "First seen" in page(as_(cast.ceo), deal)


def test_the_first_sight_says_what_was_seen(cast, as_, deal):
    Deal.objects.filter(pk=deal.pk).update(stage="Contract", amount=90_000, close_date=date(2027, 3, 1))
    deal.changes.create(field="seen", day=TODAY, at=NOW)
    for old, new in (("100000", "95000"), ("95000", "90000")):
        deal.changes.create(field="amount", old=old, new=new, day=TODAY, at=NOW)
    assert "Contract · $100,000 · 1 Mar 2027" in page(as_(cast.leader), deal)


def test_the_next_step_is_changed_in_place_and_tracked(cast, as_, deal):
    client = as_(cast.leader)
    typed = {"part": "step", "version": 1, "next_step": "Call the CFO", "next_step_on": "2026-11-20"}
    assert client.post(f"/deals/{deal.pk}/", typed).status_code == 302
    html = page(client, deal)
    assert "Call the CFO" in html
    assert "Change the next step" in html
    assert [(row.old, row.new) for row in deal.changes.filter(field="next_step")] == [("", "Call the CFO")]
    assert "Change the next step" not in page(as_(cast.observer), deal)


def test_facts_that_somebody_said_stand_below_it(cast, as_, deal):
    typed = {"part": "facts", "version": 1, "deal_type": "renewal", "lead_source": "referral"}
    as_(cast.leader).post(f"/deals/{deal.pk}/", typed | {"contract_end": "2027-03-01"})
    html = page(as_(cast.ceo), deal)
    assert "Renewal" in html
    assert "Referral" in html
    assert "1 Mar 2027" in html
    assert "Forecast:" not in html


def test_what_was_said_and_agreed_about_it_stands_on_its_page(cast, as_, deal):
    held = make_held_meeting(team=cast.north)
    make_update(meeting=held, author=cast.leader, section="deals", deal=deal, text="The board agreed")
    make_commitment(team=cast.north, owner=cast.leader, deal=deal, text="Send the contract")
    make_issue(team=cast.north, deal=deal, title="Who signs?")
    html = page(as_(cast.observer), deal)
    for words in ("The board agreed", "Send the contract", "Who signs?"):
        assert words in html
    assert f"/meetings/{held.pk}/#deal-{deal.pk}" in html


def test_what_is_only_prepared_is_not_said_yet(cast, as_, deal):
    ahead = make_meeting(team=cast.north, starts_at=NOW + timedelta(days=7))
    make_update(meeting=ahead, author=cast.leader, section="deals", deal=deal, text="CANARY draft")
    assert "CANARY draft" not in page(as_(cast.ceo), deal)


def test_a_withdrawn_deal_says_so(cast, as_, deal):
    Deal.objects.filter(pk=deal.pk).update(status="withdrawn")
    assert "Withdrawn: deleted in the CRM." in page(as_(cast.ceo), deal)


def test_a_withdrawn_deal_is_opened_again(cast, as_, deal):
    Deal.objects.filter(pk=deal.pk).update(status="withdrawn")
    response = as_(cast.leader).post(f"/deals/{deal.pk}/", {"version": 1, "status": "open"})
    assert response.status_code == 302
    deal.refresh_from_db()
    assert deal.status == "open"


def test_a_win_that_is_withdrawn_takes_its_revenue_back(cast, as_, deal):
    client = as_(cast.leader)
    client.post(f"/deals/{deal.pk}/won/", {"version": 1, "close_date": TODAY, "amount": "100,000"})
    assert sum(row.amount for row in RevenueEntry.objects.uncorrected()) == 100_000
    assert client.post(f"/deals/{deal.pk}/", {"version": 2, "status": "withdrawn"}).status_code == 302
    assert sum(row.amount for row in RevenueEntry.objects.uncorrected()) == 0


def test_nobody_begins_with_a_withdrawn_deal(cast, as_):
    client = as_(cast.leader)
    assert "Withdrawn" not in flat(client.get("/deals/new/"))
    typed = {"team": "north", "name": "Orbis", "status": "withdrawn"}
    assert client.post("/deals/new/", typed).status_code == 422


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_takes_as_many_queries_for_many_as_for_one(
    cast, as_, django_assert_num_queries, deal, number
):
    for week in range(number):
        make_commitment(team=cast.north, owner=cast.leader, deal=deal)
        make_issue(team=cast.north, deal=deal)
        deal.changes.create(field="stage", old="A", new="B", day=TODAY, at=NOW)
        make_update(
            meeting=make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7 + week)),
            author=cast.leader,
            section="deals",
            deal=deal,
        )
        make_deal(team=cast.north, status="withdrawn", merged_into=deal)
    client = as_(cast.ceo)
    page(client, deal)
    with django_assert_num_queries(14):
        client.get(f"/deals/{deal.pk}/")
