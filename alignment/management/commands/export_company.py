"""`manage.py export_company SLUG [FILE]`: a whole company in one file, for whoever runs the server."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from tqdm import tqdm

from alignment.audit import note
from alignment.exports.manifest import WHOLE
from alignment.exports.writer import WrittenExport, write_export
from alignment.models import Company


class Command(BaseCommand):
    help = (
        "Export a whole company to one file, including what was said in meetings and private notes. "
        "The file is confidential and not encrypted. The site can stay in use during the export."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the company’s short name, as in the address of its setup pages")
        parser.add_argument("file", nargs="?", type=Path, help="Default: DATA_DIR/exports/SLUG-DATE-TIME.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        company = company_named(options["slug"])
        now = timezone.now()
        default = settings.DATA_DIR / "exports" / f"{company.slug}-{now:%Y%m%d-%H%M%S}.zip"
        file: Path = options["file"] or default
        if file.exists():
            raise CommandError(f"{file} already exists and was not changed. Choose another file name.")
        with tqdm(total=100, desc=company.name, unit="%", disable=options["verbosity"] < 1) as bar:
            written = write(company, file, now, bar)
        note(
            "archive.taken", by=None, now=now, company=company, about=company.name, new=f"{written.rows} rows"
        )
        self.stdout.write(f"{file}: {written.rows} rows, {written.size / 1_000_000:.1f} MB, not encrypted.")
        self.stdout.write(
            "It is confidential: protect it like the database, encrypt it before you send it (see docs/data.md), "
            "and delete it after use."
        )


def company_named(slug: str) -> Company:
    company = Company.objects.filter(slug=slug).first()
    if company is None:
        slugs = ", ".join(Company.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none"
        raise CommandError(f"There is no company {slug}. Companies: {slugs}.")
    return company


def write(company: Company, file: Path, now: datetime, bar: Any) -> WrittenExport:
    try:
        return write_export(
            company, file, contents=WHOLE, now=now, step=lambda per_cent: bar.update(per_cent - bar.n)
        )
    except (OSError, DatabaseError) as error:
        raise CommandError(f"The export failed: {error}".strip()) from error
