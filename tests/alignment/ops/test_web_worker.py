"""Clients who send slowly, or half: a thread is free again soon, and half a form is none."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from alignment.ops import web_worker
from alignment.ops.web_worker import DeadlineSocket

ROOT = Path(__file__).parents[3]
PATIENCE = 120


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[DeadlineSocket, socket.socket]]:
    monkeypatch.setattr(web_worker, "HEAD", 0.3)
    monkeypatch.setattr(web_worker, "MIN_BYTES_A_SECOND", 1000)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield DeadlineSocket(ours), theirs


def test_what_is_sent_is_read(pair: tuple[DeadlineSocket, socket.socket]) -> None:
    patient, client = pair
    client.sendall(b"GET / HTTP/1.1")
    assert patient.recv(8192) == b"GET / HTTP/1.1"
    assert patient.fileno() == patient.sock.fileno()


@pytest.mark.parametrize("pause", [0.05, 10])
def test_whoever_sends_no_head_in_time_has_hung_up(
    pair: tuple[DeadlineSocket, socket.socket], pause: float
) -> None:
    patient, client = pair
    began = time.monotonic()
    client.sendall(b"G")
    while patient.recv(1):
        if pause < 1:
            time.sleep(pause)
            client.sendall(b"x")
    assert time.monotonic() - began < 1


def test_a_body_has_more_time_the_more_of_it_is_there(pair: tuple[DeadlineSocket, socket.socket]) -> None:
    patient, client = pair
    client.sendall(b"x" * 1000)
    patient.recv(1000)
    time.sleep(0.4)
    client.sendall(b"y")
    assert patient.recv(1) == b"y"


def test_each_request_has_its_own_time(pair: tuple[DeadlineSocket, socket.socket]) -> None:
    patient, client = pair
    time.sleep(0.35)
    client.sendall(b"x")
    assert patient.recv(1) == b""
    patient.begin()
    assert patient.recv(1) == b"x"


def test_a_shorter_limit_of_gunicorn_holds(pair: tuple[DeadlineSocket, socket.socket]) -> None:
    patient, _ = pair
    patient.sock.settimeout(0.05)
    with pytest.raises(TimeoutError):
        patient.recv(1)
    assert patient.sock.gettimeout() == 0.05


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Where the web process of the embedded default listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": str(free)}
    command = [sys.executable, "-m", "gunicorn", "alignment.wsgi:application", "-c", "gunicorn.conf.py"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            assert is_healthy(free)
            yield free
        finally:
            process.terminate()


def is_healthy(port: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=90) as answer,
        ):
            return bool(answer.status == 200)
        time.sleep(0.2)
    return False


@pytest.mark.processes
def test_forty_slow_clients_do_not_stop_the_site(port: int) -> None:
    clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    ended = threading.Event()

    def send_slowly() -> None:
        heads = [b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n"]
        for number, client in enumerate(clients):
            client.sendall(heads[number % 2])
        while not ended.wait(0.5):
            for client in clients:
                with suppress(OSError):
                    client.sendall(b"x")

    sender = threading.Thread(target=send_slowly)
    sender.start()
    try:
        time.sleep(1)
        assert is_healthy(port)
    finally:
        ended.set()
        sender.join()
        for client in clients:
            client.close()
