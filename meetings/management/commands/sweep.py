from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from alignment.delivery import deliver_due
from meetings import clockwork


class Command(BaseCommand):
    help = "One pass of the clock: changes seats on their day, plans, states misses, closes what was left open, delivers what is owed."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = clockwork.sweep(timezone.now())
        became = deliver_due()
        self.stdout.write(
            f"Planned {swept.planned}, missed {swept.missed}, excused {swept.excused}, closed {swept.closed}, "
            f"invited {swept.invited}, flags raised {swept.raised}, seats changed {swept.reseated}."
        )
        told = ", ".join(f"{said} {number}" for said, number in sorted(became.items()))
        self.stdout.write(f"Notices: {told or 'none due'}.")
