"""`manage.py import_deals FILE --company SLUG`: import the deals of a CRM's export, with what was won."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from deals.import_commands.deal_import import import_deals
from deals.imports.kinds.rows import ReadRow
from deals.tables.csv_reader import TableError
from deals.tables.files import load
from deals.tables.questions import HIDDEN_CHOICES


class Command(BaseCommand):
    help = (
        "Import deals and won revenue from a CRM's export (CSV or XLSX). "
        "Importing the same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--company", required=True, metavar="SLUG", help="created when missing, if --teams is given"
        )
        parser.add_argument(
            "--teams", type=Path, metavar="FILE", help="columns sales_agent, manager: one team per manager"
        )
        parser.add_argument(
            "--locale", default="", help="how the file writes amounts and days, such as en-GB"
        )
        parser.add_argument(
            "--stage",
            action="append",
            default=[],
            metavar="NAME=MEANING",
            help="what a stage means: won, lost or open; may be repeated",
        )
        parser.add_argument(
            "--won-when-expected",
            action="store_true",
            help="date wins by the expected close date where the file has no other day",
        )
        parser.add_argument(
            "--encoding", default="", help="the file's code page, such as cp1250; detected if not given"
        )
        parser.add_argument("--sheet", default="", metavar="NAME", help="which sheet of a workbook to read")
        parser.add_argument(
            "--teams-sheet", default="", metavar="NAME", help="the same for the workbook of --teams"
        )
        parser.add_argument(
            "--hidden-rows",
            default="",
            choices=[choice for choice, _ in HIDDEN_CHOICES],
            help="whether to read the hidden rows and columns of a workbook",
        )
        parser.add_argument(
            "--skip-refused", action="store_true", help="import the good rows although others are refused"
        )
        parser.add_argument("--dry-run", action="store_true", help="show what would be done and save nothing")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_deals(
                load(options["file"]),
                company_slug=options["company"],
                teams=load(options["teams"]) if options["teams"] else None,
                locale=options["locale"],
                stages=options["stage"],
                won_when_expected=options["won_when_expected"],
                encoding=options["encoding"],
                worksheet=options["sheet"],
                teams_worksheet=options["teams_sheet"],
                hidden_rows=options["hidden_rows"],
                skip_refused=options["skip_refused"],
                file_name=options["file"].name,
                now=timezone.now(),
                dry_run=options["dry_run"],
                progress=show_progress,
            )
        except TableError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"errors": error.sentences}, ensure_ascii=False))
            raise CommandError("\n".join([*error.sentences, "Nothing was changed."])) from error
        lines = [json.dumps(report.as_json(), ensure_ascii=False)] if options["json"] else report.sentences()
        self.stdout.write("\n".join(lines))


def show_progress(chunks: Iterable[Sequence[ReadRow]]) -> Iterator[Sequence[ReadRow]]:
    """The chunks, with a progress bar on a terminal."""
    pending = list(chunks)
    with tqdm(total=sum(map(len, pending)), unit="deal", disable=not sys.stderr.isatty(), leave=False) as bar:
        for chunk in pending:
            yield chunk
            bar.update(len(chunk))
