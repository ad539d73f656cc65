from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q

from alignment.models.company import Company
from alignment.models.people import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

CLAIM_LASTS = timedelta(minutes=5)
LAST_ATTEMPT = 3
KEPT_FOR = timedelta(days=7)
KEPT_AT_ONCE = 3
"""Files of one company: a fourth takes the place of the oldest, so that nobody fills the disk."""


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the companies the user administers."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(company__in=user.memberships.filter(is_admin=True).values("company"))

    def waiting(self) -> Self:
        """Requested, and neither made nor given up."""
        return self.filter(done_at=None, failed_at=None)

    def request(self, company: Company, *, by: User, now: datetime) -> tuple[Archive, bool]:
        """A new row, or the one that is still being made; and whether it is new."""
        try:
            with transaction.atomic():
                return self.create(company=company, asked_by=by, asked_at=now), True
        except IntegrityError:
            return self.waiting().get(company=company), False

    def claim(self, now: datetime) -> Archive | None:
        """Take the one requested first that nobody is making. A claim not
        renewed for CLAIM_LASTS is up again."""
        free = self.waiting().filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
        for archive in free.select_related("company").order_by("asked_at", "pk"):
            mine = free.filter(pk=archive.pk, attempts=archive.attempts)
            taken = {"claimed_until": now + CLAIM_LASTS, "started_at": now, "progress": 0}
            if mine.update(attempts=F("attempts") + 1, **taken):
                archive.refresh_from_db()
                return archive
        return None

    def available(self) -> Self:
        """Those whose files were made and not deleted, the newest first."""
        return self.filter(gone_at=None).exclude(done_at=None)

    def expired(self, now: datetime) -> Self:
        """Made, still there, and past their day."""
        return self.filter(gone_at=None, expires_at__lte=now)


class Archive(models.Model):
    """One export of a company, requested by an admin and made in the
    background. The row stays when the file goes.

    The job is this row: whoever claims it makes the file, and renews the claim as it proceeds.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="archives")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Per cent of its rows.")
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, help_text="Why it was given up, for people.")
    file_name = models.CharField(max_length=120, blank=True, help_text="As it is called when downloaded.")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True, help_text="When its file was deleted.")

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("company",),
                condition=Q(done_at=None, failed_at=None),
                name="one_archive_in_the_making",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="archive_progress_is_per_cent"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(failed_at=None), name="archive_is_made_or_given_up"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | (Q(expires_at__isnull=False) & ~Q(sha256="")),
                name="a_made_archive_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}, asked for {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_waiting(self) -> bool:
        return self.done_at is None and self.failed_at is None

    @property
    def is_available(self) -> bool:
        """Whether its file was made and not deleted."""
        return self.done_at is not None and self.gone_at is None

    def can_be_downloaded(self, now: datetime) -> bool:
        """Whether it can be downloaded; from its expiry on it cannot, even when
        the sweep is late to delete it."""
        return self.is_available and self.expires_at is not None and now < self.expires_at

    def finish(self, *, size: int, sha256: str, now: datetime) -> bool:
        """Made; False when somebody else made it or gave it up meanwhile."""
        made = {"done_at": now, "progress": 100, "size": size, "sha256": sha256, "expires_at": now + KEPT_FOR}
        name = f"{self.company.slug}-{now:%Y-%m-%d}.zip"
        return bool(Archive.objects.waiting().filter(pk=self.pk).update(file_name=name, **made))

    def give_up(self, why: str, *, now: datetime) -> bool:
        return bool(Archive.objects.waiting().filter(pk=self.pk).update(failed_at=now, error=why[:300]))

    def release(self) -> None:
        """Not made this time; another attempt may begin at once."""
        Archive.objects.waiting().filter(pk=self.pk).update(claimed_until=None)

    def mark_deleted(self, *, now: datetime) -> bool:
        """Its file is being deleted; False when it was before."""
        return bool(Archive.objects.available().filter(pk=self.pk).update(gone_at=now))
