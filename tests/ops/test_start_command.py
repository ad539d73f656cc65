import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORT = 8190
pytestmark = pytest.mark.processes


def start(folder: Path, port: int = PORT) -> subprocess.Popen[str]:
    environment = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    environment |= {"DATA_DIR": str(folder), "PORT": str(port), "DEMO": "0", "PYTHONUNBUFFERED": "1"}
    with (folder.parent / f"{folder.name}.log").open("w") as log:
        return subprocess.Popen(
            [sys.executable, "manage.py", "start"],
            cwd=ROOT,
            env=environment,
            text=True,
            stdout=log,
            stderr=log,
        )


def within(seconds: float, question: Callable[[], object]) -> bool:
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(answer)


def answers(path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


def healthy() -> bool:
    return answers("/healthz")


def child(supervisor: subprocess.Popen[str], word: str) -> int | None:
    """Process id of the supervisor's child whose command line has the word."""
    for line in Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text().split():
        try:
            if f"\0{word}\0".encode() in Path(f"/proc/{line}/cmdline").read_bytes():
                return int(line)
        except FileNotFoundError:
            continue
    return None


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def running(tmp_path) -> Iterator[subprocess.Popen[str]]:
    folder = tmp_path / "data"
    folder.mkdir()
    process = start(folder)
    try:
        assert within(60, lambda: healthy() or process.poll() is not None)
        assert healthy(), (tmp_path / "data.log").read_text()
        yield process
    finally:
        process.terminate()
        process.wait(30)


def test_it_starts_restarts_a_killed_worker_and_stops_cleanly(running, tmp_path):
    worker = child(running, "worker")
    os.kill(worker, signal.SIGKILL)
    assert within(20, lambda: child(running, "worker") not in {None, worker})
    pids = [child(running, word) for word in ("alignment.wsgi:application", "worker", "beat")]
    running.send_signal(signal.SIGTERM)
    assert running.wait(30) == 0
    assert not any(map(alive, pids))
    words = (tmp_path / "data.log").read_text()
    assert f"ready at http://127.0.0.1:{PORT}/" in words
    assert "worker stopped by itself (exit -9); starting it again in 1 s." in words


def test_the_clock_runs_its_first_round_at_once(running):
    assert within(20, lambda: answers("/readyz"))


def test_static_files_are_named_by_content_and_kept_by_browsers(running):
    page = urllib.request.urlopen(f"http://127.0.0.1:{PORT}/accounts/login/").read().decode()
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)
    assert any(re.fullmatch(r"/static/css/app\.[0-9a-f]{12}\.css", file) for file in files)
    for file in files:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{file}") as answer:
            assert "immutable" in answer.headers["Cache-Control"]


def test_nothing_outlives_a_supervisor_killed_outright(running):
    pids = [child(running, word) for word in ("alignment.wsgi:application", "worker", "beat")]
    running.kill()
    assert within(20, lambda: not any(map(alive, pids)))


def test_a_second_start_on_the_same_folder_is_refused(running, tmp_path):
    second = start(tmp_path / "data", PORT + 1)
    assert second.wait(30) == 1
    assert "already running on" in (tmp_path / "data.log").read_text()


def test_a_busy_port_is_said_plainly(tmp_path):
    (tmp_path / "data").mkdir()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert start(tmp_path / "data", port).wait(30) == 1
    words = (tmp_path / "data.log").read_text()
    assert f"Port {port} is in use by another program." in words
    assert "Traceback" not in words
