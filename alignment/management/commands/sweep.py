from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from alignment.outbox.delivery import deliver_due
from alignment.sweep.run import sweep


class Command(BaseCommand):
    help = (
        "Run the sweep once: do whatever is due, deliver the messages, "
        "and print what was done and what failed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        result = sweep(timezone.now())
        delivered = deliver_due()
        self.stdout.write(f"{result.done()}.")
        notices = ", ".join(f"{state} {number}" for state, number in sorted(delivered.items()))
        self.stdout.write(f"Messages: {notices or 'none due'}.")
        if result.failures:
            self.stdout.write(f"Failed, will be retried at the next run: {', '.join(result.failed_units())}.")
