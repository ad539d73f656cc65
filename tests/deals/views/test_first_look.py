"""The page of the first look: who reads it, what it says, and what one tap makes of it."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from deals.models import Deal, Risk
from deals.pages.first_look import build_page, first_look_address
from meetings.models import Commitment, Issue
from tests.factories import NOW, TODAY, make_account, make_deal, make_revenue

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
PAST = TODAY - timedelta(days=3)


def texts(cast, **options):
    page = build_page(cast.north, cast.leader, today=TODAY, goal=options.get("goal"))
    return {row.sentence.kind: row.sentence for row in page.rows}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ceo", 200),
        ("leader", 200),
        ("delegate", 200),
        ("facilitator", 403),
        ("observer", 403),
        ("admin", 403),
        ("second_leader", 404),
        ("outsider", 404),
    ],
)
def test_the_ceo_and_the_sales_leader_read_it(cast, as_, who, status):
    assert as_(getattr(cast, who)).get(first_look_address(cast.north)).status_code == status


def test_without_deals_it_says_where_to_begin(cast, as_):
    assert "No deals yet" in as_(cast.leader).get(first_look_address(cast.north)).content.decode()


def test_a_sentence_names_its_deals_and_what_it_could_not_count(cast, as_):
    account = make_account(company=cast.company, name="Orbis Logistics")
    make_deal(team=cast.north, name="Orbis hub", account=account, close_date=PAST, amount=Decimal(250_000))
    make_deal(team=cast.north, name="Hollis", close_date=PAST, amount=None)
    sentence = texts(cast)["past_date"]
    assert sentence.text == "2 open deals have a close date that has passed, $250K together."
    assert sentence.note == "1 of them has no amount."
    page = as_(cast.leader).get(first_look_address(cast.north)).content.decode()
    assert "Orbis hub" in page
    assert "Orbis Logistics, closes 20 Nov" in page


def test_deals_of_other_teams_do_not_count(cast):
    make_deal(team=cast.south, close_date=PAST)
    assert texts(cast) == {}


def test_clients_without_an_open_deal_for_a_year_are_named(cast):
    account = make_account(company=cast.company, name="Brandt")
    long_ago = TODAY - timedelta(days=500)
    make_deal(team=cast.north, account=account, status="won", close_date=long_ago, amount=Decimal(90_000))
    sentence = texts(cast)["silent"]
    assert sentence.text == "1 client bought before and has had nothing open for a year; they brought $90K."
    assert [row.name for row in sentence.rows] == ["Brandt"]


def test_a_trial_goal_stays_in_the_address_and_is_not_saved(cast, as_):
    make_revenue(team=cast.north, day=TODAY, amount=100_000)
    make_deal(team=cast.north, amount=Decimal(300_000), close_date=TODAY + timedelta(days=9))
    page = as_(cast.leader).get(f"{first_look_address(cast.north)}?goal=250k").content.decode()
    assert "With a goal of $250K for Q4 2026, $150K is still to win" in page
    assert "$300K is open with a date in the quarter, 2.0 times that." in page
    assert cast.north.goals.count() == 0
    assert 'value="250k"' in page


def test_a_goal_that_cannot_be_read_is_asked_again(cast, as_):
    make_deal(team=cast.north)
    response = as_(cast.leader).get(f"{first_look_address(cast.north)}?goal=lots")
    assert response.status_code == 200
    assert "still to win" not in response.content.decode()


def taps_of(client, cast, kind):
    page = client.get(first_look_address(cast.north)).content.decode()
    row = page.partition(f'id="look-{kind}"')[2].partition("</article>")[0]
    for form in re.findall(r'<form method="post" action="([^"]+)".*?</form>', row, re.S):
        fields = row[row.index(form) :].partition("</form>")[0]
        yield form, dict(re.findall(r'name="(\w+)" value="([^"]*)"', fields))


def test_one_tap_makes_an_issue_a_commitment_and_a_risk_once(cast, as_):
    deal = make_deal(team=cast.north, name="Orbis hub", close_date=PAST, amount=Decimal(250_000))
    client = as_(cast.leader)
    taps = list(taps_of(client, cast, "past_date"))
    assert len(taps) == 3
    for _ in range(2):
        for path, fields in taps:
            assert client.post(path, fields).status_code == 302
    issue, commitment, risk = Issue.objects.get(), Commitment.objects.get(), Risk.objects.get()
    assert issue.title == "1 open deal has a close date that has passed, $250K."
    assert commitment.owner == cast.leader
    assert (risk.deal, risk.name, risk.exposure) == (deal, "Orbis hub", Decimal(250_000))
    assert list(taps_of(client, cast, "past_date")) == []
    assert "Raised as an issue" in client.get(first_look_address(cast.north)).content.decode()


def test_what_one_of_the_two_made_the_other_does_not_make_again(cast, as_):
    make_deal(team=cast.north, close_date=PAST)
    path, fields = next(taps_of(as_(cast.leader), cast, "past_date"))
    as_(cast.leader).post(path, fields)
    assert path not in [action for action, _ in taps_of(as_(cast.ceo), cast, "past_date")]


def test_it_costs_the_same_for_one_deal_and_for_fifty(cast, as_, django_assert_num_queries):
    client = as_(cast.leader)
    account = make_account(company=cast.company)
    make_deal(team=cast.north, close_date=PAST, account=account)
    client.get(first_look_address(cast.north))
    with django_assert_num_queries(10):
        client.get(first_look_address(cast.north))
    for number in range(50):
        status = ("open", "won", "lost")[number % 3]
        make_deal(team=cast.north, close_date=PAST, status=status, account=account)
    with django_assert_num_queries(10):
        client.get(first_look_address(cast.north))
    assert Deal.objects.count() == 51


def test_the_exposure_is_understood_in_the_reader_s_way_of_writing(cast, as_):
    cast.leader.locale = "de-DE"
    cast.leader.save()
    make_deal(team=cast.north, close_date=PAST, amount=Decimal("250000.50"))
    path, fields = list(taps_of(as_(cast.leader), cast, "past_date"))[-1]
    as_(cast.leader).post(path, fields)
    assert Risk.objects.get().exposure == Decimal("250000.50")
