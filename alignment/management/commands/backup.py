"""`manage.py backup [FILE]`: one archive of everything, made while the site runs."""

import sqlite3
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from alignment.backups import archive


class Command(BaseCommand):
    help = (
        "Back up the database, and emails saved as files, to one archive. "
        "The site can stay in use during the backup."
    )
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
            raise CommandError(f"{file} already exists and was not changed. Choose another file name.")
        try:
            manifest = archive.make(file, now=now)
        except (OSError, DatabaseError, sqlite3.Error) as error:
            raise CommandError(f"The backup failed: {error}".strip()) from error
        rows, mails = sum(manifest.snapshot.rows.values()), sum("mail/" in name for name in manifest.files)
        size = file.stat().st_size / 1_000_000
        self.stdout.write(
            f"{file}: {rows} rows of {len(manifest.snapshot.rows)} tables, {mails} emails, {size:.1f} MB."
        )
        self.stdout.write(
            "Store it on another machine, together with the secret key and the settings, which it does not contain."
        )
