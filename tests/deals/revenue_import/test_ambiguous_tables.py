"""A table of revenue that can be read in two ways is asked about; nothing written in it is ignored."""

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from deals.models import RevenueEntry
from tests.factories import NOW, make_company, make_seat, make_team

pytestmark = pytest.mark.django_db
PASTE, SETUP = "/deals/revenue/paste/", "/setup/demo/revenue/paste/"


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


def look(client, text, path=PASTE, **more):
    return client.post(path, {"text": text, "team": "north"} | more)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-20\tA$1,000", "“A$1,000” is in A$, but the company uses USD"),
        ("2026-11-20\t₩1,000,000", "is in ₩, but the company uses USD"),
        ("Date\tAmount\tCurrency\n2026-11-20\t500\tEUR", "“Currency” says EUR, but the company uses USD"),
        ("2026-11-20\t500\tEUR", "the currency is EUR, but the company uses USD"),
        ("2026-01-05,1,250", "“1,250” may be one amount or two cells"),
        ("Date,Amount,Note\n2026-01-05,1,250", "“1,250” may be one amount or two cells"),
        ("Date\tAmount\n2026-01-05\t1\tx", "“x” is under no header"),
        ("2026-11-20\t100 200", "looks like two amounts"),
        ('2026-11-20\t"100\n200"', "looks like two amounts"),
        ('2026-11-20\t5\t"fine\n2026-11-21\t6\tx', "Row 1: a quote"),
        ("45000\t5", "is a number, not a day"),
        ("Marketing 5 2025\t5", "is not a day"),
        ("02.03.2025\t5\n02/13/2025\t6", "puts the day first"),
    ],
)
def test_a_row_that_cannot_be_read_in_one_way_is_refused(cast, as_, text, why):
    page = look(as_(cast.leader), text)
    assert (page.status_code, why in page.content.decode()) == (422, True)
    assert not RevenueEntry.objects.exists()


def test_a_mark_with_three_digits_behind_it_is_asked_about_and_the_answer_is_taken(cast, as_):
    client, text = as_(cast.leader), "Date;Amount\n20.11.2026;15.000"
    page = look(client, text)
    assert page.status_code == 422
    assert "Row 2: “15.000” can be 15000 or 15" in page.content.decode()
    assert 'name="mark"' in page.content.decode()
    assert page.context["form"]["mark"].is_hidden is False
    assert look(client, text, mark=",").context["total"] == 15_000
    assert look(client, text, mark=".").context["total"] == 15


def test_the_table_proves_what_the_mark_means(cast, as_):
    assert look(as_(cast.leader), "2026-11-20\t1.250.000\n2026-11-20\t15.000").context["total"] == 1_265_000


def test_days_are_read_as_the_reader_writes_them(cast, as_):
    page = look(as_(cast.leader), "3/4/26\t5\n15-Jan-2026\t6\n2026-01-15\tUS$1,000")
    assert [row.row.day.isoformat() for row in page.context["rows"]] == [
        "2026-03-04",
        "2026-01-15",
        "2026-01-15",
    ]
    assert page.context["total"] == 1011


def test_a_team_called_like_a_sum_is_data_and_a_sum_is_told(cast, as_):
    for name in ("Total Energies", "Q1 Hunters"):
        make_team(company=cast.north.company, name=name)
    text = (
        "team\tdate\tamount\nTotal Energies\t2026-11-20\t100\nQ1 Hunters\t2026-11-20\t21000\n"
        "North\t2026-11-20\t1\nTotal\t\t21101"
    )
    page = look(as_(cast.admin), text, path=SETUP)
    assert (page.context["new"], page.context["total"]) == (3, 21_101)
    assert "Left out as sums:" in page.content.decode()
    assert "row 5: Total, 21101" in page.content.decode()


def test_an_amount_without_a_team_that_is_no_sum_is_not_left_out(cast, as_):
    page = look(as_(cast.admin), "team\tdate\tamount\nTotal EMEA\t2026-11-20\t100", path=SETUP)
    assert (page.status_code, "there is no team “Total EMEA”" in page.content.decode()) == (422, True)


def test_a_workbook_in_another_currency_is_refused(cast, as_):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Date", "Amount"])
    book.active.append([NOW.date(), 500])
    book.active["B2"].number_format = "#,##0 [$€-407]"
    book.save(out)
    page = as_(cast.leader).post(
        PASTE, {"team": "north", "file": SimpleUploadedFile("x.xlsx", out.getvalue())}
    )
    assert "is in €, but the company uses USD" in page.content.decode().replace("“€ 500” ", "")


def upload(client, book, **more):
    out = io.BytesIO()
    book.save(out)
    return client.post(PASTE, {"team": "north", "file": SimpleUploadedFile("x.xlsx", out.getvalue())} | more)


def test_a_workbook_with_two_sheets_and_hidden_rows_is_asked_about_step_by_step(cast, as_):
    client, book = as_(cast.leader), Workbook()
    for sheet, amount in ((book.active, 1), (book.create_sheet("Won"), 500)):
        sheet.append(["Date", "Amount"])
        sheet.append([NOW.date(), amount])
        sheet.append([NOW.date(), amount + 1])
    book["Won"].row_dimensions[3].hidden = True
    page = upload(client, book)
    assert (page.status_code, page.context["form"]["worksheet"].is_hidden) == (422, False)
    assert "Several sheets have data: “Sheet”, “Won”" in page.content.decode()
    assert '<option value="Won">Won</option>' in page.content.decode()
    page = upload(client, book, worksheet="Won")
    assert (page.status_code, page.context["form"]["hidden"].is_hidden) == (422, False)
    assert 'name="worksheet" value="Won"' in page.content.decode()
    assert "The sheet has 1 hidden row (3)" in page.content.decode()
    assert "Choose the file again too." in page.content.decode()
    assert upload(client, book, worksheet="Won", hidden="read").context["total"] == 1001
    page = upload(client, book, worksheet="Won", hidden="leave-out")
    assert page.context["total"] == 500
    assert page.context["notes"] == ("Only the sheet “Won” was read.", "Read without 1 hidden row (3).")
    assert "Read without 1 hidden row (3)." in page.content.decode()


@pytest.mark.parametrize("answer", [{"worksheet": "No\0"}, {"worksheet": "None"}, {"hidden": "x"}])
def test_an_answer_that_is_none_adds_nothing(cast, as_, answer):
    book = Workbook()
    book.active.append([NOW.date(), 5])
    assert upload(as_(cast.leader), book, **answer).status_code == 422


def test_dinars_with_three_digits_behind_a_mark_are_asked_about(cast, as_):
    team = make_team(company=make_company(slug="kuwait", currency="KWD"), slug="kuwait")
    make_seat(team=team, user=cast.leader, role="leader")
    client, text = as_(cast.leader), "2026-11-20\t1,250"
    assert "“1,250” can be 1250 or 1.25" in look(client, text, team="kuwait").content.decode()
    assert look(client, text, team="kuwait", mark=".").context["total"] == 1250
    page = look(client, "2026-11-20\t0.125", team="kuwait")
    assert "has more than two decimals, and amounts are kept with no more" in page.content.decode()


def test_a_dollar_is_no_euro(cast, as_):
    team = make_team(company=make_company(slug="wien", currency="EUR"), slug="wien")
    make_seat(team=team, user=cast.leader, role="leader")
    page = look(as_(cast.leader), "2026-11-20\t$500", team="wien")
    assert "is in $, but the company uses EUR" in page.content.decode()
