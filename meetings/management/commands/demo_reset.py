"""`manage.py demo_reset`: a fresh demo company in place of the old one, and of nothing else."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from alignment.management.commands.start import alone_on_data_dir
from alignment.management.question import ask
from alignment.models import Company, User
from meetings.demo.cast import holds_only_the_demo


class Command(BaseCommand):
    help = (
        "Empty the embedded database (saving a copy beside it) and fill it with the demo company. "
        "Refused while the site runs, and where anything but the demo is in the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "demo_reset is for the embedded default only; DATABASE_URL is set, nothing was changed."
            )
        with alone_on_data_dir():
            self.reset(answered=options["yes"])

    def reset(self, *, answered: bool) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        if not holds_only_the_demo():
            companies = ", ".join(Company.objects.values_list("name", flat=True)[:10]) or "no company"
            raise CommandError(
                f"This database holds more than the demo ({companies}; {User.objects.count()} people). "
                "Nothing was changed. To see the demo beside it, give another folder: "
                "DATA_DIR=/some/folder make run"
            )
        if User.objects.exists():
            # A script may: nothing but the demo is here, and a copy is kept.
            ask("Delete the demo company and everything entered in it?", answered=answered, unasked=True)
        copy = settings.DATA_DIR / f"before-reset-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        self.stdout.write(f"The old database is saved as {copy}")
        call_command("flush", interactive=False, verbosity=0)
        call_command("seed_demo")
