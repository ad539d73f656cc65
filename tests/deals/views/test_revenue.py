"""Revenue is a fact of a day that has passed; it is never changed, only corrected by a new entry."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine

from deals.models import RevenueEntry
from tests.factories import NOW, TODAY, make_deal, make_revenue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def entry(cast):
    return make_revenue(team=cast.north, day=TODAY, amount=100)


def new(client, **fields):
    return client.post(
        "/deals/revenue/new/", {"team": "north", "day": "2026-11-20", "amount": "1,250.50"} | fields
    )


def test_what_was_invoiced_is_written_down(cast, as_):
    new(as_(cast.leader), note="Orbis, invoice 7")
    made = RevenueEntry.objects.get()
    assert (made.team, made.amount, made.day.isoformat(), made.created_by) == (
        cast.north,
        Decimal("1250.50"),
        "2026-11-20",
        cast.leader,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2026-11-24"},
        {"day": "0001-01-01"},
        {"day": ""},
        {"amount": "-1"},
        {"amount": "1e400"},
        {"amount": ""},
        {"note": "x" * 301},
    ],
)
def test_what_cannot_be_revenue_is_refused_at_the_field(cast, as_, wrong):
    response = new(as_(cast.leader), **wrong)
    assert (response.status_code, b'class="error"' in response.content) == (422, True)
    assert not RevenueEntry.objects.exists()


def test_today_is_the_teams_own(cast, as_):
    with time_machine.travel("2026-11-23T23:30:00Z", tick=False):  # already Tuesday in Paris
        assert new(as_(cast.leader), day="2026-11-24").status_code == 302


def test_a_correction_keeps_both(cast, as_, entry):
    as_(cast.leader).post(f"/deals/revenue/{entry.pk}/correct/", {"day": "2026-11-23", "amount": "90"})
    (standing,) = RevenueEntry.objects.uncorrected()
    assert (standing.amount, standing.corrects) == (Decimal(90), entry)
    entry.refresh_from_db()
    assert entry.amount == Decimal(100)


def test_a_correction_that_corrects_nothing_is_refused(cast, as_, entry):
    response = as_(cast.leader).post(
        f"/deals/revenue/{entry.pk}/correct/", {"day": TODAY.isoformat(), "amount": "100"}
    )
    assert response.status_code == 422


def test_correcting_twice_with_one_click_is_one_correction(cast, as_, entry):
    told = {"day": "2026-11-23", "amount": "90", "token": "8e4ac0a3-4ac5-4a40-95a5-0ab0fd0d0d4d"}
    for _ in range(2):
        assert as_(cast.leader).post(f"/deals/revenue/{entry.pk}/correct/", told).status_code == 302
    assert RevenueEntry.objects.count() == 2


def test_two_who_correct_the_same_entry_lose_nothing(cast, as_, entry):
    as_(cast.leader).post(f"/deals/revenue/{entry.pk}/correct/", {"day": "2026-11-23", "amount": "90"})
    response = as_(cast.delegate).post(
        f"/deals/revenue/{entry.pk}/correct/", {"day": "2026-11-23", "amount": "80"}
    )
    assert response.status_code == 409
    assert 'value="80"' in response.content.decode()
    assert RevenueEntry.objects.count() == 2


def test_a_booked_deal_corrected_by_hand_stays_so_when_only_its_stage_changes(cast, as_):
    deal, client = make_deal(team=cast.north), as_(cast.leader)
    client.post(
        f"/deals/{deal.pk}/", {"version": 1, "status": "won", "close_date": "2026-11-20", "amount": "100k"}
    )
    booked = RevenueEntry.objects.get()
    client.post(f"/deals/revenue/{booked.pk}/correct/", {"day": "2026-11-20", "amount": "95k"})
    client.post(
        f"/deals/{deal.pk}/",
        {"version": 2, "status": "won", "close_date": "2026-11-20", "amount": "100k", "stage": "Signed"},
    )
    assert [one.amount for one in RevenueEntry.objects.uncorrected()] == [Decimal(95_000)]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("leader", 302),
        ("delegate", 302),
        ("ceo", 403),
        ("facilitator", 403),
        ("observer", 403),
        ("admin", 403),
        ("outsider", 404),
    ],
)
def test_the_leaders_side_writes_it_down(cast, as_, entry, who, status):
    client = as_(getattr(cast, who))
    assert new(client).status_code == status
    assert (
        client.post(f"/deals/revenue/{entry.pk}/correct/", {"day": "2026-11-20", "amount": "5"}).status_code
        == status
    )


@pytest.mark.parametrize(("who", "number"), [("ceo", 1), ("observer", 1), ("admin", 1), ("outsider", 0)])
def test_revenue_is_a_fact_that_admins_see_too(cast, as_, entry, who, number):
    assert len(as_(getattr(cast, who)).get("/deals/revenue/").context["lines"]) == number


def test_the_list_shows_what_counts_or_everything(cast, as_, entry):
    make_revenue(team=cast.north, day=TODAY, amount=90, corrects=entry)
    client = as_(cast.leader)
    assert [line.entry.amount for line in client.get("/deals/revenue/").context["lines"]] == [Decimal(90)]
    assert [line.is_current for line in client.get("/deals/revenue/?state=all").context["lines"]] == [
        True,
        False,
    ]
    (total,) = client.get("/deals/revenue/?state=all").context["totals"]
    assert total.amount == Decimal(90)


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, as_, django_assert_max_num_queries, number):
    for _ in range(number):
        make_revenue(team=cast.north, day=TODAY, amount=1, created_by=cast.leader)
    client = as_(cast.ceo)
    with django_assert_max_num_queries(6):
        client.get("/deals/revenue/")


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        ("A$1,000", "This amount is in A$, but amounts here are in USD."),
        ("€130 000", "This amount is in €, but amounts here are in USD."),
        ("2.500", "This can be 2500 or 2.5. Write it as one of these."),
        ("100 200", "This looks like two amounts."),
        ("-500", "An amount below zero is a credit. Say so if it is one."),
    ],
)
def test_an_amount_that_is_unclear_is_asked_back(cast, as_, amount, why):
    page = new(as_(cast.leader), amount=amount)
    assert (page.status_code, why in page.content.decode()) == (422, True)
    assert not RevenueEntry.objects.exists()


def test_a_credit_is_below_zero_and_said_to_be_one(cast, as_):
    client = as_(cast.leader)
    assert 'type="checkbox" name="is_credit"' in new(client, amount="-500").content.decode()
    assert new(client, amount="-500", is_credit="on").status_code == 302
    entry = RevenueEntry.objects.get()
    assert (entry.amount, entry.source) == (-500, "credit")


def test_an_invoice_typed_for_a_won_deal_is_asked_about(cast, as_):
    client = as_(cast.leader)
    deal = make_deal(team=cast.north, name="Rollout", status="won", amount=95_000)
    make_revenue(team=cast.north, day=TODAY, amount=95_000, deal=deal, source="deal")
    page = new(client, amount="95000", note="Invoice 7, rollout")
    assert (
        page.status_code,
        "The won deal “Rollout” of this amount is booked already" in page.content.decode(),
    ) == (
        422,
        True,
    )
    assert new(client, amount="95000", note="Invoice 7, rollout", is_other_money="on").status_code == 302
    assert new(client, amount="95000", note="Something else").status_code == 302
    assert RevenueEntry.objects.count() == 3


def test_more_than_a_deals_amount_is_said_on_its_page(cast, as_):
    deal = make_deal(team=cast.north, name="Rollout", status="won", amount=1_000)
    for amount in (700, 500):
        make_revenue(team=cast.north, day=TODAY, amount=amount, deal=deal)
    page = as_(cast.leader).get(f"/deals/{deal.pk}/").content.decode()
    assert "$200 more is booked than the amount of the deal." in page
