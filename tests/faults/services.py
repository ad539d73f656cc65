"""A Redis and a PostgreSQL of a test's own, to be stopped, hung, emptied and restarted."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from django.db import connection

from tests.conftest import SERVICES_REQUIRED
from tests.faults.outcome import wait_for


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def needed(name: str, found: Path | str | None) -> str:
    """The program, or a skipped test where it is not installed and nobody requires it."""
    if not found and not SERVICES_REQUIRED:
        pytest.skip(f"{name} is not installed")
    assert found, f"{name} is not installed"
    return str(found)


@dataclass
class Redis:
    """Keeps nothing on the disk: stopped, it has lost all it held."""

    program: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                self.program,
                "--bind",
                "127.0.0.1",
                "--port",
                str(self.port),
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            stdout=subprocess.DEVNULL,
        )
        wait_for(self.answers, 10)

    def answers(self) -> bool:
        with suppress(redis.RedisError):
            return bool(self.client().ping())
        return False

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=1)

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait(10)

    def hang(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        self.client().flushall()


@contextmanager
def redis_of_its_own() -> Iterator[Redis]:
    server = Redis(needed("redis-server", shutil.which("redis-server")), free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()


@dataclass
class Postgres:
    programs: Path
    folder: Path
    port: int

    def run(self, program: str, *words: str) -> None:
        """As the user postgres where the test runs as root, whom PostgreSQL refuses."""
        who = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        with (self.folder.parent / "said").open("a") as said:
            command = [*who, str(self.programs / program), *words]
            subprocess.run(command, cwd="/", stdout=said, stderr=said, check=True)

    def control(self, *words: str) -> None:
        self.run("pg_ctl", "-D", str(self.folder), "-w", "-l", str(self.folder / "log"), *words)

    def make(self) -> None:
        words = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.run("initdb", "-D", str(self.folder), "-U", "alignment", *words)
        settings = f"listen_addresses='127.0.0.1'\nport={self.port}\nunix_socket_directories=''\nfsync=off\n"
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(settings)
        self.control("start")
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "alignment", "alignment")

    @contextmanager
    def as_default(self) -> Iterator[None]:
        """The default database of this process, until the block ends."""
        where = {"HOST": "127.0.0.1", "PORT": str(self.port), "USER": "alignment", "NAME": "alignment"}
        connection.close()
        kept = {name: connection.settings_dict[name] for name in where}
        connection.settings_dict.update(where)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(kept)


@contextmanager
def postgres_of_its_own() -> Iterator[Postgres]:
    """With an empty database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    programs = needed("postgresql", found[-1] if found else None)
    folder = Path(tempfile.mkdtemp(prefix="alignment-postgres-"))
    (folder / "data").mkdir(mode=0o700)
    if os.getuid() == 0:
        folder.chmod(0o755)
        shutil.chown(folder / "data", "postgres")
    server = Postgres(Path(programs), folder / "data", free_port())
    try:
        server.make()
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):
            server.control("-m", "immediate", "stop")
        shutil.rmtree(folder)
