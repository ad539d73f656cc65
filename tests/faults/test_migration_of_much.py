"""Two years of two hundred teams, written at the first migration, come to the newest as they are.

FAULT_TEAMS=200 is the full run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

TEAMS, WEEKS = int(os.environ.get("FAULT_TEAMS", "5")), 104
ROOT = Path(__file__).parents[2]
URL = os.environ.get("DATABASE_URL", "")


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment with a database of its own, of the kind the run is on."""
    if not URL:
        yield {"DATA_DIR": str(tmp_path)}
        return
    parts = urlsplit(URL)
    name = f"{parts.path.lstrip('/')}_grown"
    with closing(psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True)) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        yield {"DATA_DIR": str(tmp_path), "DATABASE_URL": parts._replace(path=f"/{name}").geturl()}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.processes
def test_a_database_of_the_first_version_comes_to_the_newest_without_a_change(
    empty_database: dict[str, str],
) -> None:
    environment = os.environ | empty_database | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "tests.faults.migrating", str(TEAMS), str(WEEKS)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    print(told)
    assert told["rows"] > TEAMS * WEEKS * 10
    assert told["changed"] == []
