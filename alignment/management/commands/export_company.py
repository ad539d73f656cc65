"""`manage.py export_company SLUG [FILE]`: a whole company in one file, for whoever runs the server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from tqdm import tqdm

from alignment.archives.passphrases import read_passphrase
from alignment.archives.write import write
from alignment.audit import note
from alignment.models import Company


class Command(BaseCommand):
    help = (
        "Write everything a company has into one file, its confidential words too: in clear, because whoever has the "
        "server has the database, or sealed with a passphrase of yours. The site may run and write meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the company, as its setup pages name it")
        parser.add_argument("file", nargs="?", type=Path, help="Default: DATA_DIR/exports/SLUG-DATE-TIME.zip")
        parser.add_argument(
            "--passphrase-file", metavar="FILE", help="seal the words with what this file says; - reads it from the terminal"
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        company = Company.objects.filter(slug=options["slug"]).first()
        if company is None:
            there = ", ".join(Company.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none"
            raise CommandError(f"There is no company {options['slug']}. There are: {there}.")
        now = timezone.now()
        file: Path = options["file"] or (
            settings.DATA_DIR / "exports" / f"{company.slug}-{now:%Y%m%d-%H%M%S}.zip"
        )
        if file.exists():
            raise CommandError(f"{file} is there already and stays as it is. Give another name.")
        passphrase = read_passphrase(options["passphrase_file"])
        try:
            with tqdm(total=100, desc=company.name, unit="%", disable=options["verbosity"] < 1) as bar:
                made = write(
                    company, file, key=uuid4(), now=now, passphrase=passphrase, step=lambda done: bar.update(done - bar.n)
                )  # fmt: skip
        except (OSError, DatabaseError) as error:
            raise CommandError(f"Nothing was written: {error}".strip()) from error
        sealed = "sealed" if passphrase else "in clear"
        note(
            "archive.taken",
            by=None,
            now=now,
            company=company,
            about=company.name,
            new=f"{made.rows} rows, words {sealed}",
        )
        self.stdout.write(f"{file}: {made.rows} rows, {made.size / 1_000_000:.1f} MB, words {sealed}.")
        if not passphrase:
            self.stdout.write(
                "It holds confidential words: keep it as you keep the database, and delete it after use."
            )
