"""Rows → accounts, deals, changes, revenue; the second import, corrections, teams."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Company, Team
from deals.import_commands.deal_import import import_deals
from deals.models import Account, Deal, DealChange, RevenueEntry
from deals.tables.csv_reader import TableError
from tests.factories import NOW, make_company, make_deal, make_seat, make_team, make_user

HEADERS = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
WON = "A1,Moses Frase,GTXPro,Isdom,Won,2026-01-05,2026-03-01,1054"
OPEN = "B2,Anna Snelling,MG Special,,Engaging,2026-02-05,,"
LOST = "C3,Anna Snelling,GTX Basic,Isdom,Lost,2026-02-05,2026-04-01,0"
TEAMS = b"sales_agent,manager,regional_office\nMoses Frase,Dustin Brinkmann,Central\nAnna Snelling,Cara Losch,East\n"

pytestmark = pytest.mark.django_db


def give(*rows, teams=TEAMS, headers=HEADERS, company="maven", now=NOW, **options):
    content = "\n".join([headers, *rows]).encode()
    options = {"locale": "", "dry_run": False} | options
    return import_deals(content, company_slug=company, teams=teams, now=now, **options)


def test_a_won_deal_is_revenue_on_the_day_it_was_won():
    give(WON)
    entry = RevenueEntry.objects.get()
    assert (entry.day.isoformat(), entry.amount, entry.team.name) == ("2026-03-01", 1054, "Dustin Brinkmann")
    assert entry.deal == Deal.objects.get(
        external_id="A1", status="won", rep__name="Moses Frase", stage="Won"
    )


def test_an_open_deal_without_amount_and_close_date_is_not_lost():
    give(OPEN)
    deal = Deal.objects.get(status="open")
    assert (deal.amount, deal.close_date, deal.account, deal.stage) == (None, None, None, "Engaging")


def test_a_deal_without_a_name_is_named_by_its_product_and_account():
    give(WON, OPEN)
    assert set(Deal.objects.values_list("name", flat=True)) == {
        "GTX Pro for Isdom",
        "MG Special, account not known",
    }


def test_a_missing_company_is_made_and_that_is_said():
    report = give(WON)
    company = Company.objects.get()
    assert (company.name, company.slug, company.currency) == ("Maven", "maven", "USD")
    assert any("Company “Maven” created" in sentence for sentence in report.sentences())


def test_a_company_is_made_in_the_currency_the_file_names():
    give(
        "1,Orbis,Won,2026-03-01,10,EUR,Moses Frase", headers="id,name,stage,close date,amount,currency,owner"
    )
    assert Company.objects.get().currency == "EUR"


def test_one_team_a_manager_starts_on_the_monday_of_this_week():
    give(WON, OPEN, now=datetime(2026, 11, 25, 12, tzinfo=UTC))
    teams = Team.objects.order_by("name")
    assert [(team.name, team.slug) for team in teams] == [
        ("Cara Losch", "cara-losch"),
        ("Dustin Brinkmann", "dustin-brinkmann"),
    ]
    assert {team.starts_on.isoformat() for team in teams} == {"2026-11-23"}


def test_a_new_teams_bands_come_from_what_it_won():
    give(*(f"{n},Moses Frase,GTX Basic,Isdom,Won,2026-01-05,2026-03-01,{n * 101}" for n in range(1, 12)))
    team = Team.objects.get(name="Dustin Brinkmann")
    assert (team.mid_deal_from, team.big_deal_from) == (610, 1000)


def test_a_slug_taken_by_another_company_is_not_taken_away():
    make_team(company=make_company(), slug="cara-losch")
    give(OPEN)
    assert Team.objects.get(company__slug="maven", name="Cara Losch").slug == "cara-losch-2"


def test_the_same_file_a_second_time_changes_nothing():
    give(WON, OPEN, LOST)
    before = list(Deal.objects.values()), list(RevenueEntry.objects.values()), list(Team.objects.values())
    report = give(WON, OPEN, LOST)
    assert "0 new, 0 changed, 3 unchanged" in "\n".join(report.sentences())
    assert before == (
        list(Deal.objects.values()),
        list(RevenueEntry.objects.values()),
        list(Team.objects.values()),
    )
    assert set(DealChange.objects.values_list("field", flat=True)) == {"seen"}


def test_what_changed_is_learned_with_the_day():
    give(OPEN)
    report = give(
        OPEN.replace("Engaging", "Won").replace(",,", ",Orbis,", 1).removesuffix(",,") + ",2026-11-20,55"
    )
    changes = set(DealChange.objects.values_list("field", "old", "new", "day"))
    assert report.outcome.counts["changed"] == 1
    assert ("status", "open", "won", NOW.date()) in changes
    assert ("close_date", "", "2026-11-20", NOW.date()) in changes
    assert RevenueEntry.objects.get().amount == 55


def test_a_name_made_up_learns_the_account_and_one_given_by_a_person_stays():
    give(OPEN, LOST)
    Deal.objects.filter(external_id="C3").update(name="The pilot")
    give(OPEN.replace(",,", ",Orbis,", 1), LOST)
    assert set(Deal.objects.values_list("name", flat=True)) == {"MG Special for Orbis", "The pilot"}


def test_another_value_is_a_correction_that_names_the_entry_it_corrects():
    give(WON)
    report = give(WON.replace("1054", "900"))
    old, new = RevenueEntry.objects.order_by("pk")
    assert (old.amount, new.amount, new.corrects, new.deal) == (1054, 900, old, old.deal)
    assert RevenueEntry.objects.uncorrected().get() == new
    assert (report.outcome.counts["corrections"], report.outcome.corrected) == (1, Decimal(-154))


def test_a_deal_no_longer_won_is_corrected_to_nothing_and_may_be_won_again():
    give(WON)
    for stage, standing in (("Engaging", 0), ("Engaging", 0), ("Won", 1054), ("Won", 1054)):
        give(WON.replace("Won", stage))
        assert RevenueEntry.objects.uncorrected().get().amount == standing
    assert RevenueEntry.objects.count() == 3


def test_an_empty_cell_takes_nothing_away():
    give(OPEN)
    Deal.objects.update(amount=500, close_date="2026-12-01")
    give(OPEN)
    deal = Deal.objects.get()
    assert (deal.amount, deal.close_date.isoformat()) == (500, "2026-12-01")


def test_a_dry_run_says_the_same_and_writes_nothing():
    said = give(WON, OPEN, dry_run=True).sentences()
    assert not any(model.objects.exists() for model in (Company, Team, Deal, Account, RevenueEntry))
    assert said[:-1] == give(WON, OPEN).sentences()
    assert "nothing was saved" in said[-1]


def test_without_teams_everything_goes_to_the_only_team():
    team = make_team(company=make_company(slug="maven"))
    give(WON, OPEN, teams=None)
    assert Deal.objects.filter(team=team).count() == 2


def test_without_teams_deals_go_to_the_leader_who_owns_them_or_where_the_rep_is_known():
    company = make_company(slug="maven")
    led = make_team(company=company)
    make_seat(team=led, user=make_user(name="Moses Frase"), role="leader")
    known = make_deal(team=make_team(company=company), rep="Anna Snelling").team
    give(WON, OPEN, teams=None)
    assert (Deal.objects.get(external_id="A1").team, Deal.objects.get(external_id="B2").team) == (led, known)


def test_owners_without_a_team_are_named():
    company = make_company(slug="maven")
    make_team(company=company), make_team(company=company)
    with pytest.raises(TableError, match=r"No team of .* is known for Anna Snelling, Moses Frase"):
        give(WON, OPEN, teams=None)


def test_an_owner_missing_from_the_file_of_teams_is_named_and_nothing_is_made():
    with pytest.raises(TableError, match="does not say who manages Otto"):
        give(WON, OPEN.replace("Anna Snelling", "Otto"))
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("teams", "sentence"),
    [
        (b"a,b\n1,2", "needs a column"),
        (b"sales_agent,manager\nMoses,\n", "Row 2"),
        (b"sales_agent,manager\n", "names nobody"),
        (b"sales_agent,manager\nMoses,A\nMoses,B", "two managers"),
        (b"", "empty"),
    ],
)
def test_a_bad_file_of_teams_is_refused(teams, sentence):
    with pytest.raises(TableError, match=sentence):
        give(WON, teams=teams)


def test_a_deal_stays_in_the_team_it_was_first_known_in():
    give(WON)
    report = give(WON.replace("Moses Frase", "Anna Snelling"))
    assert (Deal.objects.get().team.name, Deal.objects.get().rep_name) == (
        "Dustin Brinkmann",
        "Anna Snelling",
    )
    assert "1 deals stay with the team" in "\n".join(report.sentences())


def test_another_companys_deal_of_the_same_id_is_another_deal():
    give(WON)
    give(WON, company="rival")
    assert Deal.objects.filter(external_id="A1").count() == 2


def test_reading_many_rows_costs_no_more_queries_than_reading_few():
    def queries(count):
        rows = [WON.replace("A1", f"{count}-{n}") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            give(*rows)
        return len(captured)

    queries(1)
    assert queries(2) == queries(20)  # SQLite takes about as many deals in one statement


def test_the_command_says_what_it_did(tmp_path):
    deals, teams = tmp_path / "deals.csv", tmp_path / "teams.csv"
    deals.write_text("\n".join([HEADERS, WON, OPEN]))
    teams.write_bytes(TEAMS)
    out = StringIO()
    call_command("import_deals", deals, company="maven", teams=teams, json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert (told["new"], told["changed"], told["revenue"]) == (2, 0, {"entries": 1, "amount": "1054.00"})


def test_the_command_refuses_in_sentences_also_for_a_program(tmp_path):
    out = StringIO()
    with pytest.raises(CommandError, match=r"cannot be opened(.|\n)*Nothing was changed"):
        call_command("import_deals", tmp_path / "none.csv", company="maven", json=True, stdout=out)
    assert "cannot be opened" in json.loads(out.getvalue())["errors"][0]
