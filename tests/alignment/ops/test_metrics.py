import re
from datetime import timedelta

import pytest
from django.db.utils import OperationalError

from alignment.models import Heartbeat
from alignment.outbox.delivery import QUIET
from alignment.registry.metrics import OutboxBacklog
from alignment.views import health
from tests.factories import NOW, make_meeting, make_notice

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def scrape(client, settings, time_machine):
    time_machine.move_to(NOW, tick=False)
    settings.METRICS_TOKEN = "a-token-of-the-operator"
    settings.SPOOL_DIR.mkdir(parents=True, exist_ok=True)
    Heartbeat.objects.create(name="sweep", at=NOW - timedelta(seconds=40))
    return lambda token="a-token-of-the-operator": client.get(
        "/metrics", headers={"Authorization": f"Bearer {token}"}
    )


def values(answer):
    return {
        name: float(value)
        for name, value in re.findall(r"^alignment_(\w+) (\S+)$", answer.text, re.MULTILINE)
    }


def test_without_a_token_set_there_is_no_such_page(client, settings):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("token", ["", "wrong", "a-token-of-the-operator2", "ünknown"])
def test_a_wrong_token_is_refused(scrape, token):
    answer = scrape(token)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "alignment_" not in answer.text


def test_a_quiet_site_has_zeros(scrape):
    told = values(scrape())
    assert told.pop("queue_length") >= 0  # on a Redis that others use
    assert told == {
        "sweep_age_seconds": 40,
        "sweep_failures": 0,
        "notices_due": 0,
        "notices_retrying": 0,
        "notices_failed": 0,
        "notice_oldest_unsent_seconds": 0,
        "meetings_in_progress": 0,
        "meetings_missed_7_days": 0,
        "broker_up": 1,
    }


def test_what_there_is_to_do_is_counted(scrape, cast):
    make_notice(to=cast.leader, due_at=NOW - 5 * MINUTE)
    make_notice(to=cast.leader, due_at=NOW - 9 * MINUTE, attempts=3, error="mailbox full")
    make_notice(to=cast.leader, due_at=NOW + MINUTE)
    make_notice(to=cast.leader, failed_at=NOW)
    make_meeting(team=cast.south, starts_at=NOW, state="in_progress", started_at=NOW)
    for days in (2, 9):
        past = NOW - timedelta(days=days)
        make_meeting(team=cast.south, starts_at=past, state="missed", missed_at=past)
    told = values(scrape())
    assert (told["notices_due"], told["notices_retrying"], told["notices_failed"]) == (2, 1, 1)
    assert told["notice_oldest_unsent_seconds"] == 300
    assert (told["meetings_in_progress"], told["meetings_missed_7_days"]) == (1, 1)


def test_what_failed_in_the_last_run_of_the_sweep_is_counted(scrape):
    Heartbeat.objects.update(failures={"open meetings": 2, "escalation": 1})
    assert values(scrape())["sweep_failures"] == 3


def test_it_is_read_by_independent_parsers(scrape):
    answer = scrape()
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    for line in answer.text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) \w+ .+|alignment_\w+(\{(\w+="[^"]*",?)+\})? -?[0-9.e+]+', line)


@pytest.mark.parametrize("notices", [0, 50])
def test_it_costs_four_queries_however_much_there_is(scrape, cast, notices, django_assert_max_num_queries):
    for _ in range(notices):
        make_notice(to=cast.leader)
    with django_assert_max_num_queries(4):
        scrape()


def test_a_broker_out_of_reach_is_a_value_and_no_fault(scrape, broker_at):
    broker_at(1)
    told = values(scrape())
    assert told["broker_up"] == 0
    assert "queue_length" not in told


def test_a_database_out_of_reach_is_said(scrape, monkeypatch):
    def refuse(now):
        raise OperationalError

    monkeypatch.setattr(health.registered_metrics, "text", refuse)
    assert scrape().status_code == 503


@pytest.mark.parametrize(("minutes", "word"), [(15, "ok"), (16, "late")])
def test_a_notice_that_nobody_sends_is_said(client, scrape, cast, minutes, word):
    make_notice(to=cast.leader, due_at=NOW - minutes * MINUTE)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["notices"]) == (200, word)
    assert answer.json()["oldest_unsent_seconds"] == minutes * 60


def test_an_unreachable_mail_server_is_counted_from_when_it_was_due(cast):
    make_notice(to=cast.leader, due_at=NOW - 40 * MINUTE, claimed_until=NOW + MINUTE, error="unreachable")
    assert OutboxBacklog.at(NOW).oldest == 40 * MINUTE


def test_one_bad_address_does_not_make_the_site_unready(cast):
    make_notice(to=cast.leader, due_at=NOW - 40 * MINUTE, attempts=2, claimed_until=NOW + MINUTE)
    assert OutboxBacklog.at(NOW) == OutboxBacklog(due=1, retrying=1, oldest=timedelta())


@pytest.mark.parametrize(("ends", "oldest"), [(+60, 0), (-2, 2)])
def test_quiet_hours_are_no_delay(cast, ends, oldest):
    ended = NOW + ends * MINUTE
    make_notice(to=cast.leader, due_at=NOW - timedelta(hours=9), claimed_until=ended, error=QUIET)
    assert OutboxBacklog.at(NOW).oldest == oldest * MINUTE
