"""The grid of goals in a real browser: keys move, a spreadsheet's cells fill it, saving brings new sums."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from alignment.models import Goal, GoalChange
from tests.browser.conftest import OpenAs
from tests.cast import Cast

GRID = "/setup/demo/goals/?year=2027"
PAGES = (
    *("goals/?year=2027&beside=last", "goals/paste/", "goals/spread/", "goals/copy/", "goals/of/north/"),
    *("revenue/", "revenue/paste/"),
)
PASTE = """(input, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def page(cast: Cast, open_as: OpenAs) -> Page:
    return open_as(cast.admin, GRID)


def cell(page: Page, team: str, month: str) -> object:
    row = page.locator("tbody tr", has=page.get_by_role("rowheader", name=team))
    return row.locator(f"input[name$='-{month}']")


def test_it_opens_with_the_quarter_of_today_in_view(cast: Cast, open_as: OpenAs) -> None:
    today = timezone.now().date()
    first = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    page = open_as(cast.admin, "/setup/demo/goals/", viewport={"width": 800, "height": 740})
    names, month = (
        page.locator(f".goals-grid {of}").bounding_box() for of in ("th >> nth=0", f"#m{first:%Y%m}")
    )
    assert names and month
    assert names["x"] + names["width"] - 1 <= month["x"] and month["x"] + month["width"] <= 800


def test_keys_move_through_the_grid(page: Page) -> None:
    cell(page, "North", "202701").click()
    page.keyboard.type("250k")
    page.keyboard.press("Enter")
    expect(cell(page, "South", "202701")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell(page, "South", "202702")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell(page, "North", "202702")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(cell(page, "North", "202701")).to_be_focused()
    assert not Goal.objects.exists()


def test_saving_brings_the_sums_without_a_new_page(page: Page) -> None:
    cell(page, "North", "202701").fill("250k")
    cell(page, "North", "202702").fill("50,000")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("2 goals saved.")
    expect(page.get_by_role("row", name=re.compile("North")).locator(".sum").first).to_have_text("300,000")
    expect(cell(page, "North", "202701")).to_have_value("250,000")


def test_cells_of_a_spreadsheet_fill_right_and_down(page: Page) -> None:
    cell(page, "North", "202711").evaluate(PASTE, "1,000\t2,000\t3,000\n4,000\t5,000\t6,000\n")
    expect(page.locator("[data-cells-said]")).to_have_text(
        "4 cells filled. 2 did not fit and were left out. Save to set them."
    )
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("4 goals saved.")
    assert sorted(Goal.objects.values_list("amount", flat=True)) == [1000, 2000, 4000, 5000]


def test_a_wrong_cell_says_so_and_keeps_everything(page: Page) -> None:
    cell(page, "North", "202701").fill("5")
    cell(page, "South", "202703").fill("12k5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("South, March 2027: “12k5” is not an amount.")
    expect(cell(page, "North", "202701")).to_have_value("5")
    expect(cell(page, "South", "202703")).to_have_attribute("aria-invalid", "true")
    assert not GoalChange.objects.exists()


def test_a_cell_shows_how_it_came_about(cast: Cast, page: Page) -> None:
    cell(page, "North", "202701").fill("7")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("1 goal saved.")
    cell(page, "North", "202701").click()
    expect(page.locator("#cell-history")).to_contain_text("North, January 2027")
    expect(page.locator("#cell-history")).to_contain_text("Ada Admin")


def test_without_javascript_it_is_a_plain_form(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.admin, GRID, java_script_enabled=False)
    cell(page, "North", "202701").fill("250k")
    page.get_by_label("Reason").fill("Board")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("1 goal saved.")
    expect(cell(page, "North", "202701")).to_have_value("250,000")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_use_the_pages(
    cast: Cast, open_as: OpenAs, accessible: Callable[[Page], None], path: str, width: int
) -> None:
    page = open_as(cast.admin, f"/setup/demo/{path}", viewport={"width": width, "height": 800})
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_look_at_a_paste_is_accessible_and_then_set(
    cast: Cast, open_as: OpenAs, accessible: Callable[[Page], None]
) -> None:
    page = open_as(cast.admin, "/setup/demo/goals/paste/?year=2027")
    page.get_by_label("Rows").fill("Team\tJan\tFeb\nNorth\t100\t200\nSouth\t7\t8")
    page.get_by_role("button", name="Preview changes").click()
    accessible(page)
    page.get_by_role("button", name="Set 4 goals").click()
    expect(page.locator("#messages")).to_contain_text("4 goals set.")
    expect(cell(page, "South", "202702")).to_have_value("8")


def test_saving_by_keyboard_speaks_and_keeps_the_place(page: Page) -> None:
    region = page.locator("#messages")
    region.evaluate("region => (region.stays = true)")
    cell(page, "North", "202701").fill("5")
    page.get_by_role("button", name="Save").press("Enter")
    expect(region).to_contain_text("1 goal saved.")
    assert region.evaluate("region => region.stays")
    expect(page.get_by_role("button", name="Save")).to_be_focused()


def test_a_wrong_cell_takes_the_focus(page: Page) -> None:
    cell(page, "South", "202703").fill("12k5")
    page.get_by_role("button", name="Save").press("Enter")
    expect(cell(page, "South", "202703")).to_be_focused()


def test_every_month_is_on_the_paper(page: Page) -> None:
    page.set_viewport_size({"width": 690, "height": 1000})
    page.emulate_media(media="print")
    edges = page.locator(".goals-grid input:not([type=hidden])").evaluate_all(
        "(cells) => cells.map((cell) => cell.getBoundingClientRect().right)"
    )
    assert len(edges) == 24 and max(edges) <= 690
    assert page.locator(".table").evaluate("(table) => table.scrollWidth <= table.clientWidth")
