from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

SWEEP = "sweep"
LATE_AFTER = timedelta(minutes=5)
"""The sweep runs every minute; when its last run is longer ago than this, reminders are late."""


def is_late(last_run: datetime, now: datetime) -> bool:
    return now - last_run > LATE_AFTER


class Heartbeat(models.Model):
    """When a periodic part last did its work, and what failed in it; read by
    /readyz, metrics and the outbox page."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    failures = models.JSONField(
        default=dict, blank=True, help_text="How many units failed in that run, by the step of the sweep."
    )

    def __str__(self) -> str:
        return f"{self.name} at {self.at}" + (" with failures" if self.failed else "")

    @classmethod
    def of_sweep(cls) -> Heartbeat | None:
        """None when the sweep never ran here."""
        return cls.objects.filter(name=SWEEP).first()

    @property
    def failed(self) -> int:
        """How many units failed in the last run."""
        return sum(self.failures.values())

    def state(self, now: datetime) -> str:
        """ "late", "with failures" or "ok"."""
        if is_late(self.at, now):
            return "late"
        return "with failures" if self.failed else "ok"
