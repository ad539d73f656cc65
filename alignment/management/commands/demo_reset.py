"""`manage.py demo_reset`: a fresh demo company, also while the site is running."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "Empty the embedded database (keeping a copy beside it) and fill it with the demo company."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "demo_reset is for the embedded default only; DATABASE_URL is set, nothing was changed."
            )
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        copy = settings.DATA_DIR / f"before-reset-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        self.stdout.write(f"The old database is kept as {copy}")
        call_command("flush", interactive=False, verbosity=0)
        call_command("seed_demo")
