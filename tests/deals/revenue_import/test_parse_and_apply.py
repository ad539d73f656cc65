"""Revenue from a table: previewed first, recorded once, wrong rows named."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from alignment.models import Entry
from deals.models import RevenueEntry
from deals.tables.writer import as_xlsx
from tests.factories import NOW, TODAY, make_account, make_deal, make_revenue

pytestmark = pytest.mark.django_db
PASTE, SETUP = "/deals/revenue/paste/", "/setup/demo/revenue/paste/"
TWO = "Date\tAmount\tNote\n2026-11-20\t1,250.50\tOrbis, invoice 7\n11/19/2026\t$5k\tBrandt"


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


def look(client, text, path=PASTE, **more):
    return client.post(path, {"text": text, "team": "north"} | more)


def write(client, text, path=PASTE, **more):
    """Both steps, as a browser takes them."""
    seen = look(client, text, path).context
    fields = {"token": str(seen["token"])}
    return client.post(path, {"team": "north", "step": "write"} | fields | more)


def stored():
    return [
        (entry.team.slug, entry.day.isoformat(), entry.amount, entry.note)
        for entry in RevenueEntry.objects.all()
    ]


def test_a_pasted_table_is_shown_first_and_written_then(cast, as_):
    client = as_(cast.leader)
    page = look(client, TWO)
    assert (page.status_code, page.context["new"], page.context["total"]) == (200, 2, Decimal("6250.50"))
    assert stored() == []
    assert write(client, TWO).status_code == 302
    assert stored() == [
        ("north", "2026-11-19", 5000, "Brandt"),
        ("north", "2026-11-20", Decimal("1250.50"), "Orbis, invoice 7"),
    ]


def test_the_same_table_again_adds_nothing(cast, as_):
    client = as_(cast.leader)
    for _ in range(3):
        write(client, TWO)
    assert (len(stored()), look(client, TWO).context["new"]) == (2, 0)


def test_composed_and_decomposed_letters_are_one_entry(cast, as_):
    client = as_(cast.leader)
    for name in ("Müller", "Mu\u0308ller", "MÜLLER"):
        write(client, f"2026-11-20\t500\t{name}")
    assert [note for *_, note in stored()] == ["Müller"]


def test_what_is_there_already_is_written_again_only_when_asked(cast, as_):
    client = as_(cast.leader)
    write(client, TWO)
    write(client, TWO, also="on")
    assert len(stored()) == 4


def test_two_clicks_write_once(cast, as_):
    client = as_(cast.leader)
    seen = look(client, TWO).context
    told = {"team": "north", "step": "write", "also": "on", "token": str(seen["token"])}
    for _ in range(2):
        assert client.post(PASTE, told).status_code == 302
    assert len(stored()) == 2


def test_a_corrected_entry_is_there_already(cast, as_):
    entry = make_revenue(team=cast.north, day=TODAY, amount=100, note="Orbis")
    make_revenue(team=cast.north, day=TODAY, amount=90, note="Orbis", corrects=entry)
    assert look(as_(cast.leader), "2026-11-23\t100\tOrbis").context["new"] == 0


def test_equal_rows_are_counted(cast, as_):
    rows, client = "2026-11-02\t500\tLicence\n" * 3, as_(cast.leader)
    assert look(client, rows).context["new"] == 3
    write(client, "2026-11-02\t500\tLicence")
    page = look(client, rows)
    assert (page.context["new"], page.context["recorded"]) == (2, 1)
    write(client, rows)
    assert (len(stored()), look(client, rows).context["new"]) == (3, 0)


def test_the_same_money_under_another_note_is_pointed_out(cast, as_):
    make_revenue(team=cast.north, day=TODAY, amount=100, note="Orbis")
    page = look(as_(cast.leader), "2026-11-23\t100\tInvoice 7")
    assert (page.context["new"], page.context["similar"]) == (1, 1)
    assert "similar to “Orbis”" in page.content.decode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-24\t5", "Row 1: 2026-11-24 is in the future, and revenue is what was actually won."),
        ("2026-11-20\t5\n2026-11-21\t12k5", "Row 2: “12k5” is not an amount."),
        (
            "2026-11-20\t-5",
            "Row 1: “-5” is below zero, so it corrects another entry: correct that one instead.",
        ),
        ("2026-11-20\t5 €", "Row 1: “5 €” is in €, but the company uses USD."),
        ("2026-11-20\t", "Row 1: the amount is missing."),
        ("2026-11-20", "Row 1: the amount is missing."),
        ("soon\t5", "Row 1: “soon” is not a day"),
        ("Date\tNote\n2026-11-20\tx", "There is no column “amount”. Add this heading."),
        ("Date\tAmount\tAmount\n2026-11-20\t5\t6", "Two columns are the amount. Remove one of them."),
        ("13/11/2026\t5\n11/13/2026\t5", "“13/11/2026” puts the day first and “11/13/2026” the month."),
        (
            "Date\tAmount\tDeal\n2026-11-20\t5\tOrbis",
            "Row 2: North has no deal “Orbis”. Use a note instead.",
        ),
        ("Date\tAmount", "No row has an amount."),
        (f"2026-11-20\t5\t{'x' * 301}", "is longer than 300 characters"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(cast, as_, text, why):
    page = look(as_(cast.leader), text)
    assert (page.status_code, why in page.content.decode()) == (422, True)
    assert stored() == []


def test_a_deal_named_is_linked_and_not_booked_twice(cast, as_):
    deal, client = make_deal(team=cast.north, name="Orbis", amount=100_000), as_(cast.leader)
    write(client, "Date\tAmount\tDeal\n2026-11-20\t100000\tOrbis")
    assert RevenueEntry.objects.get().deal == deal
    client.post(
        f"/deals/{deal.pk}/", {"version": 1, "status": "won", "close_date": "2026-11-20", "amount": "100k"}
    )
    assert len(stored()) == 1


def test_a_deal_booked_in_full_is_asked_about(cast, as_):
    deal = make_deal(team=cast.north, name="Orbis", status="won", amount=100)
    make_revenue(team=cast.north, day=TODAY, amount=100, deal=deal, source="deal")
    client, text = as_(cast.leader), "Date\tAmount\tNote\tDeal\n2026-11-20\t40\tInvoice 2\tOrbis"
    assert (look(client, text).context["new"], look(client, text).context["same_money"]) == (0, 1)
    write(client, text)
    assert len(stored()) == 1
    write(client, text, also="on")
    assert RevenueEntry.objects.get(amount=40).deal == deal


def test_an_invoice_of_the_account_and_amount_of_a_won_deal_is_asked_about(cast, as_):
    account = make_account(company=cast.north.company, name="Müller")
    deal = make_deal(team=cast.north, name="Rollout", account=account, status="won", amount=95_000)
    make_revenue(team=cast.north, day=TODAY, amount=95_000, deal=deal, source="deal")
    client, text = as_(cast.leader), "2026-11-20\t95000\tInvoice 7, Mu\u0308ller"
    page = look(client, text)
    assert (page.context["new"], page.context["same_money"]) == (0, 1)
    assert "the won deal “Rollout”?" in page.content.decode()
    write(client, text)
    assert len(stored()) == 1


def test_invoices_of_a_deal_are_several_and_winning_books_the_rest(cast, as_):
    deal, client = make_deal(team=cast.north, name="Orbis", amount=1_000), as_(cast.leader)
    for day in ("2026-11-19", "2026-11-20"):
        write(client, f"Date\tAmount\tDeal\n{day}\t400\tOrbis")
    assert RevenueEntry.objects.filter(deal=deal).count() == 2
    client.post(
        f"/deals/{deal.pk}/", {"version": 1, "status": "won", "close_date": "2026-11-20", "amount": "1000"}
    )
    assert sorted(entry.amount for entry in RevenueEntry.objects.uncorrected()) == [200, 400, 400]


def test_an_admin_writes_for_every_team(cast, as_):
    write(as_(cast.admin), "team\tdate\tamount\nSouth\t2026-11-20\t5\nnorth\t2026-11-20\t7", path=SETUP)
    assert [(slug, amount) for slug, _, amount, _ in stored()] == [("south", 5), ("north", 7)]
    entry = Entry.objects.get(what="revenue.added")
    assert (entry.about, entry.new, entry.by) == (
        "2 entries of 2 teams, 2026-11-20 to 2026-11-20",
        "$12",
        cast.admin,
    )


@pytest.mark.parametrize("team", ["Away", "away", "Sooth", ""])
def test_a_team_that_is_not_the_companys_is_a_wrong_row(cast, as_, team):
    page = look(as_(cast.admin), f"team\tdate\tamount\n{team}\t2026-11-20\t5", path=SETUP)
    assert page.status_code == 422
    assert stored() == []


def test_a_leader_cannot_write_for_another_team(cast, as_):
    page = look(as_(cast.leader), "team\tdate\tamount\nSouth\t2026-11-20\t5")
    assert (page.status_code, "there is no team “South”" in page.content.decode()) == (422, True)


def test_a_spreadsheet_is_read_and_marked_as_a_file(cast, as_):
    client = as_(cast.leader)
    sheet = as_xlsx([["Date", "Amount", "Note"], [TODAY, Decimal("1250.50"), "=HYPERLINK(1)"]])
    seen = client.post(PASTE, {"team": "north", "file": SimpleUploadedFile("r.xlsx", sheet)}).context
    told = {"token": str(seen["token"])}
    client.post(PASTE, {"team": "north", "step": "write"} | told)
    entry = RevenueEntry.objects.get()
    assert (entry.amount, entry.day, entry.note, entry.source) == (
        Decimal("1250.50"),
        TODAY,
        "=HYPERLINK(1)",
        "file",
    )


def test_amounts_and_days_are_read_in_the_readers_way(cast, as_):
    cast.leader.locale = "en-GB"
    cast.leader.save()
    write(as_(cast.leader), "05/11/2026\t1,250\tA")
    assert stored() == [("north", "2026-11-05", 1250, "A")]


@pytest.mark.parametrize("note", ['5" pipes, “said”', "a;b,c", "'=x", "Ünïcode 👍", "=1+1"])
def test_a_note_comes_through_the_look_unchanged(cast, as_, note):
    quoted = note.replace('"', '""')
    write(as_(cast.leader), f'Date\tAmount\tNote\n2026-11-20\t5\t"{quoted}"')
    assert stored()[0][3] == note.removeprefix("'")


@pytest.mark.parametrize(
    ("who", "status"),
    [("ceo", 403), ("facilitator", 403), ("observer", 403), ("admin", 403), ("outsider", 404)],
)
def test_the_leaders_side_pastes_for_its_team(cast, as_, who, status):
    assert look(as_(getattr(cast, who)), TWO).status_code == status


@pytest.mark.parametrize("number", [1, 50])
def test_many_rows_take_as_many_queries_as_one(cast, as_, django_assert_max_num_queries, number):
    client, text = as_(cast.admin), "\n".join(f"north\t2026-11-20\t{row + 1}" for row in range(number))
    with django_assert_max_num_queries(13):
        look(client, text, path=SETUP)
    with django_assert_max_num_queries(31):
        write(client, text, path=SETUP)
    assert len(stored()) == number


def test_five_thousand_rows_in_another_script_are_added(cast, as_):
    rows = "\n".join(f"2026-11-20\t{at}\t{'Счёт ' * 55}" for at in range(1, 5_001))
    assert write(as_(cast.leader), rows).status_code == 302
    assert RevenueEntry.objects.count() == 5_000


def test_a_preview_is_added_by_whoever_made_it_alone_and_for_their_own_teams(cast, as_):
    seen = look(as_(cast.leader), TWO).context
    told = {"step": "write", "token": str(seen["token"])}
    for client, path in ((as_(cast.admin), SETUP), (as_(cast.second_leader), PASTE)):
        client.post(path, {"team": "south"} | told)
    assert stored() == []


@pytest.mark.parametrize("token", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_preview_that_has_ended_adds_nothing_and_says_so(cast, as_, token):
    page = as_(cast.leader).post(PASTE, {"team": "north", "step": "write", "token": token}, follow=True)
    assert "This preview has ended and nothing was added." in page.content.decode()
    assert stored() == []
