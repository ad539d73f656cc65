"""Deals are kept by the leader's side, every change is kept, and what is won becomes revenue once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from deals.models import Account, Deal, RevenueEntry
from tests.factories import NOW, TODAY, make_deal, make_revenue, make_risk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deal(cast):
    return make_deal(team=cast.north, name="Orbis", owner="Dana", stage="Proposal")


def change(client, deal, **fields):
    deal.refresh_from_db()
    return client.post(f"/deals/{deal.pk}/", {"version": deal.version} | fields)


def test_a_new_deal_gets_its_account_by_name(cast, as_):
    told = {
        "team": "north",
        "name": "Orbis renewal",
        "account_name": "Orbis",
        "amount": "186k",
        "close_date": "2026-12-04",
    }
    response = as_(cast.leader).post("/deals/new/", told)
    assert response.url == "/deals/"
    deal = Deal.objects.get()
    assert (deal.team, deal.account.name, deal.amount) == (cast.north, "Orbis", Decimal(186_000))
    assert (deal.status, deal.opened_on, deal.created_by) == ("open", TODAY, cast.leader)


def test_an_account_known_in_other_letters_is_the_same(cast, as_):
    known = Account.objects.create(company=cast.company, name="Orbis")
    as_(cast.leader).post("/deals/new/", {"team": "north", "name": "Renewal", "account_name": "ORBIS"})
    assert Deal.objects.get().account == known


def test_a_double_click_makes_one_deal(cast, as_):
    told = {"team": "north", "name": "Orbis", "token": "8e4ac0a3-4ac5-4a40-95a5-0ab0fd0d0d4d"}
    answers = [as_(cast.leader).post("/deals/new/", told).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert Deal.objects.count() == 1


def test_other_words_under_the_same_token_are_another_deal(cast, as_):
    told = {"team": "north", "token": "8e4ac0a3-4ac5-4a40-95a5-0ab0fd0d0d4d"}
    for name in ("Orbis", "Brandt"):
        as_(cast.leader).post("/deals/new/", told | {"name": name})
    assert {deal.name for deal in Deal.objects.all()} == {"Orbis", "Brandt"}


def test_every_change_is_kept_with_who_and_when(cast, as_, deal):
    change(as_(cast.leader), deal, stage="Contract", amount="120,000")
    assert {(one.field, one.old, one.new, one.by, one.day) for one in deal.changes.all()} == {
        ("stage", "Proposal", "Contract", cast.leader, TODAY),
        ("amount", "100000.00", "120000.00", cast.leader, TODAY),
    }


def test_saving_what_is_there_already_changes_nothing(cast, as_, deal):
    change(as_(cast.leader), deal, stage="Proposal", name="Orbis")
    deal.refresh_from_db()
    assert (deal.version, deal.changes.count()) == (1, 0)


def test_a_later_close_date_asks_for_the_reason(cast, as_, deal):
    later = (deal.close_date + timedelta(days=10)).isoformat()
    response = change(as_(cast.leader), deal, close_date=later, reason="")
    assert response.status_code == 422
    assert "Enter a reason: the close date moves later" in response.content.decode()
    change(as_(cast.leader), deal, close_date=later, reason="Credit check")
    assert deal.changes.get().reason == "Credit check"


@pytest.mark.parametrize(("days", "status"), [(3, 302), (4, 422), (-30, 302)])
def test_a_small_push_or_a_pull_needs_no_reason(cast, as_, days, status):
    deal = make_deal(team=cast.north, close_date=TODAY + timedelta(days=1))
    assert (
        change(
            as_(cast.leader), deal, close_date=(deal.close_date + timedelta(days=days)).isoformat()
        ).status_code
        == status
    )


def test_a_small_push_out_of_the_quarter_does_need_one(cast, as_):
    deal = make_deal(team=cast.north, close_date=TODAY.replace(month=12, day=31))
    assert change(as_(cast.leader), deal, close_date="2027-01-02").status_code == 422


def test_a_reason_without_a_move_is_not_swallowed(cast, as_, deal):
    response = change(as_(cast.leader), deal, close_date=deal.close_date.isoformat(), reason="Credit check")
    assert response.status_code == 422
    assert "Credit check" in response.content.decode()


def test_a_won_deal_becomes_revenue_once(cast, as_, deal):
    for _ in range(2):
        assert (
            change(as_(cast.leader), deal, status="won", close_date="2026-11-20", amount="90k").status_code
            == 302
        )
    entry = RevenueEntry.objects.get()
    assert (entry.deal, entry.day.isoformat(), entry.amount, entry.team) == (
        deal,
        "2026-11-20",
        Decimal(90_000),
        cast.north,
    )


def test_revenue_cannot_lie_in_the_future(cast, as_, deal):
    response = change(as_(cast.leader), deal, status="won", close_date="2026-11-24")
    assert "The win date cannot be in the future" in response.content.decode()
    assert not RevenueEntry.objects.exists()


def test_winning_asks_for_day_and_amount(cast, as_):
    deal = make_deal(team=cast.north, amount=None, close_date=None)
    body = change(as_(cast.leader), deal, status="won", close_date="", amount="").content.decode()
    assert "Enter the day it was won." in body
    assert "Enter the amount won" in body


def test_a_won_deal_changed_later_is_corrected_and_both_entries_stay(cast, as_, deal):
    client = as_(cast.leader)
    change(client, deal, status="won", close_date="2026-11-20")
    change(client, deal, amount="80k")
    assert [entry.amount for entry in RevenueEntry.objects.all()] == [Decimal(100_000), Decimal(80_000)]
    assert [entry.amount for entry in RevenueEntry.objects.uncorrected()] == [Decimal(80_000)]


def test_a_win_taken_back_takes_its_revenue_back(cast, as_, deal):
    client = as_(cast.leader)
    change(client, deal, status="won", close_date="2026-11-20")
    change(client, deal, status="lost")
    assert [entry.amount for entry in RevenueEntry.objects.uncorrected()] == [Decimal(0)]
    change(client, deal, status="won")
    assert [entry.amount for entry in RevenueEntry.objects.uncorrected()] == [Decimal(100_000)]


def test_revenue_booked_without_a_deal_is_left_alone(cast, as_, deal):
    make_revenue(team=cast.north, day=TODAY, amount=5)
    change(as_(cast.leader), deal, name="Orbis two")
    assert RevenueEntry.objects.count() == 1


def test_two_who_save_the_same_deal_both_see_both(cast, as_, deal):
    as_(cast.leader).post(f"/deals/{deal.pk}/", {"version": 1, "stage": "Contract"})
    response = as_(cast.delegate).post(f"/deals/{deal.pk}/", {"version": 1, "stage": "Lost touch"})
    body = response.content.decode()
    assert response.status_code == 409
    assert "Contract" in body
    assert "Lost touch" in body
    deal.refresh_from_db()
    assert deal.stage == "Contract"


@pytest.mark.parametrize(
    ("keep", "stage"), [("mine", "Lost touch"), ("theirs", "Contract"), ("both", "Contract / Lost touch")]
)
def test_the_choice_between_two_versions_works_without_javascript(cast, as_, deal, keep, stage):
    as_(cast.leader).post(f"/deals/{deal.pk}/", {"version": 1, "stage": "Contract"})
    told = {"version": 1, "stored_version": 2, "stage": "Lost touch", "keep": keep}
    assert as_(cast.delegate).post(f"/deals/{deal.pk}/", told).status_code == 302
    deal.refresh_from_db()
    assert deal.stage == stage


def test_capacity_is_saved_by_itself_while_typing(cast, as_, deal):
    told = {
        "part": "capacity",
        "version": 1,
        "capacity_what": "Two weeks",
        "capacity_by": "",
        "capacity_who": "",
        "name": "Hack",
    }
    response = as_(cast.leader).post(f"/deals/{deal.pk}/", told, headers={"X-Autosave": "1"})
    assert (response.status_code, response["X-Version"]) == (204, "2")
    deal.refresh_from_db()
    assert (deal.capacity_what, deal.name) == ("Two weeks", "Orbis")


def test_the_reason_of_a_push_can_be_told_afterwards(cast, as_, deal):
    deal.record_change(
        version=1, day=TODAY, now=NOW, by=None, close_date=deal.close_date + timedelta(days=30)
    )
    told = {"part": "pushed", "version": 2, "reason": "The board meets in January."}
    response = as_(cast.leader).post(f"/deals/{deal.pk}/", told, headers={"X-Autosave": "1"})
    assert response.status_code == 204
    assert deal.changes.get().reason == "The board meets in January."


def test_two_reasons_for_one_push_are_both_shown(cast, as_, deal):
    deal.record_change(
        version=1,
        day=TODAY,
        now=NOW - timedelta(hours=1),
        by=None,
        close_date=deal.close_date + timedelta(days=30),
    )
    for reason, status in (("Board", 302), ("Credit", 409)):
        told = {"part": "pushed", "version": 2, "reason": reason}
        response = as_(cast.leader).post(f"/deals/{deal.pk}/", told)
        assert response.status_code == status
    assert "Board" in response.content.decode()


def test_a_date_that_never_moved_needs_no_reason(cast, as_, deal):
    response = change(as_(cast.leader), deal, part="pushed", reason="Board")
    assert "so it needs no reason" in response.content.decode()


def test_pinning_twice_is_one_change(cast, as_, deal):
    for _ in range(2):
        as_(cast.ceo).post(f"/deals/{deal.pk}/pin/", {"pin": "1"})
    deal.refresh_from_db()
    assert deal.pinned_at == NOW
    as_(cast.ceo).post(f"/deals/{deal.pk}/pin/", {"pin": "0"})
    deal.refresh_from_db()
    assert deal.pinned_at is None


def test_open_pages_of_the_team_notice(cast, as_, deal):
    change(as_(cast.leader), deal, stage="Contract")
    cast.north.refresh_from_db()
    assert cast.north.revision == 1


@pytest.mark.parametrize("role", ["ceo", "facilitator", "observer"])
def test_those_who_only_read_see_the_deal_and_cannot_change_it(cast, as_, deal, role):
    client = as_(getattr(cast, role))
    page = client.get(f"/deals/{deal.pk}/")
    assert page.status_code == 200
    assert 'name="stage"' not in page.content.decode()
    assert change(client, deal, stage="Contract").status_code == 403
    assert client.get("/deals/new/?team=north").status_code == 403


def test_the_page_tells_the_deals_history(cast, as_, deal):
    make_risk(team=cast.north, deal=deal, what_is_wrong="Champion left")
    change(as_(cast.leader), deal, close_date="2027-01-15", reason="Board wants the pilot report first")
    body = as_(cast.ceo).get(f"/deals/{deal.pk}/").content.decode()
    assert "Board wants the pilot report first" in body
    assert "Champion left" in body
    assert "15 Jan 2027" in body


def test_the_list_is_narrowed_by_status_size_rep_and_words(cast, as_):
    make_deal(team=cast.north, name="Small", amount=Decimal(100), owner="Sam")
    make_deal(team=cast.north, name="Large", amount=Decimal(500_000), owner="Dana")
    make_deal(team=cast.south, name="Gone", status="lost")
    client = as_(cast.ceo)
    for query, names in {
        "": {"Small", "Large"},
        "state=lost": {"Gone"},
        "state=all": {"Small", "Large", "Gone"},
        "band=big": {"Large"},
        "rep=Sam": {"Small"},
        "q=arg": {"Large"},
        "team=south&state=all": {"Gone"},
        "band=%00&page=9e9&team=x": {"Small", "Large"},
    }.items():
        lines = client.get(f"/deals/?{query}").context["lines"]
        assert {line.deal.name for line in lines} == names, query


def test_the_list_sums_by_currency(cast, as_):
    make_deal(team=cast.north, amount=Decimal(100))
    make_deal(team=cast.south, amount=Decimal(50))
    (total,) = as_(cast.ceo).get("/deals/").context["totals"]
    assert (total.number, total.amount) == (2, Decimal(150))


@pytest.mark.parametrize("number", [1, 50, 120])
def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, as_, django_assert_num_queries, number):
    for _ in range(number):
        make_deal(team=cast.north, owner="Dana")
    client = as_(cast.ceo)
    with django_assert_num_queries(7):
        client.get("/deals/")


def test_nothing_of_another_company_is_found(cast, as_, deal):
    client = as_(cast.outsider)
    assert client.get(f"/deals/{deal.pk}/").status_code == 404
    assert client.get("/deals/new/?team=north").status_code == 404
    assert client.post(f"/deals/{deal.pk}/pin/").status_code == 404


def test_an_id_no_database_could_hold_is_not_found(cast, as_):
    for pk in (2**63, 10**30, 0):
        assert as_(cast.leader).get(f"/deals/{pk}/").status_code == 404
