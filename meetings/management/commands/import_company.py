"""`manage.py import_company FILE`: a company from another installation, completely or not at all."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from alignment.exports.importer import ImportedCompany, import_company
from alignment.exports.manifest import Manifest
from alignment.exports.reader import ExportError, OpenedExport, open_export
from alignment.management.question import ask
from alignment.models import Company, Entry
from meetings.registry.data_checks import find_violations
from meetings.sweep.reminders import mark_due_as_sent


class Command(BaseCommand):
    help = (
        "Import a company from a file made by export_company. People who already have an account keep it; "
        "others get one without a password. Everything is imported, or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--yes", action="store_true", help="do not ask where the company seems to be here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with open_export(options["file"]) as export:
                if here := known_as(export.manifest):
                    ask(f"{here} Import it again, beside it?", answered=options["yes"])
                total = sum(export.manifest.rows.values())
                with tqdm(total=total, unit=" rows", disable=options["verbosity"] < 1) as bar:
                    imported = self.import_export(export, bar)
        except ExportError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self.report(imported)

    @transaction.atomic
    def import_export(self, export: OpenedExport, bar: Any) -> ImportedCompany:
        now = timezone.now()
        imported = import_company(export, now=now, step=bar.update)
        mark_due_as_sent(imported.company, now)
        return imported

    def report(self, imported: ImportedCompany) -> None:
        self.stdout.write(
            f"{imported.company} was imported as {imported.company.slug}: {imported.rows} rows, "
            f"{imported.new_people} new people without a password, "
            f"{len(imported.joined)} with an account here."
        )
        if imported.joined:
            self.stdout.write("They keep the account they have: " + ", ".join(sorted(imported.joined)[:20]))
        self.stdout.write(
            "New people choose a password with the reset link on the sign-in page. "
            "Second factors, passkeys and calendar links have to be set up again."
        )
        for sentence in find_violations(timezone.now()):
            self.stdout.write(f"check_data: {sentence}")


def known_as(manifest: Manifest) -> str:
    """A sentence about the same company where it seems to be here; empty otherwise.

    Twice here, it would send its people every reminder twice.
    """
    name = manifest.company["name"]
    imported = Entry.objects.filter(what="company.imported", about=name).order_by("-at").first()
    if imported is not None and imported.company is not None:
        return f"{name} was imported on {imported.at:%-d %B %Y} and is here as {imported.company.slug}."
    company = Company.objects.filter(name__iexact=name).first()
    return f"{company.name} is already here as {company.slug}." if company else ""
