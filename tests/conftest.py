import os
import shutil
from typing import Any

import pytest

from tests.cast import as_, cast, meeting  # noqa: F401 - fixtures

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the tests' thread

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), "")
BROWSER_FIXTURES = {"page", "context", "browser", "new_context"}
SERVICES_REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1" or os.environ.get("CI") == "true"


def pytest_report_header() -> str:
    """Which of the two databases and brokers the run is on."""
    from django.conf import settings

    broker = settings.CELERY_BROKER_URL.partition(":")[0]
    return f"on {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]} and {broker}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are skipped where there is no Chromium, except where every service is required."""
    if CHROMIUM or SERVICES_REQUIRED:
        return
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    assert CHROMIUM, "Chromium is not installed (Debian, Ubuntu: apt-get install chromium)"
    quiet = ["no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"]
    flags = ["no-sandbox", "disable-gpu", "disable-quic", *quiet]
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": [f"--{flag}" for flag in flags]}
