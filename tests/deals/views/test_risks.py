"""Risks: a deal or an account, added by either side, kept by the leader's, closed with a word, opened again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from deals.models import Account, Risk
from tests.factories import NOW, TODAY, make_account, make_deal, make_risk
from tests.html import flat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def risk(cast):
    return make_risk(team=cast.north, name="Hollis Foods")


def test_a_risk_about_a_deal_known_by_name_belongs_to_the_deal(cast, as_):
    deal = make_deal(team=cast.north, name="Orbis")
    make_deal(team=cast.south, name="Orbis")
    as_(cast.leader).post("/risks/new/", {"team": "north", "name": "orbis", "what_is_wrong": "Budget cut"})
    risk = Risk.objects.get()
    assert (risk.deal, risk.account) == (deal, None)


def test_any_other_name_is_an_account(cast, as_):
    told = {
        "team": "north",
        "name": "Hollis Foods",
        "what_is_wrong": "Re-tender",
        "exposure": "420k",
        "owner": cast.ceo.pk,
    }
    as_(cast.ceo).post("/risks/new/", told)
    risk = Risk.objects.get()
    assert (risk.account.name, risk.exposure, risk.owner, risk.created_by) == (
        "Hollis Foods",
        Decimal(420_000),
        cast.ceo,
        cast.ceo,
    )


def test_from_a_deal_its_name_and_amount_are_there_already(cast, as_):
    deal = make_deal(team=cast.north, name="Orbis", amount=Decimal(70_000))
    body = as_(cast.leader).get(f"/risks/new/?team=north&about=deal-{deal.pk}").content.decode()
    assert 'value="Orbis"' in body
    assert 'value="70000"' in body


def test_a_deal_of_another_team_is_not_found(cast, as_):
    deal = make_deal(team=cast.south)
    for about in (f"deal-{deal.pk}", "deal-99999999999999999999", "risk-1", "deal"):
        assert as_(cast.leader).get(f"/risks/new/?team=north&about={about}").status_code == 404


def test_action_owner_and_day_are_saved_by_themselves_while_typing(cast, as_, risk):
    told = {
        "part": "action",
        "version": 1,
        "action": "Site visit",
        "owner": cast.leader.pk,
        "due": "2026-11-30",
    }
    response = as_(cast.leader).post(f"/risks/{risk.pk}/", told, headers={"X-Autosave": "1"})
    assert (response.status_code, response["X-Version"]) == (204, "2")
    risk.refresh_from_db()
    assert (risk.action, risk.owner, risk.changed_at) == ("Site visit", cast.leader, NOW)
    assert risk.what_is_wrong == "The champion left."


def test_saved_as_it_was_a_risk_goes_on_ageing(cast, as_, risk):
    told = {
        "version": 1,
        "name": risk.name,
        "what_is_wrong": risk.what_is_wrong,
        "exposure": "50,000",
        "action": "",
        "owner": "",
        "due": "",
    }
    as_(cast.leader).post(f"/risks/{risk.pk}/", told)
    risk.refresh_from_db()
    assert (risk.changed_at, risk.version) == (NOW - timedelta(days=3), 1)


def test_an_owner_who_has_left_can_stay_the_owner(cast, as_, risk):
    Risk.objects.update(owner=cast.second_leader)
    told = {"version": 1, "owner": cast.second_leader.pk, "action": "Call"}
    assert as_(cast.leader).post(f"/risks/{risk.pk}/", told).status_code == 302


def test_nobody_outside_the_team_can_be_made_the_owner(cast, as_, risk):
    response = as_(cast.leader).post(f"/risks/{risk.pk}/", {"version": 1, "owner": cast.second_leader.pk})
    assert response.status_code == 422
    assert "Choose someone from the list." in response.content.decode()


def test_the_ceo_changes_the_risk_they_raised_and_no_other(cast, as_, risk):
    own = make_risk(team=cast.north, created_by=cast.ceo)
    assert as_(cast.ceo).post(f"/risks/{own.pk}/", {"version": 1, "action": "Call"}).status_code == 302
    assert as_(cast.ceo).post(f"/risks/{risk.pk}/", {"version": 1, "action": "Call"}).status_code == 403


@pytest.mark.parametrize("role", ["facilitator", "observer"])
def test_those_who_only_read_cannot_write(cast, as_, risk, role):
    client = as_(getattr(cast, role))
    assert client.get(f"/risks/{risk.pk}/").status_code == 200
    assert client.post(f"/risks/{risk.pk}/", {"version": 1, "action": "x"}).status_code == 403
    assert client.get("/risks/new/?team=north").status_code == 403
    assert client.post(f"/risks/{risk.pk}/close/", {"outcome": "x"}).status_code == 403


def test_closing_says_how_it_ended_and_can_be_undone(cast, as_, risk):
    client = as_(cast.leader)
    assert client.post(f"/risks/{risk.pk}/close/", {"outcome": " \u200b "}).status_code == 422
    client.post(f"/risks/{risk.pk}/close/", {"outcome": "They signed."})
    risk.refresh_from_db()
    assert (risk.closed_at, risk.closed_by, risk.outcome) == (NOW, cast.leader, "They signed.")
    client.post(f"/risks/{risk.pk}/reopen/")
    risk.refresh_from_db()
    assert risk.closed_at is None


def test_two_who_close_it_in_different_words_lose_neither(cast, as_, risk):
    as_(cast.leader).post(f"/risks/{risk.pk}/close/", {"outcome": "They signed."})
    response = as_(cast.delegate).post(f"/risks/{risk.pk}/close/", {"outcome": "They left."})
    assert response.status_code == 409
    body = response.content.decode()
    assert "They signed." in body
    assert "They left." in body


def test_closing_twice_in_the_same_words_is_one_change(cast, as_, risk):
    for _ in range(2):
        assert as_(cast.leader).post(f"/risks/{risk.pk}/close/", {"outcome": "Signed."}).status_code == 302


def test_open_risks_come_first_and_the_largest_of_them(cast, as_):
    make_risk(team=cast.north, name="Closed", closed_at=NOW, exposure=Decimal(900))
    make_risk(team=cast.north, name="Unknown", exposure=None)
    make_risk(team=cast.north, name="Small", exposure=Decimal(1))
    make_risk(team=cast.north, name="Large", exposure=Decimal(100), due=TODAY - timedelta(days=1))
    lines = as_(cast.leader).get("/risks/?state=all").context["lines"]
    assert [line.risk.name for line in lines] == ["Large", "Small", "Unknown", "Closed"]
    assert [line.overdue for line in lines] == [True, False, False, False]


@pytest.mark.parametrize(
    ("days", "shown"), [(0, "since today"), (1, "1 day"), (13, "13 days"), (14, "2 weeks"), (36, "5 weeks")]
)
def test_how_long_a_risk_is_open_is_said_in_days_then_in_weeks(cast, as_, days, shown):
    make_risk(team=cast.north, created_at=NOW - timedelta(days=days, hours=1))
    assert f'<td data-label="Open" class="brief">{shown}</td>' in flat(as_(cast.leader).get("/risks/"))


@pytest.mark.parametrize("number", [0, 1, 50])
def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, as_, django_assert_max_num_queries, number):
    for _ in range(number):
        make_risk(team=cast.north, owner=cast.leader)
    client = as_(cast.ceo)
    with django_assert_max_num_queries(6):
        client.get("/risks/")


@pytest.fixture
def tessaro(cast):
    account = make_account(company=cast.company, name="Tessaro Beverages")
    return make_deal(team=cast.north, name="Dock automation", account=account)


def add_risk(client, **told):
    return client.post("/risks/new/", {"team": "north", "what_is_wrong": "A tender"} | told)


def test_part_of_a_name_finds_the_one_open_deal_it_can_mean(cast, as_, tessaro):
    add_risk(as_(cast.leader), name="tessaro")
    risk = Risk.objects.get()
    assert (risk.deal, risk.account, risk.name) == (tessaro, None, "Dock automation")


def test_part_of_several_names_is_asked_back(cast, as_, tessaro):
    make_account(company=cast.company, name="Tessaro Foods")
    answer = add_risk(as_(cast.leader), name="Tessaro")
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Did you mean “Dock automation”, “Tessaro Beverages” or “Tessaro Foods”?" in shown
    assert 'name="new_account"' in shown
    assert not Risk.objects.exists()


def test_a_new_account_of_a_similar_name_is_a_choice(cast, as_, tessaro):
    make_account(company=cast.company, name="Tessaro Foods")
    assert add_risk(as_(cast.leader), name="Tessaro", new_account="on").status_code == 302
    assert Risk.objects.get().account.name == "Tessaro"


def test_a_name_like_no_other_needs_no_choice(cast, as_, tessaro):
    assert add_risk(as_(cast.leader), name="Hollis").status_code == 302
    assert Risk.objects.get().account.name == "Hollis"


def test_deals_and_accounts_are_suggested(cast, as_, tessaro):
    shown = as_(cast.leader).get("/risks/new/?team=north").content.decode()
    assert '<option value="Dock automation"></option>' in shown
    assert '<option value="Tessaro Beverages"></option>' in shown


def test_the_account_of_a_new_deal_is_asked_back_likewise(cast, as_, tessaro):
    told = {"team": "north", "name": "Renewal", "account_name": "Tessaro"}
    answer = as_(cast.leader).post("/deals/new/", told)
    assert answer.status_code == 422
    assert "No account is called “Tessaro”. Did you mean “Tessaro Beverages”?" in answer.content.decode()
    assert as_(cast.leader).post("/deals/new/", told | {"new_account": "on"}).status_code == 302
    assert Account.objects.filter(name="Tessaro").exists()
