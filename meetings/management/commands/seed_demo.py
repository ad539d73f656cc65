"""`manage.py seed_demo`: the demo company with two years of history, in an empty embedded database."""

from argparse import ArgumentParser
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate
from tqdm import tqdm

from alignment.models import User
from meetings.demo.cast import ZONE
from meetings.demo.seed import WEEKS, seed


class Command(BaseCommand):
    help = "Fill an empty embedded database with the demo company: two teams, two years of weekly meetings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there are people already")
        parser.add_argument(
            "--today", type=date.fromisoformat, help="the last day of the demo, as YYYY-MM-DD"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "The demo company is for the embedded database only, but DATABASE_URL is set. "
                "Nothing was changed."
            )
        if User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError(
                "This database already has people, so the demo company was not added. Nothing was changed. "
                "`make demo-reset` starts again and keeps a copy."
            )
        with tqdm(
            total=2 * WEEKS, desc="Demo company", unit=" meetings", disable=options["verbosity"] < 1
        ) as bar:
            seed(options["today"] or localdate(timezone=ZoneInfo(ZONE)), weeks=WEEKS, tick=bar.update)
