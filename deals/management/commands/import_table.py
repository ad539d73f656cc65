"""`manage.py import_table KIND FILE --company SLUG`: import accounts, contacts, revenue or the history of deals."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from deals.import_commands.table_import import import_table
from deals.models.imports import ImportKind
from deals.tables.csv_reader import TableError
from deals.tables.files import load

KINDS = [kind for kind in ImportKind.values if kind != ImportKind.DEALS]


class Command(BaseCommand):
    help = (
        "Import accounts, contacts, revenue, or a CRM's history of its deals (CSV or XLSX). "
        "Importing the same file again changes nothing. Deals: import_deals."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, metavar="SLUG")
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="answers a question about the file, as it is named in the question; may be repeated",
        )
        parser.add_argument(
            "--skip-refused", action="store_true", help="import the good rows although others are refused"
        )
        parser.add_argument("--dry-run", action="store_true", help="show what would be done and save nothing")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_table(
                load(options["file"]),
                kind=options["kind"],
                company_slug=options["company"],
                answers=options["answer"],
                skip_refused=options["skip_refused"],
                dry_run=options["dry_run"],
                file_name=options["file"].name,
                now=timezone.now(),
            )
        except TableError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"errors": error.sentences}, ensure_ascii=False))
            raise CommandError("\n".join([*error.sentences, "Nothing was changed."])) from error
        lines = [json.dumps(report.as_json(), ensure_ascii=False)] if options["json"] else report.sentences()
        self.stdout.write("\n".join(lines))
