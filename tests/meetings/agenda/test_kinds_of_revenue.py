"""What counts as revenue: a setting of the company that a team may say otherwise; kinds are never added up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from alignment.models import Entry, Goal, Team, User
from deals.models import RevenueEntry
from meetings.agenda import build
from meetings.agenda.queries import pages
from meetings.agenda.sections.revenue import OtherKind, RevenueSection, UninvoicedRow
from meetings.home import home
from meetings.rules.amounts import amounts
from tests.alignment.views.test_company import PAGE, form
from tests.cast import Cast
from tests.factories import NOW, make_account, make_deal, make_meeting, make_revenue

As = Callable[[User], Client]
SETTINGS = "/setup/demo/teams/north/"
NOVEMBER = date(2026, 11, 12)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def section_of(cast: Cast) -> RevenueSection:
    meeting = cast.north.meetings.first() or make_meeting(team=cast.north)
    return build(pages().get(pk=meeting.pk), cast.ceo, NOW).revenue


def make_kinds(cast: Cast) -> None:
    for kind, amount in (("won", 700), ("invoiced", 400), ("recurring", 90)):
        make_revenue(team=cast.north, day=NOVEMBER, amount=amount, kind=kind)


@pytest.mark.parametrize(
    ("kind", "counted", "others"),
    [
        ("won", 700, {"invoiced": 400, "recurring": 90}),
        ("invoiced", 400, {"won": 700, "recurring": 90}),
        ("recurring", 90, {"won": 700, "invoiced": 400}),
    ],
)
def test_only_the_teams_kind_counts_and_others_are_stated_apart(cast, kind, counted, others):
    make_kinds(cast)
    Team.objects.filter(pk=cast.north.pk).update(revenue_kind=kind)
    section = section_of(cast)
    assert section.figures.quarter.actual == counted
    assert {row.kind: row.amount for row in section.other_kinds} == others


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("won", "is won"), ("invoiced", "is invoiced"), ("recurring", "is won as recurring")],
)
def test_headline_page_and_home_word_the_kind(cast, as_, kind, sentence):
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=3_000)
    make_kinds(cast)
    Team.objects.filter(pk=cast.north.pk).update(revenue_kind=kind)
    meeting = make_meeting(team=cast.north)
    agenda = build(pages().get(pk=meeting.pk), cast.ceo, NOW)
    assert sentence in amounts(agenda.headline, currency="USD", locale="en-US")
    page = as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode()
    assert ("What counts: " in page) == (kind != "won")
    (row,) = [row for group in home(cast.ceo, NOW).groups for row in group.rows if row.slug == "north"]
    assert row.words.participle == kind
    assert row.standing is not None
    assert row.standing.actual == {"won": 700, "invoiced": 400, "recurring": 90}[kind]


def test_one_change_of_the_company_reaches_the_teams_that_follow_it(cast, as_):
    Team.objects.filter(pk=cast.south.pk).update(revenue_kind="recurring", own_policies=["revenue_kind"])
    client = as_(cast.admin)
    client.post(PAGE, form(client, revenue_kind="invoiced"))
    kinds = dict(Team.objects.filter(company=cast.company).values_list("slug", "revenue_kind"))
    assert kinds == {"north": "invoiced", "south": "recurring"}
    entry = Entry.objects.get(what="company.changed")
    assert (entry.old, entry.new) == ("Won (bookings)", "Invoiced")


def test_a_team_says_otherwise_and_follows_the_company_again(cast, as_):
    client = as_(cast.admin)
    client.post(SETTINGS, {"part": "revenue", "revenue_kind": "invoiced"})
    cast.north.refresh_from_db()
    assert (cast.north.revenue_kind, cast.north.own_policies) == ("invoiced", ["revenue_kind"])
    client.post(SETTINGS, {"part": "revenue", "revenue_kind": ""})
    cast.north.refresh_from_db()
    assert (cast.north.revenue_kind, cast.north.own_policies) == ("won", [])
    olds = Entry.objects.filter(what="team.changed").order_by("pk").values_list("old", "new")
    assert list(olds) == [
        ("Revenue: as the company, Won (bookings)", "Revenue: Invoiced"),
        ("Revenue: Invoiced", "Revenue: as the company, Won (bookings)"),
    ]


def test_winning_a_deal_books_it_as_won_whatever_was_invoiced(cast):
    deal = make_deal(team=cast.north, amount=Decimal(1000), status="won", close_date=NOVEMBER)
    make_revenue(team=cast.north, day=NOVEMBER, amount=400, kind="invoiced", deal=deal)
    RevenueEntry.objects.book_deal(deal, by=cast.leader, now=NOW)
    assert list(deal.revenue.order_by("pk").values_list("kind", "amount")) == [
        ("invoiced", 400),
        ("won", 1000),
    ]


def test_what_is_won_and_not_yet_invoiced_is_told_by_account_and_month(cast):
    Team.objects.filter(pk=cast.north.pk).update(revenue_kind="invoiced")
    orbis = make_account(company=cast.company, name="Orbis")
    deal = make_deal(team=cast.north, account=orbis, status="won", amount=Decimal(1000))
    make_revenue(team=cast.north, day=date(2026, 10, 5), amount=1000, kind="won", deal=deal)
    make_revenue(team=cast.north, day=NOVEMBER, amount=300, kind="invoiced", account=orbis)
    make_revenue(team=cast.north, day=NOVEMBER, amount=50, kind="invoiced")
    section = section_of(cast)
    assert section.uninvoiced == 700
    assert section.uninvoiced_rows == (UninvoicedRow("Orbis", date(2026, 10, 1), Decimal(700)),)
    assert section.unassigned_invoices == 50
    assert section.other_kinds == (OtherKind("won", Decimal(1000)),)


def test_recurring_revenue_is_lost_without_being_a_credit(cast, as_):
    sent = {"team": "north", "day": "2026-11-12", "amount": "-90", "kind": "recurring", "note": "Orbis left"}
    as_(cast.leader).post("/deals/revenue/new/", sent)
    entry = RevenueEntry.objects.get()
    assert (entry.amount, entry.kind, entry.source) == (-90, "recurring", "typed")


def test_the_list_adds_up_one_kind_at_a_time(cast, as_):
    make_kinds(cast)
    client = as_(cast.leader)
    sums = {
        kind: [total.amount for total in client.get("/deals/revenue/", {"revenue": kind}).context["totals"]]
        for kind in ("", "won", "invoiced", "recurring")
    }
    assert sums == {"": [700], "won": [700], "invoiced": [400], "recurring": [90]}
