import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, settings

from tests.cast import as_, cast, meeting  # noqa: F401 - fixtures
from tests.hours import START, has_real_clock

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the tests' thread

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), "")
# A busy machine is slow to make examples and to try them: that is no defect of what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
SERVICES_REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1" or os.environ.get("CI") == "true"
#: What must not happen on two workers at a time: each group stays on one.
GROUPS = ("browser", "faults", "processes")
LONGEST_NAMED = 100


def pytest_report_header() -> str:
    """Which of the two databases and brokers the run is on, and when its tests happen."""
    from django.conf import settings

    broker = settings.CELERY_BROKER_URL.partition(":")[0]
    database = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    return f"on {database} and {broker}, at {START:%Y-%m-%d %H:%M} UTC"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A made workbook holds the second it was made in; a name with it would not be the same on two workers."""
    return argname if isinstance(val, bytes) and len(val) > LONGEST_NAMED else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what needs a browser or a database or makes faults, and keep each group on one worker."""
    for folder in ("abuse", "browser", "faults"):
        if folder in item.path.parts:
            item.add_marker(folder)
    fixtures = set(getattr(item, "fixturenames", ()))
    if "playwright" in fixtures:  # what every fixture of a browser stands on
        item.add_marker("browser")
    if DATABASE_FIXTURES & fixtures or item.get_closest_marker("django_db"):
        item.add_marker("database")
    group = next(filter(item.get_closest_marker, GROUPS), None)
    if group:
        item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are skipped where there is no Chromium, except where every service is required."""
    if CHROMIUM or SERVICES_REQUIRED:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """On several workers a group that pytest-xdist does not know would run on all of them, and nothing would say so."""
    if session.config.getoption("loadgroup", False):
        for item in session.items:
            mark = item.get_closest_marker("xdist_group")
            assert mark is None or item.nodeid.endswith(f"@{mark.args[0]}"), f"{item.nodeid} is in no group"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Every test, with its fixtures, happens at the same hour; only real processes and browsers have the real clock."""
    if has_real_clock(item):
        return (yield)
    with time_machine.travel(START):
        return (yield)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    assert CHROMIUM, "Chromium is not installed (Debian, Ubuntu: apt-get install chromium)"
    quiet = ["no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"]
    flags = ["no-sandbox", "disable-gpu", "disable-quic", *quiet]
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": [f"--{flag}" for flag in flags]}


@pytest.fixture(scope="session", autouse=True)
def _tables_emptied_by_deleting() -> None:
    """After a test that commits. To truncate, PostgreSQL makes a new file for every table: ten times as long."""
    from django.db import connection

    def sql_flush(style: Any, tables: list[str], **options: bool) -> list[str]:
        return [f"DELETE FROM {connection.ops.quote_name(table)};" for table in tables]

    if connection.vendor == "postgresql":
        connection.ops.sql_flush = sql_flush


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """On PostgreSQL nothing counts the rows of a table that a test has just emptied.

    The planner would take it for empty while the next test fills it in one transaction, and read it whole for every row
    of another one.
    """
    from django.db import connection

    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for table in connection.introspection.table_names(cursor):
                    name = connection.ops.quote_name(table)
                    cursor.execute(f"ALTER TABLE {name} SET (autovacuum_enabled = false)")
