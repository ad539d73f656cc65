"""From an empty installation, as the server starts it, to the overview of the new company: with and without
JavaScript.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Faults

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.processes


@pytest.fixture
def printed(tmp_path: Path) -> Iterator[str]:
    """The link that `manage.py start` prints over an empty database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log, ours = tmp_path / "log", {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ours |= {"DATA_DIR": str(tmp_path / "data"), "PORT": str(port), "DEMO": "0", "PYTHONUNBUFFERED": "1"}
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start"], cwd=ROOT, env=ours, stdout=file, stderr=file
        )
    try:
        yield link_in(log, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def link_in(log: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+/first/\S+", log.read_text()):
            return found[0]
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def fill_in(page: Page) -> None:
    page.get_by_label("Company", exact=True).fill("Brandt Maschinenbau")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_label("Fiscal year starts in").select_option("April")
    page.get_by_label("Time zone").fill("berlin")
    page.get_by_label("Your name").fill("Ada Brandt")
    page.get_by_label("Your email address").fill("ada@brandt.test")
    page.get_by_label("Password").fill("five green bottles")


def test_the_printed_link_leads_to_the_company_and_its_next_steps(
    printed: str,
    new_context: Callable[..., BrowserContext],
    faults: Faults,
    accessible: Callable[[Page], None],
) -> None:
    context = new_context(viewport={"width": 360, "height": 780})
    faults.watch(context)
    faults.allow("status of 404")  # the link, once it was used
    page = context.new_page()
    page.goto(printed.partition("/first/")[0])
    expect(page.get_by_text("No company is set up yet")).to_be_visible()
    page.goto(printed)
    accessible(page)
    fill_in(page)
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create company").click()
    expect(page.get_by_text("too short")).to_be_visible()
    page.get_by_label("Password").fill("five green bottles")
    page.get_by_role("button", name="Create company").click()
    walk_on(page, printed, accessible)


def walk_on(page: Page, printed: str, accessible: Callable[[Page], None]) -> None:
    """The overview, the first steps and back: each is ticked off by what is there."""
    expect(page).to_have_url(re.compile("/setup/brandt-maschinenbau/$"))
    expect(page.get_by_text("You are the only person so far.")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Edit, add holidays").click()
    page.get_by_label("Day", exact=True).fill("2030-12-25")
    page.get_by_label("Holiday name").fill("Christmas Day")
    page.get_by_role("button", name="Add holiday").click()
    expect(page.get_by_text("The holiday was added.")).to_be_visible()
    page.get_by_role("link", name="Audit log", exact=True).click()
    expect(page.get_by_text("25 December 2030 Christmas Day")).to_be_visible()
    expect(page.get_by_text("Company created").first).to_be_attached()
    answer = page.goto(printed)
    assert answer is not None and answer.status == 404


def test_another_currency_is_asked_about_without_javascript(cast: Any, open_as: Callable[..., Page]) -> None:
    page = open_as(cast.admin, "/setup/demo/company/", java_script_enabled=False)
    page.get_by_label("Currency").select_option("CHF")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="From USD to CHF")).to_be_visible()
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Currency")).to_have_value("CHF")
