"""The commands: nothing is applied when a row is refused, unless the good ones are wanted; an admin may undo it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from deals.models import Account, Deal, ImportRun, RevenueEntry
from tests.deals.import_runs.files import HEADERS, OPEN, WON, press, table
from tests.factories import make_rep

ACCOUNTS = "id,name,status,employees\nA1,Brandt,prospect,250\nA2,,client,5\n"


@pytest.fixture
def run_command(tmp_path, cast):
    def run(command, text, *arguments):
        file = tmp_path / "table.csv"
        file.write_text(text)
        out = StringIO()
        kind = [] if command == "import_deals" else [arguments[0]]
        rest = arguments if command == "import_deals" else arguments[1:]
        call_command(command, *kind, str(file), "--company", "demo", *rest, stdout=out)
        return out.getvalue()

    return run


def test_a_refused_row_of_accounts_refuses_the_file(run_command):
    with pytest.raises(CommandError, match=r"(?s)Row 3.*--skip-refused.*Nothing was changed"):
        run_command("import_table", ACCOUNTS, "accounts")
    assert not Account.objects.exists()
    assert not ImportRun.objects.exists()


def test_with_skip_refused_the_good_rows_are_imported(run_command):
    said = json.loads(run_command("import_table", ACCOUNTS, "accounts", "--skip-refused", "--json"))
    assert (said["new"], said["refused"], Account.objects.get().name) == (1, 1, "Brandt")


def test_a_question_is_refused_with_the_option_that_answers_it(run_command):
    revenue = "date,amount,note,team\n2026-03-31,5000,Pilot,North\n"
    with pytest.raises(CommandError, match=r"Use --answer revenue_kind=won or invoiced or recurring\."):
        run_command("import_table", revenue, "revenue")
    run_command("import_table", revenue, "revenue", "--answer", "revenue_kind=won")
    run_command("import_table", revenue, "revenue", "--answer", "revenue_kind=won")
    assert RevenueEntry.objects.get().amount == 5000


def test_a_dry_run_of_a_table_saves_nothing(run_command):
    assert "nothing was saved" in run_command(
        "import_table", ACCOUNTS, "accounts", "--skip-refused", "--dry-run"
    )
    assert not Account.objects.exists()
    assert not ImportRun.objects.exists()


def test_deals_are_imported_without_the_refused_rows_when_they_are_skipped(run_command, cast):
    make_rep(team=cast.north, name="Ann Lee")
    text = table(OPEN, WON.replace("5000", "five"))
    with pytest.raises(CommandError, match="Nothing was changed"):
        run_command("import_deals", text)
    assert "1 rows were refused" in run_command("import_deals", text, "--skip-refused")
    assert Deal.objects.get().external_id == "D1"


def test_an_admin_sees_an_import_of_the_command_and_may_undo_it(run_command, cast, as_):
    make_rep(team=cast.north, name="Ann Lee")
    run_command("import_deals", table(OPEN, WON))
    run = ImportRun.objects.get()
    admin = as_(cast.admin)
    assert "2 rows: 2 new" in admin.get(f"/imports/{run.pk}/").content.decode()
    assert press(admin, "undo", run).state == "undone"
    assert not Deal.objects.exists()


def test_deals_of_all_pipelines_are_imported_and_the_report_says_so(run_command, cast):
    make_rep(team=cast.north, name="Ann Lee")
    text = table(f"{OPEN},Sales", f"{WON},Hiring", headers=f"{HEADERS},pipeline")
    report = run_command("import_deals", text)
    assert "All pipelines were read: “Hiring” (1 row), “Sales” (1 row)." in report
    assert Deal.objects.count() == 2
