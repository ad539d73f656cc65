"""An admin's page of a company's revenue: every team's, narrowed, summed, corrected, taken along."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from alignment.models import Entry, Membership
from deals.models import RevenueEntry
from deals.tables.files import read_file
from tests.factories import NOW, TODAY, make_deal, make_revenue

pytestmark = pytest.mark.django_db
PAGE = "/setup/demo/revenue/"


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(cast, as_):
    return as_(cast.admin)


@pytest.fixture
def entries(cast):
    make_revenue(team=cast.away, day=TODAY, amount=1000)
    return [
        make_revenue(team=cast.north, day=TODAY, amount=1, note="Orbis"),
        make_revenue(team=cast.south, day=date(2026, 10, 2), amount=20, source="deal"),
        make_revenue(team=cast.south, day=TODAY, amount=300, source="crm"),
    ]


@pytest.mark.parametrize(
    ("asked", "amounts"),
    [
        ({}, {1, 20, 300}),
        ({"team": "south"}, {20, 300}),
        ({"month": "2026-10"}, {20}),
        ({"source": "crm"}, {300}),
        ({"q": "orbis"}, {1}),
        ({"team": "away"}, {1, 20, 300}),
        ({"month": "1999-13", "source": "x"}, {1, 20, 300}),
    ],
)
def test_it_lists_the_companys_revenue_as_asked(admin, entries, asked, amounts):
    page = admin.get(PAGE, asked).context
    assert {line.entry.amount for line in page["lines"]} == amounts
    assert sum(total.amount for total in page["totals"]) == sum(amounts)


def test_it_says_how_much_came_which_way(admin, entries):
    sums = admin.get(PAGE).context["sources"]
    assert [(one.label, one.amount) for one in sums] == [
        ("From a CRM import", 300),
        ("From a won deal", 20),
        ("Typed", 1),
    ]


def test_a_deal_is_a_link_only_for_admins_who_can_open_it(cast, as_):
    deal = make_deal(team=cast.north, name="Hollis cold store")
    make_revenue(team=cast.north, day=TODAY, amount=5, deal=deal)
    link = f'href="/deals/{deal.pk}/"'
    as_admin = as_(cast.admin).get(PAGE).content.decode()
    assert "Hollis cold store" in as_admin and link not in as_admin
    Membership.objects.create(company=cast.company, user=cast.leader, is_admin=True)
    assert link in as_(cast.leader).get(PAGE).content.decode()


def test_an_admin_writes_down_an_entry(cast, admin):
    answer = admin.post(f"{PAGE}new/", {"team_slug": "south", "day": "2026-11-20", "amount": "1,250.50"})
    entry = RevenueEntry.objects.get()
    assert (answer.status_code, entry.team, entry.amount, entry.created_by) == (
        302,
        cast.south,
        Decimal("1250.50"),
        cast.admin,
    )
    assert Entry.objects.get(what="revenue.added").about == "South"


@pytest.mark.parametrize("wrong", [{"team_slug": "away"}, {"day": "2026-11-24"}, {"amount": "-1"}])
def test_what_is_wrong_is_said_at_the_field(admin, cast, wrong):
    answer = admin.post(f"{PAGE}new/", {"team_slug": "south", "day": "2026-11-20", "amount": "5"} | wrong)
    assert (answer.status_code, RevenueEntry.objects.count()) == (422, 0)


def test_a_correction_names_what_it_corrects(admin, entries):
    admin.post(f"{PAGE}{entries[0].pk}/correct/", {"day": "2026-11-23", "amount": "2"})
    made = RevenueEntry.objects.latest("pk")
    assert (made.corrects, made.amount) == (entries[0], 2)
    entry = Entry.objects.get(what="revenue.corrected")
    assert (entry.old, entry.new) == ("2026-11-23: $1", "2026-11-23: $2")


def test_an_entry_of_another_company_is_not_found(admin, entries):
    away = RevenueEntry.objects.get(team__slug="away")
    assert admin.get(f"{PAGE}{away.pk}/correct/").status_code == 404


def test_correcting_twice_shows_what_was_written(admin, entries):
    for amount in ("2", "3"):
        answer = admin.post(f"{PAGE}{entries[0].pk}/correct/", {"day": "2026-11-23", "amount": amount})
    assert (answer.status_code, 'value="3"' in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_it_is_taken_along_as_it_is_narrowed(admin, entries, kind):
    answer = admin.post(f"{PAGE}export/", {"team": "north", "kind": kind})
    head, line = read_file(answer.getvalue()).lines
    assert (head.cells[0], line.cells[0], Decimal(line.cells[2]), line.cells[3]) == (
        "Team",
        "North",
        1,
        "Orbis",
    )
    assert Entry.objects.get(what="revenue.exported").about == "1 entry"


@pytest.mark.parametrize(("who", "status"), [("ceo", 403), ("leader", 403), ("outsider", 404)])
def test_it_is_for_admins(cast, as_, who, status):
    assert as_(getattr(cast, who)).get(PAGE).status_code == status


@pytest.mark.parametrize("number", [1, 50])
def test_many_entries_take_as_many_queries_as_one(cast, admin, django_assert_max_num_queries, number):
    for _ in range(number):
        make_revenue(team=cast.north, day=TODAY, amount=1, created_by=cast.leader)
    with django_assert_max_num_queries(9):
        admin.get(PAGE)


def test_a_workbook_of_too_many_entries_is_refused_and_csv_takes_them(admin, cast, monkeypatch):
    monkeypatch.setattr("deals.views.setup_revenue.LARGEST_XLSX", 2)
    for day in range(1, 4):
        make_revenue(team=cast.north, day=date(2026, 11, day), amount=day)
    answer = admin.post("/setup/demo/revenue/export/", {"kind": "xlsx"}, follow=True)
    assert "An XLSX file holds up to 2 entries, and these are 3." in answer.text
    assert not Entry.objects.filter(what="revenue.exported").exists()
    answer = admin.post("/setup/demo/revenue/export/", {"kind": "csv"})
    assert answer.streaming
    assert answer.getvalue().decode("utf-8-sig").count("\r\n") == 4
