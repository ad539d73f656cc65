import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError

from alignment.models import Heartbeat
from alignment.ops.healthcheck import is_healthy
from alignment.views import health
from tests.speed import at_most

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(time_machine, settings):
    time_machine.move_to(NOW, tick=False)
    settings.SPOOL_DIR.mkdir(parents=True, exist_ok=True)
    return Heartbeat.objects.create(name="sweep", at=NOW - timedelta(seconds=40))


def test_healthz_asks_nothing_of_the_database(client):
    assert client.get("/healthz").content == b"ok\n"  # no database mark: a query would fail the test


@pytest.mark.django_db
def test_ready_when_database_broker_and_clock_are(client, clock):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "database": "ok",
        "broker": "ok",
        "sweep": "ok",
        "last_sweep_seconds": 40,
        "sweep_failures": {},
        "notices": "ok",
        "oldest_unsent_seconds": 0,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "word"), [(5, "ok"), (6, "late")])
def test_a_clock_that_stands_still_is_said(client, clock, minutes, word):
    Heartbeat.objects.update(at=NOW - timedelta(minutes=minutes))
    answer = client.get("/readyz")
    assert answer.json()["sweep"] == word
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert is_healthy(answer.content, "sweep") == (word == "ok")


@pytest.mark.django_db
def test_what_failed_in_the_sweep_is_said_and_the_site_stays_ready(client, clock):
    Heartbeat.objects.update(failures={"open meetings": 2})
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert answer.json()["sweep"] == "with failures"
    assert answer.json()["sweep_failures"] == {"open meetings": 2}
    assert is_healthy(answer.content, "sweep")


@pytest.mark.django_db
def test_a_clock_that_never_ran_is_said(client, clock):
    Heartbeat.objects.all().delete()
    assert client.get("/readyz").json()["sweep"] == "never"


@pytest.mark.django_db
def test_a_broker_out_of_reach_is_said(client, clock, broker_at):
    broker_at(1)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"]) == (200, "unreachable")
    assert not is_healthy(answer.content, "broker")


@pytest.mark.django_db
def test_a_hung_broker_is_said_within_two_seconds(client, clock, hung_broker, time_machine):
    time_machine.move_to(NOW, tick=True)
    with at_most(2, time.perf_counter):
        assert client.get("/readyz").json()["broker"] == "unreachable"


@pytest.mark.django_db
def test_a_database_of_an_older_version_is_said(client, clock):
    MigrationRecorder(connection).record_unapplied("meetings", max(newest("meetings")))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "not migrated")


def newest(app):
    return [name for label, name in health._newest_migrations() if label == app]


def test_a_database_out_of_reach_is_said(client, monkeypatch):
    def refuse() -> None:
        raise OperationalError

    monkeypatch.setattr(health.connection, "cursor", refuse)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")
    assert answer.json()["sweep"] == "unknown"
