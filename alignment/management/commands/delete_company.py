"""`manage.py delete_company SLUG`: a company deleted for good, after an export of it was written."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils import timezone
from tqdm import tqdm

from alignment.erasure.company import delete_company
from alignment.exports.queries import belonging
from alignment.management.commands.export_company import company_named, write
from alignment.management.question import ask


class Command(BaseCommand):
    help = (
        "Delete a company, everything in it, and the accounts of people who belong to no other company. "
        "Asks first, and writes a full export before. The site may run meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the company, as its setup pages name it")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        company, now = company_named(options["slug"]), timezone.now()
        teams, people = company.teams.count(), belonging(company).count()
        self.stdout.write(
            f"{company.name} ({company.slug}): {teams} teams, {people} people. Everything in it is deleted, and "
            "the accounts of people who belong to no other company."
        )
        ask(f"Delete {company.name} for good?", answer=company.slug, answered=options["yes"])
        file = settings.DATA_DIR / "exports" / f"{company.slug}-before-deletion-{now:%Y%m%d-%H%M%S}.zip"
        with tqdm(total=100, desc=company.name, unit="%", disable=options["verbosity"] < 1) as bar:
            write(company, file, now, bar)
        try:
            deleted = delete_company(company)
        except IntegrityError as error:
            raise CommandError(
                "Somebody changed the company meanwhile. Nothing was deleted; try again."
            ) from error
        self.stdout.write(
            f"Deleted: {deleted.rows} rows and {deleted.people} accounts. {deleted.staying} people stay here. "
            f"{file} holds the company: delete it, older backups and exports as your policy says."
        )
