"""A real site for a real browser: the bundled static files, people signed in, and nothing may go wrong unnoticed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from alignment.models import User
from tests.cast import Cast

#: Milliseconds until something is missed: a busy machine is no defect, and what is there at once costs nothing.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)
BUNDLED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "alignment.ops.static_storage.BundledStaticFilesStorage"},
}
#: Chromium logs every 4xx answer as an error; a conflict and an invalid form are part of the protocol.
EXPECTED = [r"status of 4(09|22)"]
REPORT_CSP = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP", event.violatedDirective, event.blockedURI))"""


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files as production serves them: one script, one stylesheet."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=folder, STORAGES=BUNDLED):
        call_command("collectstatic", verbosity=0, interactive=False)
    return folder


@pytest.fixture
def site(collected: Path, live_server: LiveServer, settings: Any) -> str:
    """The address of the running site. Its clock is the real one: make meetings from `timezone.now()`."""
    settings.STATIC_ROOT, settings.STORAGES, settings.STATICFILES_DIRS = collected, BUNDLED, [collected]
    return live_server.url


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Their teams meet in three days: no planned meeting is near those that a test makes from the real clock."""
    for team in (cast.north, cast.south, cast.away):
        team.weekday = (team.today(timezone.now()) + timedelta(days=3)).weekday()
        team.save()
    return cast


class Faults:
    """What went wrong in any browser of the test. `allow` what the test provokes by itself."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.allowed = list(EXPECTED)

    def allow(self, *patterns: str) -> None:
        self.allowed += patterns

    def watch(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_CSP)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(str(error.error)))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.seen.append(f"{message.text} ({message.location.get('url', '')})")

    @property
    def unexpected(self) -> list[str]:
        return [fault for fault in self.seen if not any(re.search(each, fault) for each in self.allowed)]


@pytest.fixture
def faults() -> Iterator[Faults]:
    """A console error, a page error or a violation of the content policy fails the test."""
    faults = Faults()
    yield faults
    assert not faults.unexpected


OpenAs = Callable[..., Page]


@pytest.fixture
def open_as(site: str, new_context: Callable[..., BrowserContext], faults: Faults) -> OpenAs:
    """A page of a new browser, signed in: `open_as(cast.leader, "/", viewport={"width": 360, "height": 740})`."""

    def opened(user: User, path: str = "", **options: Any) -> Page:
        context = new_context(base_url=site, **options)
        faults.watch(context)
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if path:
            page.goto(path)
        return page

    return opened


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """`accessible(page)`: axe finds nothing to object to."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check
