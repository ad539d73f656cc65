import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from alignment.ops.healthcheck import is_healthy

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.processes
PATIENCE = 120  # seconds for a process to start or to end: a busy machine is no defect


@dataclass
class Site:
    """A start of the product on a folder and a port of its own: a neighbour that is still ending must not
    answer for it.
    """

    process: subprocess.Popen[str]
    port: int
    log: Path

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.address(path), timeout=2) as response:
                return response.status == 200
        except OSError:
            return False

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def is_healthy(self) -> bool:
        return self.answers("/healthz")

    def sweep_runs(self) -> bool:
        with urllib.request.urlopen(self.address("/readyz"), timeout=5) as response:
            return is_healthy(response.read(), "sweep")

    def child(self, word: str) -> int | None:
        """Process id of the supervisor's child whose command line has the word."""
        pid = self.process.pid
        for line in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            try:
                if f"\0{word}\0".encode() in Path(f"/proc/{line}/cmdline").read_bytes():
                    return int(line)
            except FileNotFoundError:
                continue
        return None

    def children(self) -> list[int | None]:
        return [self.child(word) for word in ("alignment.wsgi:application", "worker", "beat")]


@contextmanager
def started(folder: Path, port: int) -> Iterator[Site]:
    environment = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    environment |= {"DATA_DIR": str(folder), "PORT": str(port), "DEMO": "0", "PYTHONUNBUFFERED": "1"}
    log = folder.parent / f"{port}.log"
    command = [sys.executable, "manage.py", "start"]
    with log.open("w") as lines:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=lines, stderr=lines)
    try:
        yield Site(process, port, log)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def within(seconds: float, question: Callable[[], object]) -> bool:
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(answer)


def alive(pid: int | None) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    with started(folder, free_port()) as site:
        assert within(PATIENCE, lambda: site.is_healthy() or site.process.poll() is not None)
        assert site.is_healthy(), site.log.read_text()
        yield site


def test_it_starts_restarts_a_killed_worker_and_stops_cleanly(site: Site) -> None:
    worker = site.child("worker")
    assert worker
    os.kill(worker, signal.SIGKILL)
    assert within(PATIENCE, lambda: site.child("worker") not in {None, worker})
    pids = site.children()
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(PATIENCE) == 0
    assert not any(map(alive, pids))
    words = site.log.read_text()
    assert f"ready at {site.address('/')}" in words
    assert "worker stopped unexpectedly (exit -9); restarting it in 1 s." in words


def test_the_clock_runs_its_first_round_at_once(site: Site) -> None:
    assert within(PATIENCE, site.sweep_runs)


def test_static_files_are_named_by_content_and_kept_by_browsers(site: Site) -> None:
    page = urllib.request.urlopen(site.address("/accounts/login/")).read().decode()
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)
    assert any(re.fullmatch(r"/static/css/app\.[0-9a-f]{12}\.css", file) for file in files)
    for file in files:
        with urllib.request.urlopen(site.address(file)) as answer:
            assert "immutable" in answer.headers["Cache-Control"]


def test_nothing_outlives_a_supervisor_killed_outright(site: Site) -> None:
    pids = site.children()
    site.process.kill()
    assert within(PATIENCE, lambda: not any(map(alive, pids)))


def test_a_second_start_on_the_same_folder_is_refused(site: Site, folder: Path) -> None:
    with started(folder, free_port()) as second:
        assert second.process.wait(PATIENCE) == 1
    assert "already running on" in second.log.read_text()


def test_a_busy_port_is_said_plainly(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with started(folder, port) as refused:
            assert refused.process.wait(PATIENCE) == 1
    words = refused.log.read_text()
    assert f"Port {port} is in use by another program." in words
    assert "Traceback" not in words
