"""A company taken out of one installation and put into another, empty one: the same but for its numbers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from alignment.models import Team
from tests.exported_company import content, ordered, shown, stage, taken

ROOT = Path(__file__).parents[3]
SQLITE = not os.environ.get("DATABASE_URL")
SHOW = (
    "import json; from alignment.models import Team; from tests.exported_company import shown;"
    "print(json.dumps(shown(Team.objects.get(slug='{slug}'))))"
)


@dataclass
class Machine:
    """An installation of its own, empty."""

    data: Path
    url: str

    def run(self, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        own = {"DATA_DIR": str(self.data), "SECRET_KEY": "another-installation-" + "9876543210" * 5}
        own |= ({"DATABASE_URL": self.url} if self.url else {}) | more
        environment = {
            key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"
        } | own
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )


@pytest.fixture
def machine(tmp_path) -> Iterator[Machine]:
    name = f"moved_{os.getpid()}"
    if not SQLITE:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
    url = "" if SQLITE else urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    machine = Machine(tmp_path / "machine", url)
    assert machine.run("migrate", "-v0").returncode == 0
    yield machine
    if not SQLITE:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def without_tokens(rows: list[str]) -> list[str]:
    """An import gives initiatives new tokens, which are the keys of the decisions on them."""
    return sorted(re.sub(r'"key": "[0-9a-f]{32}"', '"key": "token"', row) for row in rows)


@pytest.mark.django_db(transaction=True)
def test_out_and_in_and_out_again_is_the_same_in_an_empty_installation(machine, tmp_path):
    with transaction.atomic():
        company = stage()
        first = taken(company, tmp_path / "first.zip")
        agendas = {slug: shown(Team.objects.get(slug=slug)) for slug in ("north", "south")}
        transaction.set_rollback(True)
    put = machine.run("import_company", first)
    assert (put.returncode, "without a password" in put.stdout) == (0, True), put.stderr
    assert machine.run("check_data").stdout == "No inconsistencies found.\n"
    second = tmp_path / "second.zip"
    machine.run("export_company", company.slug, second)
    was, came = ordered(content(first)), ordered(content(second))
    assert len(came.pop("alignment.Entry")) == len(was.pop("alignment.Entry")) + 1  # that it was brought in
    for agreements in (was, came):
        agreements["alignment.Agreement"] = without_tokens(agreements["alignment.Agreement"])
    assert came == was
    for slug, agenda in agendas.items():
        assert json.loads(machine.run("shell", "-v0", "-c", SHOW.format(slug=slug)).stdout) == agenda
