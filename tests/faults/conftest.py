from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from alignment.outbox.notice_kinds import KINDS
from tests.faults.delivering import register
from tests.faults.services import Redis, redis_of_its_own
from tests.faults.site import Site


@pytest.fixture(autouse=True)
def test_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "test", KINDS["recap"])
    register()


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    with redis_of_its_own() as server:
        yield server


@pytest.fixture
def site(request: pytest.FixtureRequest, transactional_db: None, tmp_path: Path) -> Iterator[Site]:
    """Processes of the product on the test's database; in production's way with a Redis of their own."""
    from django.conf import settings

    broker = "" if settings.EMBEDDED else request.getfixturevalue("own_redis").url
    site = Site(tmp_path, broker)
    yield site
    site.kill_all()
    print(site.said())  # shown when the test failed
