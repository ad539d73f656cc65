"""The drill: back up while others write, restore on an empty machine, compare row by row. On the run's own database."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from alignment import VERSION
from alignment.audit import note
from alignment.backups.snapshot import Snapshot
from alignment.exports import jobs
from alignment.models import Absence, Archive, Entry, Invite, Notice, PlannedSeat, User
from tests.factories import NOW, make_archive, make_deal, make_invited, make_notice, make_risk

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[3]
SQLITE = not os.environ.get("DATABASE_URL")


def rows(where: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the cache, as the database itself holds it."""
    listed = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if SQLITE
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    with closing(where) as database:
        tables = [name for (name,) in database.execute(listed).fetchall() if name != "cache"]
        return {
            name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"').fetchall())) for name in tables
        }


@dataclass
class Machine:
    """An installation of its own: a data folder and, where the run is on PostgreSQL, a database."""

    data: Path
    url: str

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        own = {"DATA_DIR": str(self.data)} | ({"DATABASE_URL": self.url} if self.url else {})
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

    def open(self) -> Any:
        if SQLITE:
            return sqlite3.connect(self.data / "alignment.sqlite3")
        import psycopg

        return psycopg.connect(self.url)


@pytest.fixture
def machine(tmp_path) -> Iterator[Machine]:
    name = f"restored_{os.getpid()}"
    if not SQLITE:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
    url = "" if SQLITE else urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    yield Machine(tmp_path / "machine", url)
    if not SQLITE:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def one_of_each(cast) -> None:
    """A row in every table that setup and sign-in fill."""
    note("team.changed", by=cast.admin, now=NOW, company=cast.company, about="North", old="\\N", new="a\tb")
    Absence.objects.create(user=cast.leader, first=NOW.date(), last=NOW.date(), entered_at=NOW)
    make_invited(company=cast.company)
    PlannedSeat.objects.create(team=cast.north, user=cast.outsider, role="observer", day=NOW.date(), at=NOW)
    make_archive(company=cast.company)
    Authenticator.objects.create(user=cast.leader, type="totp", data={"secret": "\\x00"})
    UserSession.objects.create(user=cast.leader, session_key="a" * 32, ip="127.0.0.1")
    SocialAccount.objects.create(user=cast.leader, provider="oidc", uid="1", extra_data={"a": None})


ONE_OF_EACH = (Entry, Absence, Invite, PlannedSeat, Archive, Authenticator, UserSession, SocialAccount)


@pytest.fixture
def company(cast, settings, tmp_path):
    """A company with words that a careless copy would break, and a mail."""
    make_risk(team=cast.north, owner=cast.leader, name='Ünïcode\t"tab" \\N \\. \U0001f600')
    make_deal(team=cast.north, name="line\nbreak")
    one_of_each(cast)
    settings.MAIL_DIR = tmp_path / "mail"
    settings.MAIL_DIR.mkdir()
    (settings.MAIL_DIR / "one.eml").write_text("Subject: one\n\n")
    (settings.MAIL_DIR / ".half.eml.part").write_text("Subj")
    settings.DATA_DIR = tmp_path / "data"
    jobs.folder().mkdir(parents=True)
    jobs.file_of(Archive.objects.get()).write_bytes(b"an archive somebody asked for")
    return cast


def here() -> Any:
    if SQLITE:
        return sqlite3.connect(connection.settings_dict["NAME"])
    import psycopg

    return psycopg.connect(
        urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    )


@pytest.fixture
def archive(company, tmp_path) -> Path:
    file = tmp_path / "backups" / "all.tar.gz"
    call_command("backup", file, stdout=StringIO())
    return file


def test_restored_on_an_empty_machine_nothing_differs(archive, machine):
    answer = machine.run("restore", archive)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert rows(machine.open()) == rows(here())
    assert [file.name for file in (machine.data / "mail").iterdir()] == ["one.eml"]
    with closing(machine.open()) as database:
        counted = [
            database.execute(f"SELECT count(*) FROM {model._meta.db_table}").fetchone()
            for model in ONE_OF_EACH
        ]
    assert counted == [(1,)] * len(ONE_OF_EACH)


def test_new_rows_get_numbers_that_were_never_used(archive, machine):
    machine.run("restore", archive)
    code = "from alignment.models import *; print(User.objects.create_user('new@demo.test', name='New').pk)"
    new = int(machine.run("shell", "--verbosity", "0", "-c", code).stdout)
    assert new > User.objects.order_by("pk").last().pk


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(machine, tmp_path):
    archive = tmp_path / "older.tar.gz"
    machine.run("migrate", "meetings")
    machine.run("migrate", "account", "0005")  # of ours nothing older than the first one is left
    assert machine.run("backup", archive).returncode == 0
    machine.run("migrate")
    now = rows(machine.open())
    assert machine.run("restore", archive).returncode == 0
    assert machine.run("migrate", "--check").returncode == 1
    assert machine.run("migrate").returncode == 0
    assert rows(machine.open()).keys() == now.keys()


def test_a_backup_while_others_write_is_one_moment(company, machine, tmp_path):
    stop, file = threading.Event(), tmp_path / "busy.tar.gz"

    def write() -> None:
        for number in range(100_000):
            if stop.is_set():
                break
            with transaction.atomic():  # two rows at once, which no moment sees alone
                for half in ("left", "right"):
                    make_notice(to=company.leader, key=f"{number:06}-{half}")
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while Notice.objects.count() < 20:
            pass
        call_command("backup", file, stdout=StringIO())
        after = Notice.objects.count()
        while Notice.objects.count() <= after:  # it was writing all the time
            pass
    finally:
        stop.set()
        writer.join()
    assert machine.run("restore", file).returncode == 0
    was, restored = rows(here()), rows(machine.open())
    for name in ("alignment_notice", "sqlite_sequence"):
        was.pop(name, None)
        restored.pop(name, None)
    assert restored == was
    with closing(machine.open()) as database:
        keys = [
            key for (key,) in database.execute("SELECT key FROM alignment_notice ORDER BY key").fetchall()
        ]
    pairs = [f"{number:06}-{half}" for number in range(len(keys) // 2) for half in ("left", "right")]
    assert keys == pairs
    assert 20 <= len(keys) < Notice.objects.count()


def test_the_archive_is_for_its_owner_alone_and_holds_no_secret(archive, settings):
    assert archive.stat().st_mode & 0o077 == 0
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]
    with tarfile.open(archive) as opened:
        held = [(member.name, opened.extractfile(member).read()) for member in opened]
    assert {name for name, _ in held} >= {"manifest.json", "mail/one.eml"}
    assert not [name for name, said in held if b"somebody asked for" in said or name.startswith("archives")]
    assert not [name for name, said in held if settings.SECRET_KEY.encode() in said or "secret" in name]


def test_a_backup_never_writes_over_another(archive):
    before = archive.read_bytes()
    with pytest.raises(CommandError, match="already exists"):
        call_command("backup", archive)
    assert archive.read_bytes() == before


def cut_off(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-2000])


def flip_a_bit(archive: Path) -> None:
    told = bytearray(archive.read_bytes())
    told[len(told) // 2] ^= 1
    archive.write_bytes(told)


def change_a_member(archive: Path) -> None:
    _pack(archive, lambda folder: (folder / "mail" / "one.eml").write_text("Subject: two\n\n"))


def add_a_member(archive: Path) -> None:
    _pack(archive, lambda folder: (folder / "mail" / "two.eml").write_text("Subject: two\n\n"))


def drop_the_manifest(archive: Path) -> None:
    _pack(archive, lambda folder: (folder / "manifest.json").unlink())


def come_from_the_future(archive: Path) -> None:
    manifest = '["alignment", "0001_initial"]'
    _edit(archive, manifest, f'["alignment", "9999_what_is_to_come"], {manifest}')


def come_from_another_database(archive: Path) -> None:
    _edit(archive, f'"database": "{connection.vendor}"', '"database": "oracle"')


def lose_a_row(archive: Path) -> None:
    _edit(archive, '"alignment_user": ', '"alignment_user": 1')


def be_something_else(archive: Path) -> None:
    archive.write_bytes(gzip.compress(b"no archive at all"))


def be_gone(archive: Path) -> None:
    archive.unlink()


def _edit(archive: Path, old: str, new: str) -> None:
    def change(folder: Path) -> None:
        import json

        path = folder / "manifest.json"
        text = json.dumps(json.loads(path.read_text()))
        assert old in text
        path.write_text(text.replace(old, new, 1))

    _pack(archive, change)


def _pack(archive: Path, change: Any) -> None:
    folder = archive.parent / "unpacked"
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    change(folder)
    with tarfile.open(archive, "w:gz") as written:
        written.add(folder, "")
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (cut_off, "cannot be read as an archive"),
        (flip_a_bit, "cannot be read as an archive"),
        (be_something_else, "cannot be read as an archive"),
        (be_gone, "cannot be read as an archive"),
        (change_a_member, "damaged: mail/one.eml"),
        (add_a_member, "damaged: mail/two.eml"),
        (drop_the_manifest, "not made by manage.py backup"),
        (come_from_the_future, "newer than this one"),
        (come_from_another_database, "of a oracle database"),
        (lose_a_row, "damaged|not what was backed up"),
    ],
)
def test_an_archive_that_is_not_whole_changes_nothing(archive, damage, sentence, settings, tmp_path):
    damage(archive)
    settings.DATA_DIR = tmp_path / "data"
    settings.EMBEDDED = False
    before = rows(here())
    User.objects.exists()
    with pytest.raises(CommandError, match=f"({sentence}).*Nothing was changed"):
        call_command("restore", archive, replace=True, yes=True)
    connection.close()
    assert rows(here()) == before


def test_people_are_not_overwritten_unasked(archive, settings, tmp_path):
    settings.DATA_DIR, settings.EMBEDDED = tmp_path / "data", False
    with pytest.raises(CommandError, match=r"already has people \(\d+\).*--replace"):
        call_command("restore", archive)


def test_replacing_asks_first(archive, settings, tmp_path, monkeypatch):
    settings.DATA_DIR, settings.EMBEDDED = tmp_path / "data", False
    User.objects.exists()
    before = rows(here())
    monkeypatch.setattr("builtins.input", lambda question: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", archive, replace=True, stdout=StringIO())
    connection.close()
    assert rows(here()) == before


def test_what_is_replaced_is_kept_as_a_backup(archive, machine):
    machine.run("restore", archive)
    make_notice(to=User.objects.first())
    newer = archive.with_name("newer.tar.gz")
    call_command("backup", newer, stdout=StringIO())
    first = rows(machine.open())
    assert machine.run("restore", newer).returncode == 1
    assert machine.run("restore", newer, "--replace", "--yes").returncode == 0
    assert rows(machine.open()) == rows(here()) != first
    (kept,) = (machine.data / "backups").iterdir()
    assert machine.run("restore", kept, "--replace", "--yes").returncode == 0
    assert rows(machine.open()) == first


def test_a_table_with_too_few_rows_is_named():
    snapshot = Snapshot(rows={"a": 2, "b": 1}, migrations=[])
    assert snapshot.differences({"b": 1}) == ["a has 0 rows instead of 2"]


def test_the_version_is_that_of_the_package():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
