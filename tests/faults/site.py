"""The product's own processes, on the test's database, and a visitor of its pages."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from celery import Celery
from django.db import connection

from alignment.management.commands.start import BEAT, WEB, WORKER
from tests.faults.outcome import wait_for
from tests.faults.services import free_port
from tests.faults.visitor import Visitor

ROOT = Path(__file__).parents[2]
Process = subprocess.Popen[bytes]
QUIET = {"PYTHONWARNINGS": "ignore"}
HANDED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass
class Site:
    """What was started, each in a group of its own; `broker` "" is the spool of the embedded default."""

    folder: Path
    broker: str
    mail_port: int = 1
    started: list[Process] = field(default_factory=list)

    def start(self, command: Sequence[str], *, keep: Sequence[int] = (), **more: str) -> Process:
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment | more,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=keep,
            )
        self.started.append(child)
        return child

    @property
    def log(self) -> Path:
        return self.folder / "said"

    def said(self) -> str:
        return self.log.read_text()[-20_000:] if self.log.exists() else ""

    @property
    def environment(self) -> dict[str, str]:
        at = connection.settings_dict
        where = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "TEST_DATABASE": str(at["NAME"]),
            "TEST_MAIL_PORT": str(self.mail_port),
            "DATA_DIR": str(self.folder),
            "TRUSTED_PROXIES": "0",
            "LOG_LEVEL": "ERROR",
        }
        if self.broker:
            who = f"{quote(at['USER'])}:{quote(at['PASSWORD'])}@{at['HOST']}:{at['PORT'] or 5432}"
            where |= {"DATABASE_URL": f"postgresql://{who}/test", "REDIS_URL": self.broker}
        return {**os.environ, **QUIET, **where}

    # The product's processes

    def worker(self, name: str = "worker") -> Process:
        return self.start([*WORKER, "-n", f"{name}@%h"])

    def beat(self, *, every: float) -> Process:
        return self.start(BEAT, TEST_BEAT_EVERY=str(every))

    def web(self, *, processes: int = 2) -> tuple[Process, Visitor]:
        """Once it answers, with a visitor who is not signed in."""
        port = free_port()
        child = self.start(WEB, PORT=str(port), WEB_PROCESSES=str(processes))
        visitor = Visitor(port)
        wait_for(visitor.is_answered)
        return child, visitor

    def behind(self, door: socket.socket) -> Process:
        """A web process that was handed its listening socket, as systemd does it."""
        return self.start([sys.executable, "-c", HANDED, str(door.fileno()), *WEB], keep=(door.fileno(),))

    # The test's hand

    def ask(self, task: str = "alignment.tasks.deliver_due", *, times: int = 1) -> None:
        """Publish one and the same task this many times."""
        with Celery(broker=self.broker or "spool://localhost/", set_as_current=False) as app:
            app.conf.broker_transport_options = self.transport()
            number = str(uuid.uuid4())
            for _ in range(times):
                app.send_task(task, queue="alignment", task_id=number, ignore_result=True)

    def transport(self) -> Mapping[str, str]:
        if self.broker:
            return {}
        spool = str(self.folder / "spool")
        return {"data_folder_in": spool, "data_folder_out": spool, "control_folder": spool}

    def kill(self, child: Process) -> None:
        """kill -9 of the whole group."""
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait(10)

    def kill_all(self) -> None:
        for child in self.started:
            self.kill(child)
