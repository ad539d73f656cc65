"""An account shows what the reader's own teams have there, and not a word of another team."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from deals.models import Account, Contact, FollowUp
from meetings.models import ContactNote
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_commitment,
    make_contact,
    make_deal,
    make_issue,
    make_rep,
    make_revenue,
    make_risk,
)
from tests.html import flat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def account(cast: Any) -> Account:
    """Known to both teams of the company."""
    account = make_account(company=cast.company, name="Orbis")
    for team, word in ((cast.north, "NORTHERN"), (cast.south, "SOUTHERN")):
        deal = make_deal(team=team, account=account, name=f"{word} deal", next_step=f"{word} step")
        make_risk(team=team, deal=deal, account=account, name="Orbis", what_is_wrong=f"{word} risk")
        lost = {"status": "lost", "reason": f"{word} reason", "close_date": TODAY}
        make_deal(team=team, account=account, name=f"{word} lost", **lost)
        owner = cast.leader if team == cast.north else cast.second_leader
        make_commitment(team=team, owner=owner, deal=deal, text=f"{word} promise")
        make_issue(team=team, deal=deal, title=f"{word} issue")
    make_revenue(team=cast.north, day=TODAY - timedelta(days=9), amount=111, account=account)
    make_revenue(team=cast.south, day=TODAY - timedelta(days=9), amount=777, account=account)
    return account


def test_two_teams_at_one_account_do_not_see_each_other(cast, as_, account):
    for person, own, other, sum_, not_sum in (
        (cast.leader, "NORTHERN", "SOUTHERN", "$111", "$777"),
        (cast.second_leader, "SOUTHERN", "NORTHERN", "$777", "$111"),
    ):
        client = as_(person)
        pages = [flat(client.get(f"/deals/accounts/{account.pk}/")), flat(client.get("/deals/accounts/"))]
        assert f"{own} deal" in pages[0]
        assert f"{own} risk" in pages[0]
        assert sum_ in pages[0]
        assert not_sum not in pages[0]
        file = b"".join(client.get("/deals/accounts/download/").streaming_content).decode()
        assert not [text for text in (*pages, file) if other in text]
        [line] = client.get("/deals/accounts/").context["lines"]
        assert (line.sums.open_number, line.sums.open_amount) == (1, Decimal(100_000))


def test_the_ceo_of_both_teams_sees_both(cast, as_, account):
    page = flat(as_(cast.ceo).get(f"/deals/accounts/{account.pk}/"))
    assert "NORTHERN deal" in page
    assert "SOUTHERN deal" in page
    assert "$888" in page


def test_the_page_says_when_each_own_team_spoke_to_a_key_client_and_does_so_next(cast, as_, account):
    for team, words in ((cast.north, "NORTHERN words"), (cast.south, "SOUTHERN words")):
        follow_up = FollowUp.objects.create(
            team=team, account=account, began_on=TODAY, due_on=TODAY - timedelta(days=1), created_at=NOW
        )
        follow_up.touches.create(
            day=TODAY - timedelta(days=91), client_said=words, colour="amber", at=NOW, by_name="Dana"
        )
    page = flat(as_(cast.leader).get(f"/deals/accounts/{account.pk}/"))
    assert "NORTHERN words" in page
    assert "next by 22 Nov, overdue" in page
    assert "SOUTHERN words" not in page


def test_an_account_of_other_teams_is_not_found(cast, as_):
    account = make_account(company=cast.company)
    make_deal(team=cast.south, account=account)
    assert as_(cast.leader).get(f"/deals/accounts/{account.pk}/").status_code == 404
    assert as_(cast.admin).get(f"/deals/accounts/{account.pk}/").status_code == 404
    assert as_(cast.outsider).get(f"/deals/accounts/{account.pk}/").status_code == 404


def test_observers_do_not_get_contacts(cast, as_, account):
    contact = make_contact(account=account, name="Mira Holm", email="mira@orbis.test")
    assert "Mira Holm" in flat(as_(cast.leader).get(f"/deals/accounts/{account.pk}/"))
    page = flat(as_(cast.observer).get(f"/deals/accounts/{account.pk}/"))
    assert "Mira Holm" not in page
    assert "Contacts" not in page
    assert as_(cast.observer).get(f"/deals/contacts/{contact.pk}/").status_code == 404


def test_a_contact_is_added_edited_and_deleted_for_good(cast, as_, account):
    client = as_(cast.leader)
    typed = {"name": "Mira Holm", "title": "CFO", "level": "c_level", "role": "pays", "email": "M@orbis.test"}
    for _ in range(2):  # a second click
        assert client.post(f"/deals/accounts/{account.pk}/contacts/new/", typed).status_code == 302
    contact = Contact.objects.get()
    assert (contact.name, contact.role, contact.email) == ("Mira Holm", "pays", "m@orbis.test")
    client.post(f"/deals/contacts/{contact.pk}/", {"version": 1, "role": "decides"})
    contact.refresh_from_db()
    assert (contact.role, contact.title, contact.version) == ("decides", "CFO", 2)
    assert client.post(f"/deals/contacts/{contact.pk}/delete/").status_code == 302
    assert not Contact.objects.exists()


def test_what_a_team_thinks_of_a_contact_is_for_its_two_principals(cast, as_, account):
    contact = make_contact(account=account)
    told = {"stance": "against", "what_matters": "CANARY uptime"}
    assert as_(cast.leader).post(f"/teams/north/contacts/{contact.pk}/", told).status_code == 302
    note = ContactNote.objects.get()
    assert (note.team, note.by, note.stance) == (cast.north, cast.leader, "against")
    for person, sees in (
        (cast.leader, True),
        (cast.ceo, True),
        (cast.delegate, False),
        (cast.facilitator, False),
        (cast.observer, False),
        (cast.second_leader, False),
    ):
        page = flat(as_(person).get(f"/deals/accounts/{account.pk}/"))
        assert ("CANARY uptime" in page) is sees, person
    assert as_(cast.delegate).get(f"/teams/north/contacts/{contact.pk}/").status_code == 403
    assert as_(cast.second_leader).get(f"/teams/north/contacts/{contact.pk}/").status_code == 404


def test_the_details_of_an_account_are_edited(cast, as_, account):
    rep = make_rep(team=cast.north, name="Dana Ruiz")
    typed = {
        "version": 1,
        "name": "Orbis AG",
        "status": "client",
        "owner_name": "dana ruiz",
        "employees": "900",
        "revenue_band": "from_10",
    }
    assert as_(cast.leader).post(f"/deals/accounts/{account.pk}/edit/", typed).status_code == 302
    account.refresh_from_db()
    assert (account.name, account.status, account.owner, account.employees) == (
        "Orbis AG",
        "client",
        rep,
        900,
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "ORION"}, "Another account is called “ORION” already."),
        ({"owner_name": "Nobody"}, "“Nobody” is no rep of North."),
        ({"employees": "many"}, "Enter a whole number"),
        ({"name": " "}, "Enter the account’s name."),
    ],
)
def test_what_an_account_cannot_be_is_said_in_a_sentence(cast, as_, account, typed, sentence):
    make_account(company=cast.company, name="Orion")
    response = as_(cast.leader).post(f"/deals/accounts/{account.pk}/edit/", {"version": 1} | typed)
    assert response.status_code == 422
    assert sentence in flat(response)


def test_the_list_is_narrowed(cast, as_, account):
    quiet = make_account(company=cast.company, name="Quiet", status="client")
    make_deal(team=cast.north, account=quiet, status="won", close_date=TODAY)
    client = as_(cast.leader)
    for query, found in {
        "": ["Orbis", "Quiet"],
        "only=open": ["Orbis"],
        "only=quiet": ["Quiet"],
        "status=client": ["Quiet"],
        "status=none": ["Orbis"],
        "q=orb": ["Orbis"],
        "sort=amount": ["Orbis", "Quiet"],
    }.items():
        client.get("/deals/accounts/?clear=1")
        lines = client.get(f"/deals/accounts/?{query}").context["lines"]
        assert [line.account.name for line in lines] == found, query


@pytest.mark.parametrize("number", [1, 50])
def test_the_pages_take_as_many_queries_for_many_as_for_one(
    cast, as_, django_assert_num_queries, account, number
):
    for _ in range(number):
        other = make_account(company=cast.company)
        make_deal(team=cast.north, account=other, rep="Dana")
        make_deal(team=cast.north, account=account, rep="Dana")
        make_contact(account=account)
        make_risk(team=cast.north, account=account)
    client = as_(cast.ceo)
    client.get("/deals/accounts/")
    with django_assert_num_queries(8):
        client.get("/deals/accounts/")
    with django_assert_num_queries(14):
        client.get(f"/deals/accounts/{account.pk}/")
