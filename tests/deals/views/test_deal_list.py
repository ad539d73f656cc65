"""The list of deals: each filter finds what it says, the last one is remembered, the file has the same rows."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from tests.factories import NOW, TODAY, make_account, make_deal
from tests.html import flat

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def names(client: Any, query: str) -> set[str]:
    return {line.deal.name for line in client.get(f"/deals/?{query}").context["lines"]}


def test_each_filter_finds_what_it_says(cast, as_):
    usual = {"team": cast.north, "next_step": "Call"}
    make_deal(name="No step", team=cast.north, stage="Proposal")
    make_deal(name="Passed", close_date=TODAY - DAY, **usual)
    make_deal(name="Next quarter", close_date=TODAY + timedelta(days=60), **usual)
    make_deal(name="Undated", close_date=None, **usual)
    make_deal(name="Gone", status="withdrawn", **usual)
    moved = make_deal(name="Moved", **usual)
    moved.record_change(version=1, day=TODAY, now=NOW, by=cast.leader, amount=Decimal(1))
    client = as_(cast.ceo)
    for query, found in {
        "only=no_next_step": {"No step"},
        "only=date_passed": {"Passed"},
        "only=moves": {"Moved"},
        "when=quarter": {"No step", "Passed", "Moved"},
        "when=next": {"Next quarter"},
        "when=none": {"Undated"},
        "stage=Proposal": {"No step"},
        "state=withdrawn": {"Gone"},
        "state=closed": set(),
    }.items():
        assert names(client, query) == found, query


def test_a_withdrawn_deal_is_neither_open_nor_won_nor_lost(cast, as_):
    make_deal(name="Gone", team=cast.north, status="withdrawn")
    client = as_(cast.ceo)
    assert all(names(client, f"state={state}") == set() for state in ("open", "closed", "won", "lost"))
    assert names(client, "state=all") == {"Gone"}


def test_contracts_that_end_without_an_open_renewal_are_listed_with_their_amount(cast, as_):
    soon, account = TODAY + timedelta(days=100), make_account(company=cast.company)
    usual = {"team": cast.north, "status": "won", "close_date": TODAY - timedelta(days=200)}
    make_deal(name="Ends", contract_end=soon, amount=Decimal(30_000), **usual)
    make_deal(name="In work", contract_end=soon, account=account, **usual)
    make_deal(name="Later", contract_end=TODAY + timedelta(days=121), **usual)
    make_deal(name="Renewal", team=cast.north, account=account, deal_type="renewal")
    client = as_(cast.ceo)
    assert names(client, "only=ending") == {"Ends"}
    page = flat(client.get("/deals/?state=open"))
    assert "1 contract worth" in page
    assert "ends within 120 days without an open renewal" in page


def test_the_last_filter_is_remembered_until_it_is_cleared(cast, as_):
    make_deal(name="Small", team=cast.north, amount=Decimal(100))
    make_deal(name="Large", team=cast.north, amount=Decimal(500_000))
    client = as_(cast.leader)
    client.get("/deals/?state=open&band=big&q=arg")
    response = client.get("/deals/")
    assert {line.deal.name for line in response.context["lines"]} == {"Large"}
    assert "Size: Big" in flat(response)
    assert client.get("/deals/?clear=1").url == "/deals/"
    assert names(client, "") == {"Small", "Large"}


def test_what_was_searched_is_not_remembered(cast, as_):
    make_deal(name="Small", team=cast.north)
    client = as_(cast.leader)
    client.get("/deals/?q=nothing-like-it")
    assert names(client, "") == {"Small"}


def test_the_filter_is_that_of_the_person_and_not_of_the_browser(cast, as_):
    make_deal(name="Small", team=cast.north, amount=Decimal(100))
    client = as_(cast.leader)
    client.get("/deals/?band=big")
    client.force_login(cast.ceo)
    assert names(client, "") == {"Small"}


def test_another_page_of_a_remembered_list_is_of_the_same_rows(cast, as_):
    for number in range(51):
        make_deal(name=f"Deal {number:02}", team=cast.north, amount=Decimal(500_000))
    make_deal(name="Small", team=cast.north, amount=Decimal(100))
    client = as_(cast.leader)
    client.get("/deals/?band=big&sort=name")
    assert names(client, "page=2") == {"Deal 50"}


def test_the_file_has_the_rows_of_the_list_and_no_formula(cast, as_):
    make_deal(name="=1+1", team=cast.north, rep="Dana", next_step="Call", deal_type="renewal")
    make_deal(name="Lost", team=cast.north, status="lost", reason_kind="offer", reason="Too dear")
    response = as_(cast.leader).get("/deals/download/?state=all&sort=name")
    assert response.streaming
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [row["Deal"] for row in rows] == ["'=1+1", "Lost"]
    assert (rows[0]["Rep"], rows[0]["Next step"], rows[0]["Type"]) == ("Dana", "Call", "Renewal")
    assert rows[1]["Reason"] == "Our side: offer. Too dear"


def test_the_file_has_nothing_of_another_team(cast, as_):
    make_deal(name="CANARY", team=cast.south)
    response = as_(cast.leader).get("/deals/download/?state=all")
    assert b"CANARY" not in b"".join(response.streaming_content)


@pytest.mark.parametrize("only", ["", "no_next_step", "date_passed", "moves", "ending"])
@pytest.mark.parametrize("number", [1, 50])
def test_each_filter_takes_as_many_queries_for_many_as_for_one(
    cast, as_, django_assert_max_num_queries, number, only
):
    for _ in range(number):
        make_deal(team=cast.north, rep="Dana", stage="Proposal")
    client = as_(cast.ceo)
    with django_assert_max_num_queries(9):
        client.get(f"/deals/?only={only}&when=quarter&band=big&stage=Proposal")
