"""`manage.py import_deals FILE --company SLUG`: the deals of a CRM's export, with what was won."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from deals.imports import BadFile, import_deals
from deals.imports.read import load
from deals.imports.rows import DealRow


class Command(BaseCommand):
    help = "Import deals and what was won from a CRM's export (CSV). The same file a second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--company", required=True, metavar="SLUG", help="made when missing, if --teams is given"
        )
        parser.add_argument(
            "--teams", type=Path, metavar="FILE", help="columns sales_agent, manager: one team a manager"
        )
        parser.add_argument(
            "--locale", default="", help="how the file writes amounts and days, such as en-GB"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done and write nothing")
        parser.add_argument("--json", action="store_true", help="the summary for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_deals(
                load(options["file"]),
                company_slug=options["company"],
                teams=load(options["teams"]) if options["teams"] else None,
                locale=options["locale"],
                now=timezone.now(),
                dry_run=options["dry_run"],
                watch=watched,
            )
        except BadFile as trouble:
            if options["json"]:
                self.stdout.write(json.dumps({"errors": trouble.sentences}, ensure_ascii=False))
            raise CommandError("\n".join([*trouble.sentences, "Nothing was changed."])) from trouble
        said = [json.dumps(report.as_json(), ensure_ascii=False)] if options["json"] else report.sentences()
        self.stdout.write("\n".join(said))


def watched(chunks: Iterable[Sequence[DealRow]]) -> Iterator[Sequence[DealRow]]:
    """The chunks, with a bar on the terminal that grows row by row."""
    pending = list(chunks)
    with tqdm(total=sum(map(len, pending)), unit="deal", disable=not sys.stderr.isatty(), leave=False) as bar:
        for chunk in pending:
            yield chunk
            bar.update(len(chunk))
