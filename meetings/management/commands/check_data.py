from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from meetings.registry.data_checks import find_violations


class Command(BaseCommand):
    help = "Print every inconsistency in the data; exit with code 1 if there are any. Changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        violations = 0
        for sentence in find_violations(timezone.now()):
            violations += 1
            self.stdout.write(sentence)
        if violations:
            raise CommandError(f"{violations} found.", returncode=1)
        self.stdout.write("No inconsistencies found.")
