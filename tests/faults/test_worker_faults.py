"""The real worker under kill -9 and SIGTERM, on both brokers and databases."""

from __future__ import annotations

import random
import signal
import time

import pytest

from tests.faults.outcome import Outcome, all_sent, claims_end, cut_off, owe_many, wait_for
from tests.faults.site import Site
from tests.mailserver import mail_server, slow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


def test_five_kills_of_the_worker_during_two_hundred_notices_lose_nothing(site: Site) -> None:
    chance, cut = random.Random(11), set()
    owe_many(200)
    with mail_server(on_end=slow(0.02)) as server:
        site.mail_port = server.port
        for _ in range(5):
            worker, until = site.worker(), len(server.taken) + chance.randint(3, 30)
            site.ask(times=2)
            wait_for(lambda: len(server.taken) >= until)  # noqa: B023 - asked at once
            time.sleep(chance.random() / 50)
            site.kill(worker)
            cut |= cut_off(server)
            claims_end()
        finish(site)
        assert Outcome.of(server) == Outcome(owed=200, sent=200, doubled=len(cut), lost=0)


def finish(site: Site) -> None:
    site.worker()
    site.ask()
    wait_for(all_sent)


def test_two_workers_given_one_task_ten_times_send_every_notice_once(site: Site) -> None:
    owe_many(100)
    with mail_server() as server:
        site.mail_port = server.port
        site.ask(times=10)
        site.worker("one"), site.worker("two")
        wait_for(all_sent)
        assert Outcome.of(server) == Outcome(owed=100, sent=100, doubled=0, lost=0)


def test_a_worker_told_to_end_finishes_what_it_sends(site: Site) -> None:
    owe_many(50)
    with mail_server(on_end=slow(0.05)) as server:
        site.mail_port = server.port
        worker = site.worker()
        site.ask()
        wait_for(lambda: len(server.taken) >= 5)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
        assert Outcome.of(server) == Outcome(owed=50, sent=50, doubled=0, lost=0)
