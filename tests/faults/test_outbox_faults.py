"""The outbox under faults. Each test states notices owed, sent, doubled, lost: lost is 0, and doubled at most the mail
whose answer was cut off, under the same Message-ID."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection

from alignment.models import Notice
from alignment.outbox.delivery import deliver_due
from tests.faults.outcome import Outcome, owe_many, wait_for
from tests.mailserver import Mail, Server, go_on, greet, mail_server, ok, slow

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.django_db(transaction=True)]


# A process that dies


@pytest.fixture
def process() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a delivering process; those still alive at the end are ended."""
    started: list[subprocess.Popen[bytes]] = []

    def start(
        server: Server, point: str = "", *, minutes: float = 0, threads: int = 1
    ) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "TEST_MAIL_PORT": str(server.port),
            "TEST_MINUTES_AHEAD": str(minutes),
            "TEST_THREADS": str(threads),
        }
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.delivering", point], cwd=ROOT, env=environment
        )
        started.append(child)
        return child

    yield start
    for child in started:
        if child.poll() is None:
            child.kill()
        child.wait(10)


def is_held(pid: int) -> bool:
    """Whether all its threads stand still: on a busy machine some run on for a moment after the signal."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return all((each / "stat").read_text().rpartition(")")[2].split()[0] == "T" for each in threads)


def killer(
    child: Callable[[], subprocess.Popen[bytes]], answer: bytes, *, wait: float = 0.0
) -> Callable[[Mail], bytes]:
    """Kill the child as it says something; with `wait`, hold it, answer, and kill it before it can read the answer."""

    def kill(mail: Mail) -> bytes:
        if wait:
            child().send_signal(signal.SIGSTOP)
            wait_for(lambda: is_held(child().pid))
            threading.Timer(wait, child().kill).start()
        else:
            child().kill()
        return answer

    return kill


@pytest.mark.processes
@pytest.mark.parametrize(
    ("point", "doubled"),
    [
        ("before-claim", 0),
        ("after-claim", 0),
        ("before-data", 0),
        ("after-250", 1),
        ("after-commit", 0),
    ],
)
def test_a_process_killed_at_a_named_point_loses_nothing(
    process: Callable[..., subprocess.Popen[bytes]], point: str, doubled: int
) -> None:
    owe_many(5)
    with mail_server() as server:
        if point == "before-data":
            server.on_data = killer(lambda: child, b"354 go on")
        elif point == "after-250":
            server.on_end = killer(lambda: child, b"250 ok", wait=0.3)
        child = process(server, point)
        assert child.wait(60) == -signal.SIGKILL
        server.on_data, server.on_end = go_on, ok
        assert process(server, minutes=6).wait(60) == 0
        assert Outcome.of(server) == Outcome(owed=5, sent=5, doubled=doubled, lost=0)


@pytest.mark.processes
def test_five_kills_at_random_moments_of_two_hundred_notices_lose_nothing(
    process: Callable[..., subprocess.Popen[bytes]],
) -> None:
    chance = random.Random(7)
    owe_many(200)
    with mail_server(on_end=slow(0.002)) as server:
        for kill in range(5):
            child, until = process(server, minutes=6 * kill), len(server.taken) + chance.randint(3, 30)
            wait_for(lambda: len(server.taken) >= until)  # noqa: B023 - asked at once
            time.sleep(chance.random() / 50)
            child.kill()
            child.wait(10)
        assert process(server, minutes=40).wait(60) == 0
        outcome = Outcome.of(server)
    assert (outcome.owed, outcome.sent, outcome.lost) == (200, 200, 0) and outcome.doubled <= 5


@pytest.mark.processes
def test_two_processes_and_ten_times_the_same_task_send_every_notice_once(
    process: Callable[..., subprocess.Popen[bytes]],
) -> None:
    owe_many(300)
    with mail_server() as server:
        running = [process(server, threads=10), process(server, threads=10)]
        assert [child.wait(120) for child in running] == [0, 0]
        assert Outcome.of(server) == Outcome(owed=300, sent=300, doubled=0, lost=0)


# A mail server that misbehaves


@pytest.fixture
def to_server(settings: Any) -> Callable[[int], None]:
    """Send this process's mails to the server at a port."""

    def point(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.5

    return point


def rounds(*minutes: float) -> list[dict[str, int]]:
    """What became of the notices at these minutes from now."""
    told = []
    for each in minutes:
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=each)):
            told.append(deliver_due())
    return told


def only(address: str, answer: bytes) -> Callable[[Mail], bytes]:
    return lambda mail: answer if mail.recipient == address else b"250 ok"


def first_address() -> str:
    return Notice.objects.order_by("pk")[0].to.email


def test_a_mail_server_down_for_an_hour_makes_things_late_and_nothing_else(
    to_server: Callable[[int], None],
) -> None:
    owe_many(20)
    with mail_server() as gone:
        to_server(gone.port)
    assert rounds(0, 2, 58) == [{"later": 20}] * 3
    with mail_server() as server:
        to_server(server.port)
        assert rounds(60) == [{"sent": 20}]
        assert Outcome.of(server) == Outcome(owed=20, sent=20, doubled=0, lost=0)
    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}


def test_a_server_that_asks_for_patience_gets_it(to_server: Callable[[int], None]) -> None:
    owe_many(6)
    with mail_server(on_rcpt=lambda mail: b"421 too much at once") as server:
        to_server(server.port)
        assert rounds(0) == [{"later": 6}]
        assert server.connections == 3  # and then the rest is left for later
        server.on_rcpt = ok
        assert sum(each.get("sent", 0) for each in rounds(1.1, 3, 5)) == 6
        assert Outcome.of(server) == Outcome(owed=6, sent=6, doubled=0, lost=0)


def test_one_dead_address_is_shown_and_holds_nobody_up(to_server: Callable[[int], None]) -> None:
    owe_many(6)
    with mail_server(on_rcpt=only(first_address(), b"550 no such user")) as server:
        to_server(server.port)
        assert rounds(0) == [{"failed": 1, "sent": 5}]
        assert server.connections == 1
        assert Outcome.of(server) == Outcome(owed=6, sent=5, doubled=0, lost=0)
    dead = Notice.objects.get(refused=True)
    assert "550 no such user" in dead.error and dead.to.email == first_address()


def test_a_slow_answer_to_one_holds_the_others_up_only_until_the_timeout(
    to_server: Callable[[int], None],
) -> None:
    owe_many(6)
    address = first_address()
    with mail_server(
        on_end=lambda mail: slow(1.5)(mail) if mail.recipient == address else b"250 ok"
    ) as server:
        to_server(server.port)
        assert rounds(0) == [{"later": 1, "sent": 5}]
        wait_for(lambda: len(server.taken) == 6)  # it was taken after all; we could not know
        server.on_end = ok
        assert rounds(3) == [{"sent": 1}]
        assert Outcome.of(server) == Outcome(owed=6, sent=6, doubled=1, lost=0)


@pytest.mark.parametrize("step", ["on_data", "on_end"])
def test_a_server_that_hangs_up_in_mid_message_is_tried_again(
    to_server: Callable[[int], None], step: str
) -> None:
    owe_many(6)
    address, usual = first_address(), {"on_data": b"354 go on", "on_end": b"250 ok"}[step]
    with mail_server(**{step: lambda mail: b"" if mail.recipient == address else usual}) as server:
        to_server(server.port)
        assert rounds(0) == [{"later": 1, "sent": 5}]
        server.on_data, server.on_end = go_on, ok
        assert rounds(3) == [{"sent": 1}]
        assert Outcome.of(server) == Outcome(owed=6, sent=6, doubled=0, lost=0)


def test_a_server_that_lets_nobody_in_is_not_the_notices_fault(to_server: Callable[[int], None]) -> None:
    owe_many(3)
    with mail_server(on_connect=lambda mail: b"554 go away") as server:
        to_server(server.port)
        assert rounds(0, 5) == [{"later": 3}, {"later": 3}]
        server.on_connect = greet
        assert rounds(10) == [{"sent": 3}]
        assert Outcome.of(server) == Outcome(owed=3, sent=3, doubled=0, lost=0)


def test_a_run_as_slow_as_its_claim_leaves_the_rest_to_the_next(
    to_server: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every mail takes a minute: before its claim ends the run claims what is left anew, so nobody else sends it."""
    owe_many(12)
    with mail_server() as server, time_machine.travel(datetime.now(UTC), tick=False) as clock:
        to_server(server.port)
        server.on_end = lambda mail: clock.shift(60) or b"250 ok"
        assert deliver_due() == {"sent": 12, "later": 10 + 8 + 6 + 4 + 2}
        assert Outcome.of(server) == Outcome(owed=12, sent=12, doubled=0, lost=0)
