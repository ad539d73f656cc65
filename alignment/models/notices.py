from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from alignment.models.people import User

CLAIM_LASTS = timedelta(minutes=5)
LAST_ATTEMPT = 8


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self, now: datetime) -> Self:
        """Due, neither sent nor closed nor given up, and claimed by nobody whose claim still holds."""
        return self.filter(
            Q(claimed_until=None) | Q(claimed_until__lte=now),
            due_at__lte=now,
            sent_at=None,
            closed_at=None,
            failed_at=None,
        )

    def owe(self, notices: list[Notice]) -> None:
        """Add what is owed; a key that is already there stays as it is."""
        self.bulk_create(notices, ignore_conflicts=True)


class Notice(models.Model):
    """One message owed to one person. The key makes it owed once, however often somebody works that out."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    to = models.ForeignKey(User, models.CASCADE, related_name="notices")
    payload = models.JSONField(
        default=dict, help_text="What the maker of this kind needs to write the message."
    )
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Its reason was gone: closed unsent.")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="Given up after the last attempt.")
    error = models.CharField(max_length=500, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("due_at", "pk")
        indexes = [
            # NoticeQuerySet.waiting
            models.Index(
                fields=("due_at",),
                condition=Q(sent_at=None, closed_at=None, failed_at=None),
                name="notice_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def claim(self, now: datetime) -> bool:
        """Take the right to send this for CLAIM_LASTS; False when somebody else has it or it is done."""
        claimed = Notice.objects.waiting(now).filter(pk=self.pk)
        return bool(claimed.update(claimed_until=now + CLAIM_LASTS, attempts=F("attempts") + 1))


class Heartbeat(models.Model):
    """When a part of the clock last did its work; read by /readyz."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
