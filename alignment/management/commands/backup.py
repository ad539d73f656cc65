"""`manage.py backup [FILE]`: one archive of everything, made while the site runs."""

import sqlite3
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from alignment import backup


class Command(BaseCommand):
    help = "Write the database and the mails kept as files into one archive. The site may run and write meanwhile."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="Default: DATA_DIR/backups/alignment-DATE-TIME.tar.gz"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        usual = settings.DATA_DIR / "backups" / f"alignment-{now:%Y%m%d-%H%M%S}.tar.gz"
        file: Path = options["file"] or usual
        if file.exists():
            raise CommandError(f"{file} is there already and stays as it is. Give another name.")
        try:
            manifest = backup.make(file, now=now)
        except (OSError, DatabaseError, sqlite3.Error) as error:
            raise CommandError(f"No backup was made: {error}".strip()) from error
        rows, mails = sum(manifest.snapshot.rows.values()), sum("mail/" in name for name in manifest.files)
        size = file.stat().st_size / 1_000_000
        self.stdout.write(
            f"{file}: {rows} rows of {len(manifest.snapshot.rows)} tables, {mails} mails, {size:.1f} MB."
        )
        self.stdout.write(
            "Keep it on another machine, with the secret key and the settings beside it: they are not in it."
        )
