"""`manage.py restore FILE`: restore a backup, whole or not at all."""

import sqlite3
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from alignment.backups import archive
from alignment.backups.snapshot import RestoreError
from alignment.management.commands.start import alone_on_data_dir
from alignment.management.question import ask


class Command(BaseCommand):
    help = "Restore an archive made by manage.py backup into an empty installation."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also replace a database that already has people; it is backed up first",
        )

        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        with alone_on_data_dir() if settings.EMBEDDED else nullcontext():
            try:
                self.restore(options["file"], replace=options["replace"], answered=options["yes"])
            except RestoreError as refusal:
                raise CommandError(f"{refusal} Nothing was changed.") from refusal
            except (OSError, DatabaseError, sqlite3.Error) as error:
                raise CommandError(
                    f"The current database cannot be used ({str(error).strip()}). Nothing was changed."
                ) from error

    def restore(self, file: Path, *, replace: bool, answered: bool) -> None:
        with archive.extracted(file) as (folder, manifest):
            archive.refuse_unfit(manifest)
            people = archive.count_people()
            if people and not replace:
                raise RestoreError(
                    f"This database already has people ({people}). To replace "
                    "it with the backup, add --replace."
                )
            if people:
                ask(f"Replace this database and its {people} people?", answered=answered)
                copy = settings.DATA_DIR / "backups" / f"before-restore-{timezone.now():%Y%m%d-%H%M%S}.tar.gz"
                archive.make(copy, now=timezone.now())
                self.stdout.write(f"The previous database was backed up to {copy}.")
            archive.restore(folder, manifest)
        rows = manifest.snapshot.rows
        self.stdout.write(
            f"Restored the backup of {manifest.made_at} (version {manifest.version}): "
            f"{sum(rows.values())} rows in {len(rows)} tables. All row counts and checksums match."
        )
        self.stdout.write(
            "Next: run manage.py start --prepare (it updates the tables of an older backup to this version), then "
            "manage.py check_data, then start web, worker and beat. If the secret key has changed, everyone has "
            "to sign in again."
        )
