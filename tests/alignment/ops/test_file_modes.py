"""What the embedded default keeps is for the user who runs it alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage

from alignment.management.commands.start import keep_to_owner
from alignment.outbox.file_backend import EmailBackend

ROOT = Path(__file__).parents[3]
WRITE = """
import alignment.wsgi
from django.core.mail import send_mail
from django.core.management import call_command
from alignment.celery import publish
call_command("migrate", "contenttypes", verbosity=0)
send_mail("Reset", "https://align.example/invitation/x/", None, ["joe@example.com"])
publish("alignment.tasks.sweep")
"""


def modes(folder: Path) -> dict[str, int]:
    """What others may do with each file and folder."""
    return {
        str(path.relative_to(folder.parent)): path.stat().st_mode & 0o077
        for path in (folder, *folder.rglob("*"))
    }


def test_nobody_else_reads_a_database_a_mail_or_a_task(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data")}
    subprocess.run([sys.executable, "-c", WRITE], cwd=ROOT, env=environment, check=True, umask=0o022)
    written = modes(tmp_path / "data")
    assert {Path(name).suffix for name in written} >= {".sqlite3", ".eml", ".msg"}
    assert set(written.values()) == {0}


def test_files_of_earlier_versions_are_closed_when_it_starts(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir(mode=0o755)
    for name in ("alignment.sqlite3", "alignment.sqlite3-wal", "mail/a.eml", "mine.txt"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    keep_to_owner(tmp_path)
    assert [name for name, others in modes(tmp_path).items() if others and tmp_path.name != name] == [
        f"{tmp_path.name}/mine.txt"
    ]


def test_where_mails_are_files_in_production_nobody_else_reads_them(tmp_path: Path, settings: Any) -> None:
    settings.MAIL_DIR = tmp_path / "mail"
    before = os.umask(0o022)
    try:
        EmailBackend().send_messages([EmailMessage("Week", "Words", "a@example.com", ["b@example.com"])])
    finally:
        os.umask(before)
    assert set(modes(tmp_path / "mail").values()) == {0}
