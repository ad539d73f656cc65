"""PostgreSQL restarted as after a crash, and all its connections ended, while people write and mails go out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from alignment.models import User
from meetings.models import Issue
from tests.factories import make_company, make_team, make_user
from tests.faults.load import WRITERS, writing
from tests.faults.outcome import Outcome, all_sent, claims_end, owe_many, wait_for
from tests.faults.services import Postgres, postgres_of_its_own
from tests.faults.site import Site
from tests.mailserver import mail_server, slow

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.skipif(settings.EMBEDDED, reason="the embedded default has no PostgreSQL"),
]
WORKER_THREADS = 4


@pytest.fixture(scope="module")
def prepared(django_db_setup: None, django_db_blocker: Any) -> Iterator[Postgres]:
    with postgres_of_its_own() as server:
        with django_db_blocker.unblock(), server.as_default():
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
        yield server


@pytest.fixture
def own_postgres(prepared: Postgres, site: Site) -> Iterator[Postgres]:
    """The database of this process and of the site, without a row."""
    with prepared.as_default():
        yield prepared
        site.kill_all()
        call_command("flush", interactive=False, verbosity=0)


def restart(server: Postgres) -> None:
    """As after a crash: nobody is asked to finish, and the log is played back."""
    connection.close()
    server.control("-m", "immediate", "restart")


def end_connections(server: Postgres) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


TROUBLES: dict[str, Callable[[Postgres], None]] = {
    "restarted": restart,
    "disconnected": end_connections,
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_only_requests_in_flight_fail_and_they_say_so(
    site: Site, own_postgres: Postgres, trouble: str
) -> None:
    visitor = site.web()[1].signed_in(someone_of_north())
    with writing(visitor) as written:
        written.goes_on()
        TROUBLES[trouble](own_postgres)
        written.goes_on()
    assert written.acknowledged <= set(Issue.objects.values_list("title", flat=True))
    assert all(answer.says_so_plainly for answer in written.failed)
    assert trouble == "restarted" or len(written.failed) <= WRITERS
    assert visitor.get("/").status == 200


def someone_of_north() -> User:
    leader = make_user()
    make_team(company=make_company(), slug="north", ceo=make_user(), leader=leader)
    return leader


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_worker_recovers_by_itself(site: Site, own_postgres: Postgres, trouble: str) -> None:
    owe_many(100)
    with mail_server(on_end=slow(0.02)) as server:
        site.mail_port = server.port
        site.worker()
        site.beat(every=1)
        wait_for(lambda: len(server.taken) >= 30)
        began = datetime.now(UTC)
        TROUBLES[trouble](own_postgres)
        claims_end(made_before=began)
        wait_for(all_sent)
        outcome = Outcome.of(server)
    assert (outcome.owed, outcome.sent, outcome.lost) == (100, 100, 0) and outcome.doubled <= WORKER_THREADS
