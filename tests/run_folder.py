"""One folder for everything a run of the tests writes, gone when it ends, and in it a data folder for each worker.

A process of pytest prepares its environment; a process that a test starts finds it prepared and keeps it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

#: The name of the process of pytest whose environment this is: "main", or a worker of pytest-xdist.
PREPARED_FOR = "ALIGNMENT_TESTS_OF"


def prepare_environment() -> None:
    """Set what the settings read; do nothing in a process that a test started."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if os.environ.get(PREPARED_FOR) == process:
        return
    if process == "main":
        _set_defaults(_make_run_folder())
    else:
        _set_apart(process)
    os.environ[PREPARED_FOR] = process


def _make_run_folder() -> Path:
    """Also for everybody's temporary files: pytest's, Chromium's, those of processes that tests start."""
    folder = Path(tempfile.mkdtemp(prefix="alignment-"))
    folder.chmod(0o711)  # a PostgreSQL that a test starts has a user of its own
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _set_defaults(folder: Path) -> None:
    defaults = {
        "DATA_DIR": str(folder / "data"),
        "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "HTTPS": "0",
        "EMAIL_URL": "file:",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def _set_apart(worker: str) -> None:
    """A data folder and a Redis database of this worker's own; pytest-django names the databases apart."""
    os.environ["DATA_DIR"] = str(Path(os.environ["DATA_DIR"]) / worker)
    redis = os.environ.get("REDIS_URL")
    if redis:
        number = int(worker.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = urlsplit(redis)._replace(path=f"/{number}").geturl()
