from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models, transaction
from django.db.models import F, Q

from alignment.models.company import Company
from alignment.models.links import Link
from alignment.models.people import User
from alignment.models.teams import Seat, Team

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

CLAIM_LASTS = timedelta(seconds=150)
"""What a dead process had claimed goes out within three minutes, as delivery runs every 15 seconds."""
MOST_AT_ONCE = 500
"""Notices of one person claimed at once."""


class Via(models.TextChoices):
    MAIL = "mail", "Mail"
    CHAT = "chat", "Chat"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self, now: datetime) -> Self:
        """Due, neither sent nor closed nor given up, and not claimed."""
        return self.filter(
            Q(claimed_until=None) | Q(claimed_until__lte=now),
            due_at__lte=now,
            sent_at=None,
            closed_at=None,
            failed_at=None,
        )

    def enqueue(self, notices: Iterable[Notice]) -> None:
        """Add notices; a key that is already there stays as it is."""
        self.bulk_create(notices, ignore_conflicts=True, batch_size=500)

    @transaction.atomic
    def claim(self, now: datetime, *, via: str, most: int) -> list[Notice]:
        """Claim due notices for CLAIM_LASTS, the longest due first, together with everything else that waits
        for the same people. What another process claims at the same moment is left to it."""
        waiting, token = self.waiting(now).filter(via=via), uuid.uuid4()
        first = dict(waiting.skipping_locked().order_by("due_at", "pk").values_list("pk", "to")[:most])
        if not first:
            return []
        theirs = waiting.skipping_locked().filter(to__in=set(first.values())).exclude(pk__in=first)
        pks = [*first, *theirs.order_by("due_at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE]]
        waiting.filter(pk__in=pks).update(
            claim_id=token, claimed_until=now + CLAIM_LASTS, attempts=F("attempts") + 1
        )
        mine = self.filter(pk__in=pks, claim_id=token).select_related("to__preference", "link")
        return list(mine.order_by("due_at", "pk"))

    def skipping_locked(self) -> Self:
        """Rows that no other transaction holds. Where rows cannot be locked there is one writer at a time."""
        if connection.features.has_select_for_update_skip_locked:
            return self.select_for_update(skip_locked=True, of=("self",))
        return self

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own; for a company's admins also what its people were sent on its
        behalf, when and with what result."""
        if not user.is_authenticated:
            return self.none()
        companies = user.memberships.filter(is_admin=True).values("company")
        people = User.objects.filter(
            Q(memberships__company__in=companies, memberships__ended_at=None)
            | Q(seats__in=Seat.objects.current().filter(team__in=Team.objects.filter(company__in=companies)))
        )
        unnamed = Q(company=None, to__in=people.values("pk"))
        return self.filter(Q(to=user.pk) | Q(company__in=companies) | unnamed)


class Notice(models.Model):
    """One message due to one person. The key keeps it single, however often somebody enqueues it."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    via = models.CharField(max_length=4, choices=Via, default=Via.MAIL)
    to = models.ForeignKey(User, models.CASCADE, related_name="notices")
    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="+", help_text="Whose admins see it."
    )
    link = models.ForeignKey(
        Link,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        help_text="Sent in the name of `to` to the person of this link, who has no account.",
    )
    payload = models.JSONField(default=dict, help_text="What the message of this kind is written from.")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claim_id = models.UUIDField(null=True, blank=True, help_text="Which run of which process holds it.")
    claimed_until = models.DateTimeField(
        null=True, blank=True, help_text="Nobody takes it before: held, put off, or its reader's quiet hours."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    goes_as = models.CharField(
        max_length=120, blank=True, help_text="Message-ID of the mail in which several go together."
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Its reason was gone: closed unsent.")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="Given up after the last attempt.")
    refused = models.BooleanField(
        default=False, help_text="The mail server said for good that this address will not do."
    )
    error = models.CharField(
        max_length=500, blank=True, help_text="Why it was put off, closed or given up, for people."
    )

    objects = NoticeQuerySet.as_manager()

    #: What `Kind.read` of alignment.outbox.notice_kinds read for this one.
    data: Any = None

    class Meta:
        ordering = ("due_at", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(via__in=Via.values), name="notice_way_is_known"),
        ]
        indexes = [
            # NoticeQuerySet.claim: the longest due, and all else of the same people
            models.Index(
                fields=("due_at",),
                condition=Q(sent_at=None, closed_at=None, failed_at=None),
                name="notice_waiting",
            ),
            models.Index(
                fields=("to",),
                condition=Q(sent_at=None, closed_at=None, failed_at=None),
                name="notice_waiting_person",
            ),
            # what of one kind a person was told lately: reminders that come once a week
            models.Index(fields=("to", "kind", "due_at"), name="notice_person_kind"),
            # addresses that will not do, on the outbox page
            models.Index(fields=("to",), condition=Q(refused=True), name="notice_refused"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def recipient(self) -> str:
        """Whose mailbox it goes to."""
        return self.link.name if self.link else str(self.to)

    @property
    def state(self) -> str:
        """sent, failed, closed, or pending."""
        if self.sent_at:
            return "sent"
        return "failed" if self.failed_at else "closed" if self.closed_at else "pending"

    def can_resend(self, user: User) -> bool:
        """Try a failed one again: an admin of its company."""
        return self.state == "failed" and self.is_run_by(user)

    def is_run_by(self, user: User) -> bool:
        """Whether the user administers the company it belongs to, or one of its
        reader's where none is named."""
        mine = set(user.memberships.filter(is_admin=True).values_list("company", flat=True))
        if self.company_id is not None:
            return self.company_id in mine
        theirs = Company.objects.filter(
            Q(memberships__user=self.to_id, memberships__ended_at=None)
            | Q(teams__seats__in=Seat.objects.current().filter(user=self.to_id))
        )
        return bool(mine) and theirs.filter(pk__in=mine).exists()

    def resend(self, *, now: datetime) -> bool:
        """Enqueue a failed one again, from the first attempt, under the same Message-ID."""
        failed = Notice.objects.filter(pk=self.pk).exclude(failed_at=None)
        return bool(
            failed.update(
                failed_at=None, refused=False, attempts=0, claimed_until=None, claim_id=None, error=""
            )
        )
