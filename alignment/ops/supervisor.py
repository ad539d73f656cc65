"""Keeps several processes alive under one command: restarts the dead with
back-off, stops all of them cleanly."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between a death and the next start
STEADY = 60.0  # seconds after which a child counts as healthy and its waits start anew
PATIENCE = 15.0  # seconds a child gets to finish its work before it is killed
PR_SET_PDEATHSIG = 1


def follow_parent() -> None:
    """Ask the kernel to end this child when its supervisor is killed outright (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process with a group of its own, so that nothing it started can outlive it."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    wait: float = FIRST_WAIT
    started: float = 0.0
    due: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  # our own command line
            self.command,
            env=environment,
            start_new_session=True,
            preexec_fn=follow_parent,  # noqa: PLW1509  # one thread
        )

    def wait_for(self) -> int:
        """Exit code of a process that ends by itself; it ends with its parent when that is interrupted."""
        assert self.process
        try:
            return self.process.wait()
        except KeyboardInterrupt:
            self.kill_group()
            return 130

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self, now: float) -> str:
        """Clean up after a dead child, set the time of its restart, and return a sentence about it."""
        assert self.process
        code = self.process.returncode
        self.kill_group()
        self.process = None
        if now - self.started > STEADY:
            self.wait = FIRST_WAIT
        self.due = now + self.wait
        sentence = f"{self.name} stopped unexpectedly (exit {code}); restarting it in {self.wait:.0f} s."
        self.wait = min(self.wait * 2, LONGEST_WAIT)
        return sentence

    def terminate(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill_group(self) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Supervisor:
    children: list[Child]
    say: Callable[[str], None]
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    stopping: bool = False

    def run(self, while_starting: Callable[[], bool]) -> None:
        """Keep the children running until SIGINT or SIGTERM; `while_starting`
        is called until it returns True."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self.stop)
        started = False
        try:
            while not self.stopping:
                self.tend(time.monotonic())
                started = started or while_starting()
                time.sleep(0.2)
        finally:
            self.end()

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def tend(self, now: float) -> None:
        for child in self.children:
            if child.died():
                self.say(child.bury(now))
            if child.process is None and now >= child.due:
                child.start(self.environment)

    def end(self) -> None:
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in self.children:
            if child.process:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, deadline - time.monotonic()))
            child.kill_group()
