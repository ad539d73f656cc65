from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from meetings.invariants import broken


class Command(BaseCommand):
    help = (
        "States every broken invariant of the data it finds; exit code 1 when there is one. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for sentence in broken(timezone.now()):
            found += 1
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"{found} broken.", returncode=1)
        self.stdout.write("Everything holds.")
