"""Deals are kept by the leader's side, every change is kept, and what is won becomes revenue once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from deals.models import Account, Deal, RevenueEntry
from tests.factories import NOW, TODAY, make_deal, make_revenue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deal(cast):
    return make_deal(team=cast.north, name="Orbis", rep="Dana", stage="Proposal")


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
