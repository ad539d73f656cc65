"""What a file of deals says in two ways is asked or refused, with row and reason; never guessed."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from alignment.models import Team
from deals.import_commands.deal_import import import_deals
from deals.models import Deal, RepTerm, RevenueEntry
from deals.tables.csv_reader import TableError
from tests.factories import NOW, make_company, make_deal, make_revenue, make_seat, make_team, make_user

HEADERS = "id,name,stage,amount,close date"
pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team(company=make_company(slug="ours", currency="USD"), name="North")


def give(*rows, headers=HEADERS, company="ours", teams=None, **options):
    content = "\n".join([headers, *rows])
    content = content if isinstance(content, bytes) else content.encode()
    return import_deals(
        content, company_slug=company, teams=teams, now=NOW, **{"locale": "", "dry_run": False} | options
    )


def refused(*rows, **options):
    with pytest.raises(TableError) as refusal:
        give(*rows, **options)
    assert not Deal.objects.exists()
    return "\n".join(refusal.value.sentences)


def booked():
    return sum(entry.amount for entry in RevenueEntry.objects.uncorrected())


@pytest.mark.parametrize(
    ("rows", "headers", "sentence"),
    [
        (["1;A;Won;15.000;05.11.2026"], HEADERS.replace(",", ";"), "Row 2: “15.000” can be 15000 or 15"),
        (["1,A,Won,A$500,2026-11-05"], HEADERS, "Row 2: “A$500” is in A$, but the company uses USD"),
        (["1,A,Won,500,2026-11-05,EUR"], HEADERS + ",Deal Currency Code", "the amount is in EUR"),
        (["1,A,Won,500,2026-11-05,EUR"], HEADERS + ",Währung", "the amount is in EUR"),
        (['1,A,Won,"100\n200",2026-11-05'], HEADERS, "looks like two amounts"),
        (["1,A,Won,2026-11-05,1,250"], "id,name,stage,close date,amount,notes", "“1,250” may be one amount"),
        (
            ["1,A,Won,100,2026-11-05,fine", '2,B,Won,200,2026-11-05,"fine', "3,C,Won,300,2026-11-05,fine"],
            HEADERS + ",note",
            "Row 3: a quote",
        ),
        (["1,A,Won,5,45000"], HEADERS, "“45000” is a number, not a day"),
        (["1.23457E+11,A,Won,5,2026-11-05"], HEADERS, "is no longer an id"),
        (["########,A,Won,5,2026-11-05"], HEADERS, "is no longer an id"),
        (["#N/A,A,Won,5,2026-11-05"], HEADERS, "is no longer an id"),
        *(
            ([f"{key},A,Won,5,2026-11-05"], HEADERS, f"“{key}” is no id")
            for key in ("-", "n/a", "null", "None", "0")
        ),
        *(([f"{key},A,Won,5,2026-11-05"], HEADERS, f"“{key}” is no id") for key in (".", "(blank)", "TBD")),
        (["1,A,Won,5,2026-11-05", "1.0,B,Won,6,2026-11-05"], HEADERS, "Row 3: the deal “1” is also in row 2"),
        (["1,A,Closed Lost,5,2026-11-05,Won"], HEADERS + ",status", "says lost, but another column says won"),
        (
            ["1,A,2026-11-05,5,1,1,Closed Lost"],
            "Id,Name,CloseDate,Amount,IsWon,IsClosed,StageName",
            "says lost, but another column says won",
        ),
        (["1,A,2026-11-05,5,1,0,x"], "Id,Name,CloseDate,Amount,IsWon,IsClosed,StageName", "do not agree"),
        (["1¦A¦Won¦5¦2026-11-05"], HEADERS.replace(",", "¦"), "All of it is in one column"),
    ],
)
def test_a_row_that_cannot_be_read_in_one_way_is_named(team, rows, headers, sentence):
    assert sentence in refused(*rows, headers=headers)


def test_a_file_proves_its_own_mark(team):
    give("1;A;Won;1.250.000;05.11.2026", "2;B;Won;15.000;05.11.2026", headers=HEADERS.replace(",", ";"))
    assert booked() == 1_265_000


def test_the_locale_answers_what_the_mark_means(team):
    row, headers = "1;A;Won;15.000;05.11.2026", HEADERS.replace(",", ";")
    assert "--locale de-DE" in refused(row, headers=headers)
    give(row, headers=headers, locale="de-DE")
    assert booked() == 15_000


def test_yen_have_no_decimals():
    make_team(company=make_company(slug="tokyo", currency="JPY"))
    assert "JPY has none" in refused("1,A,Won,1234.50,2026-11-05", company="tokyo")


def test_dinars_with_three_digits_behind_the_mark_are_asked_about():
    make_team(company=make_company(slug="kuwait", currency="KWD"))
    row, options = "1;A;Won;1.234;2026-11-05", {"headers": HEADERS.replace(",", ";"), "company": "kuwait"}
    assert "“1.234” can be 1234 or 1.234" in refused(row, **options)
    assert "amounts are kept with no more" in refused(row, **options, locale="en-US")
    give(row, **options, locale="de-DE")
    assert booked() == 1234


@pytest.mark.parametrize(
    "stage",
    [
        *("Won't do", "Never won", "Almost won", "50% Won", "nie gewonnen", "Signed", "Order received"),
        *("Stage 3", "Technical review", "Warteschleife"),
    ],
)
def test_a_stage_that_nobody_knows_is_asked_about(team, stage):
    rows = ["1,A,Closed Won,100,2026-11-05", f"2,B,{stage},100,2026-11-05"]
    assert f"“{stage}” means won, lost or open" in refused(*rows)
    give(*rows, stages=[f"{stage}=lost"])
    assert (booked(), Deal.objects.get(external_id="2").status) == (100, "lost")


def test_a_file_without_a_won_or_lost_stage_is_asked_about(team):
    rows = ["1,A,Stufe 1,100,2026-11-05", "2,B,Stufe 2,100,2026-11-05"]
    assert "“Stufe 1”, “Stufe 2” mean won, lost or open" in refused(*rows)
    assert "--stage NAME=won" in refused(*rows)
    give(*rows, stages=["Stufe 1=open", "stufe 2=won"])
    assert booked() == 100


def test_a_stage_beside_a_status_need_not_be_known(team):
    give("1,A,Stage 3,100,2026-11-05,Won", "2,B,Stage 4,100,2026-12-05,Open", headers=HEADERS + ",status")
    assert (booked(), Deal.objects.get(external_id="2").status) == (100, "open")


def test_a_stage_beside_the_marks_of_the_crm_need_not_be_known(team):
    give("1,A,2026-11-05,5,1,1,Stage 3", headers="Id,Name,CloseDate,Amount,IsWon,IsClosed,StageName")
    assert booked() == 5


def test_gagne_is_won_in_a_crm_that_calls_it_so_and_asked_about_in_a_table_of_no_crm(team):
    assert "“Gagné” means won, lost or open" in refused("1,A,Gagné,100,2026-11-05")
    headers = "Affaire - ID,Affaire - Titre,Affaire - Statut,Affaire - Valeur,Affaire - Date de gain"
    give("1,A,Gagné,100,2026-11-05", headers=headers)
    assert booked() == 100


def test_an_expected_day_never_dates_a_win_in_silence(team):
    headers = "Id,Name,Amount,Deal stage,Expected close date,Closed date"
    give("1,A,100,Won,2026-09-30,2026-11-05", headers=headers)
    assert RevenueEntry.objects.get().day.isoformat() == "2026-11-05"


def test_a_win_with_only_an_expected_day_is_asked_about(team):
    headers = "Deal - ID,Deal - Title,Deal - Value,Deal - Status,Deal - Expected close date,Deal - Won time"
    row = "1,A,100,Won,2026-09-30,"
    assert "“Deal - Won time” is empty, and “Deal - Expected close date” is not" in refused(
        row, headers=headers
    )
    give(row, headers=headers, won_when_expected=True)
    assert RevenueEntry.objects.get().day.isoformat() == "2026-09-30"


def test_sums_are_left_out_counted_and_told_and_deals_are_not(team):
    report = give(
        "1,Total rollout,Won,100,2026-11-05",
        "SUM-2,Summe GmbH,Won,1000,2026-11-05",
        "Summe,Alle,Won,1100,2026-11-05",
        "Total EMEA,,Won,1100,",
        "Grand Totals (2 records),,,1100,",
        "Copyright 2026,,,,",
    )
    assert booked() == 1100
    assert "3 rows were left out as sums: row 4: Summe, Alle" in "\n".join(report.sentences())


def test_ids_of_salesforce_are_one_deal_in_both_lengths(team):
    headers = "Opportunity ID,Opportunity Name,Stage,Amount,Close Date"
    give("0061U00000AbCdE,A,Closed Won,100,2026-11-05", headers=headers)
    report = give("0061U00000AbCdEQAV,A,Closed Won,100,2026-11-05", headers=headers)
    assert (Deal.objects.count(), booked(), report.outcome.counts["unchanged"]) == (1, 100, 1)


@pytest.mark.parametrize(
    ("first", "again"), [("1001", "1001.0"), ("7", "7\u200b"), ("7.0", "7"), ("7", "７"), ("7\ufe0f", "7")]
)
def test_an_id_spelled_otherwise_is_the_same_deal(team, first, again):
    give(f"{first},A,Won,100,2026-11-05")
    give(f"{again},A,Won,100,2026-11-05")
    assert (Deal.objects.count(), booked()) == (1, 100)


def test_a_deal_known_from_before_ids_were_normalised_is_found(team):
    deal = make_deal(team=team, external_id="1001.0", name="A", status="open")
    give("1001,A,Won,100,2026-11-05")
    deal.refresh_from_db()
    assert (deal.external_id, deal.company, deal.status) == ("1001", team.company, "won")


def test_a_rep_who_changes_teams_makes_no_second_deal(team):
    south, rep = make_team(company=team.company, name="South"), "Dana"
    headers = HEADERS + ",owner,manager"
    give("1,A,Won,100,2026-11-05,Dana,North", headers=headers)
    RepTerm.objects.update(until=RepTerm.objects.get().since)
    report = give(f"1,A,Won,100,2026-11-05,{rep},South", headers=headers)
    assert (Deal.objects.get().team, booked(), report.outcome.elsewhere) == (team, 100, {"1"})
    assert not south.deals.exists()


def test_a_name_known_in_two_teams_is_asked_about(team):
    south = make_team(company=team.company, name="South")
    for each in (team, south):
        make_seat(team=each, user=make_user(name="Alex Kim"), role="leader")
    refusal = refused("1,A,Won,100,2026-11-05,Alex Kim", headers=HEADERS + ",owner")
    assert "Alex Kim is known in North and South: choose." in refusal


def test_one_who_leads_two_teams_is_asked_about_too(team):
    dana = make_user(name="Dana Reed")
    for led in (team, make_team(company=team.company, name="South")):
        make_seat(team=led, user=dana, role="leader")
    refusal = refused("1,A,Won,100,2026-11-05,Dana Reed", headers=HEADERS + ",owner")
    assert "Dana Reed is known in North and South: choose." in refusal


def test_letters_composed_and_decomposed_are_one_account_and_one_owner(team):
    headers = HEADERS + ",account"
    give("1,A,Won,100,2026-11-05,Müller", "2,B,Won,100,2026-11-05,Mu\u0308ller", headers=headers)
    assert set(Deal.objects.values_list("account__name", flat=True)) == {"Müller"}


def test_a_deal_deleted_in_the_crm_is_withdrawn_and_its_revenue_corrected(team):
    headers = "Id,Name,StageName,Amount,CloseDate,IsDeleted"
    give("1,A,Closed Won,100,2026-11-05,0", headers=headers)
    report = give("1,A,Closed Won,100,2026-11-05,1", "2,B,Closed Won,50,2026-11-05,1", headers=headers)
    deal = Deal.objects.get()
    assert (booked(), deal.status, deal.stage) == (0, "withdrawn", "Closed Won")
    assert "1 deals were deleted in the CRM" in "\n".join(report.sentences())
    assert "1 rows are marked as deleted and were skipped." in "\n".join(report.sentences())
    give("1,A,Closed Won,100,2026-11-05,1", headers=headers)
    assert RevenueEntry.objects.count() == 2


def test_invoices_of_a_deal_count_for_it_when_it_is_won(team):
    give("1,A,Proposal,1000,2026-12-05")
    deal = Deal.objects.get()
    for _ in range(2):
        make_revenue(team=team, day=NOW.date(), amount=500, deal=deal, source="pasted")
    give("1,A,Won,1000,2026-11-05")
    assert booked() == 1000
    report = give("1,A,Won,900,2026-11-05")
    assert booked() == 1000
    assert "More is booked than the amount of 1 deals: A." in "\n".join(report.sentences())


def test_managers_whose_names_make_one_address_get_teams_of_their_own():
    managers = ["Ann Lee", "Ann-Lee", "Ann. Lee", "New", "山田太郎", "Anne Duarte", "ANNE DUARTE"]
    staff = "agent,manager\n" + "\n".join(f"rep {at},{name}" for at, name in enumerate(managers))
    rows = [f"N{at},A,Won,100,2026-11-05,rep {at}" for at in range(len(managers))]
    give(*rows, headers=HEADERS + ",owner", teams=staff.encode())
    slugs = dict(Team.objects.values_list("name", "slug"))
    assert set(slugs) == {*managers[:5], "ANNE DUARTE"}
    assert sorted(slugs.values()) == ["ann-lee", "ann-lee-2", "ann-lee-3", "anne-duarte", "new-2", "team"]


def test_the_command_names_the_option_and_takes_the_answer(team, tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(f"{HEADERS}\n1,A,Signed,100,2026-11-05\n")
    with pytest.raises(CommandError, match="--stage NAME=won"):
        call_command("import_deals", path, company="ours")
    call_command("import_deals", path, "--stage", "Signed=won", company="ours")
    assert booked() == Decimal(100)


def workbook(path, *, titles=("Deals",), hidden=()):
    book = Workbook()
    book.remove(book.active)
    for number, title in enumerate(titles):
        sheet = book.create_sheet(title)
        sheet.append(HEADERS.split(","))
        for row in (1, 2):
            sheet.append([f"{number}{row}", "A", "Won", 100 * row, "2026-11-05"])
    for row in hidden:
        book.worksheets[0].row_dimensions[row].hidden = True
    book.save(path)
    return path


@pytest.mark.parametrize(("choice", "amount"), [("read", 300), ("leave-out", 100)])
def test_the_command_says_how_to_answer_for_hidden_rows(team, tmp_path, capsys, choice, amount):
    path = workbook(tmp_path / "deals.xlsx", hidden=[3])
    with pytest.raises(
        CommandError, match=r"1 hidden row \(3\).*\n.*--hidden-rows read or --hidden-rows leave-out"
    ):
        call_command("import_deals", path, company="ours")
    assert not Deal.objects.exists()
    call_command("import_deals", path, "--hidden-rows", choice, company="ours")
    assert booked() == amount
    assert "1 hidden row (3)." in capsys.readouterr().out


def test_a_hidden_column_of_amounts_is_not_preferred_to_one_that_is_seen(team, tmp_path):
    book, path = Workbook(), tmp_path / "deals.xlsx"
    book.active.append([*HEADERS.split(","), "deal value"])
    book.active.append(["1", "A", "Won", 999, "2026-11-05", 100])
    book.active.column_dimensions["D"].hidden = True
    book.save(path)
    with pytest.raises(CommandError, match=r"1 hidden column \(D\).*\n.*--hidden-rows"):
        call_command("import_deals", path, company="ours")
    with pytest.raises(CommandError, match="Both “amount” and “deal value” could be the amount"):
        call_command("import_deals", path, "--hidden-rows", "read", company="ours")
    call_command("import_deals", path, "--hidden-rows", "leave-out", company="ours")
    assert booked() == 100


def test_the_command_says_how_to_answer_for_several_sheets(team, tmp_path, capsys):
    path = workbook(tmp_path / "deals.xlsx", titles=("Won", "More"))
    with pytest.raises(CommandError, match=r"“Won”, “More”.*\n.*--sheet NAME"):
        call_command("import_deals", path, company="ours")
    call_command("import_deals", path, "--sheet", "More", company="ours")
    assert set(Deal.objects.values_list("external_id", flat=True)) == {"11", "12"}
    assert "Only the sheet “More” was read." in capsys.readouterr().out


def test_the_sheet_of_the_file_of_teams_has_an_option_of_its_own(team, tmp_path):
    staff, deals = Workbook(), tmp_path / "deals.csv"
    for sheet in (staff.active, staff.create_sheet("Staff")):
        sheet.append(["sales_agent", "manager"])
        sheet.append(["Dana", sheet.title])
    staff.save(tmp_path / "teams.xlsx")
    deals.write_text(f"{HEADERS},owner\n1,A,Won,100,2026-11-05,Dana\n")
    options = {"company": "ours", "teams": tmp_path / "teams.xlsx"}
    with pytest.raises(CommandError, match="--teams-sheet NAME"):
        call_command("import_deals", deals, **options)
    call_command("import_deals", deals, "--teams-sheet", "Staff", **options)
    assert Deal.objects.get().team.name == "Staff"


def test_what_a_person_corrected_stays_until_the_crm_says_something_new(team):
    give("1,A,Won,100,2026-11-05")
    entry = RevenueEntry.objects.get()
    make_revenue(team=team, day=entry.day, amount=95, corrects=entry, deal=entry.deal)
    give("1,A,Won,100,2026-11-05")
    assert booked() == 95
    give("1,A,Won,90,2026-11-05")
    assert booked() == 90


@pytest.mark.parametrize(
    "owner", ["Dana\u200b Reed", "Dana Reed\ufe0f", "\u200eDana Reed", "DANA  REED", "Ｄana Reed"]
)
def test_an_owner_is_known_with_signs_that_nobody_sees(team, owner):
    make_team(company=team.company, name="South")
    make_seat(team=team, user=make_user(name="Dana Reed"), role="leader")
    give(f"1,A,Won \u2705\ufe0f,100,2026-11-05,{owner}", headers=HEADERS + ",owner")
    assert Deal.objects.get().team == team


def test_a_name_in_which_nothing_can_be_seen_is_none(team):
    give("1,\ufe0f,Won,100,2026-11-05,Orbis", headers=HEADERS + ",account")
    assert Deal.objects.get().name == "Deal for Orbis"
