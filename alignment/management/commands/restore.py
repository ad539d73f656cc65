"""`manage.py restore FILE`: put a backup back, whole or not at all."""

import sqlite3
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from alignment import backup
from alignment.management.commands.start import alone_on_data_dir
from alignment.snapshots.shape import CannotRestore


class Command(BaseCommand):
    help = "Put an archive of manage.py backup into an empty installation."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="Also where there are people already: they are backed up first.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with alone_on_data_dir() if settings.EMBEDDED else nullcontext():
            try:
                self.restore(options["file"], replace=options["replace"])
            except CannotRestore as refusal:
                raise CommandError(f"{refusal} Nothing was changed.") from refusal
            except (OSError, DatabaseError, sqlite3.Error) as error:
                raise CommandError(
                    f"The database in place cannot be used ({str(error).strip()}). Nothing was changed."
                ) from error

    def restore(self, file: Path, *, replace: bool) -> None:
        with backup.opened(file) as (folder, manifest):
            backup.refuse_unfit(manifest)
            people = backup.people()
            if people and not replace:
                raise CannotRestore(
                    f"This database holds people already ({people}). To put the backup in their place, add --replace."
                )
            if people:
                kept = settings.DATA_DIR / "backups" / f"before-restore-{timezone.now():%Y%m%d-%H%M%S}.tar.gz"
                backup.make(kept, now=timezone.now())
                self.stdout.write(f"What was here is kept as {kept}.")
            backup.put_back(folder, manifest)
        rows = manifest.snapshot.rows
        self.stdout.write(
            f"Put back the state of {manifest.made_at} (version {manifest.version}): {sum(rows.values())} rows of "
            f"{len(rows)} tables, each counted; every checksum was right."
        )
        self.stdout.write(
            "Next: manage.py start --prepare (brings the tables of an older backup up to this version), then "
            "manage.py check_data, then start web, worker and beat. With another secret key everyone signs in again."
        )
