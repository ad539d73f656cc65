"""An import in a real browser: a wrong guess corrected, previewed, applied, undone; with and without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deals.import_runs import files, jobs
from deals.models import Deal, ImportRun, RevenueEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


def table() -> str:
    """Two columns of amounts: the first one is taken, and it is the wrong one."""
    won = timezone.now().date() - timedelta(days=20)
    return (
        "id,name,account,owner,stage,amount,net worth,close date\n"
        f"D1,Plant two,Brandt,Ann Lee,Order received,9900,8000,{won}\n"
        f"D2,Retrofit,Osram,Ann Lee,Proposal,4000,3000,{won + timedelta(days=90)}\n"
    )


def upload(page: Page, text: str) -> None:
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "opportunities.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Upload and preview").click()
    expect(page.get_by_role("heading", name="opportunities.csv")).to_be_visible()


def correct(page: Page) -> None:
    """The stage nobody knows is won, the owner is North's, and the amount is in the other column."""
    page.get_by_label("Order received").select_option(label="Won")
    page.get_by_label("No team is known for Ann Lee").select_option(label="North")
    page.get_by_label("Is this everything that is open").select_option(value="part")
    page.get_by_text("How it was read: columns").click()
    page.get_by_label("amount", exact=True).select_option(label="Not read")
    page.get_by_label("net worth", exact=True).select_option(label="The amount")
    page.get_by_role("button", name="Save and preview").first.click()


@pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False}, PHONE], ids=["desk", "no script", "phone"]
)
def test_a_wrong_guess_is_corrected_previewed_applied_and_undone(cast, open_as, options):
    page = open_as(cast.leader, "/imports/", **options)
    upload(page, table())
    correct(page)
    expect(page.get_by_text("2 rows: 2 new.")).to_be_visible()
    expect(page.get_by_role("cell", name="$8,000").first).to_be_visible()
    assert not Deal.objects.exists()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("2 new, 0 changed")).to_be_visible()
    assert RevenueEntry.objects.get().amount == 8000
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("2 rows taken back")).to_be_visible()
    assert not Deal.objects.exists()
    assert not RevenueEntry.objects.exists()


def test_the_next_week_is_a_file_one_line_and_one_button(cast, open_as):
    page = open_as(cast.leader, "/imports/", **PHONE)
    upload(page, table())
    correct(page)
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("2 new, 0 changed")).to_be_visible()
    page.get_by_role("link", name="Import another file").click()
    upload(page, table().replace("4000,3000", "4000,3500"))
    expect(page.get_by_text("2 rows: 1 changed, 1 unchanged.")).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("0 new, 1 changed")).to_be_visible()
    assert Deal.objects.get(external_id="D2").amount == 3500


def test_the_bar_moves_and_the_preview_comes_without_touching_the_page(cast, open_as, monkeypatch):
    monkeypatch.setattr(files, "SMALL", 10)
    page = open_as(cast.leader, "/imports/")
    upload(page, table())
    expect(page.get_by_text("The file is being read.")).to_be_visible()
    jobs.run_jobs(timezone.now())
    expect(page.get_by_role("heading", name="Questions")).to_be_visible()
    correct(page)
    expect(page.get_by_text("The file is being read.")).to_be_visible()
    ImportRun.objects.update(state="comparing", progress=40)
    expect(page.get_by_text("The rows are being compared: 40%.")).to_be_visible()
    ImportRun.objects.update(state="uploaded", progress=0)
    jobs.run_jobs(timezone.now())
    expect(page.get_by_text("2 rows: 2 new.")).to_be_visible()


def test_axe_objects_to_none_of_the_pages(cast, open_as, accessible):
    page = open_as(cast.leader, "/imports/")
    accessible(page)
    upload(page, table())
    accessible(page)
    correct(page)
    expect(page.get_by_text("2 rows: 2 new.")).to_be_visible()
    accessible(page)
