from __future__ import annotations

from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from alignment.models import Seat
from meetings.cadence import Cadence, Kind


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def live(self) -> InvitationQuerySet:
        return self.filter(ended_at=None)


class Invitation(models.Model):
    """A recurring entry that was mailed into the calendar of who holds the seat.

    It keeps the cadence it was sent with (`starts_on` is the day of its first meeting), because a later mail about
    one occurrence must name the entry and the slot exactly as the calendar knows them.
    """

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="invitations")
    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, help_text="How often the whole entry was sent again.")
    kind = models.CharField(max_length=12, default=Kind.WEEKLY.value)
    weekday = models.PositiveSmallIntegerField()
    nth = models.SmallIntegerField(default=1)
    local_time = models.TimeField()
    timezone = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="Taken out of the calendar, or followed by another."
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("seat",), condition=Q(ended_at=None), name="one_live_invitation_a_seat"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="invitation_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}, from {self.starts_on}"

    def cadence(self, *, minutes: int) -> Cadence:
        """As it was sent; the length is the team's now. Raises ZoneInfoNotFoundError for a zone that is no more."""
        return Cadence(
            kind=Kind(self.kind), weekday=self.weekday, time=self.local_time, zone=ZoneInfo(self.timezone),
            starts_on=self.starts_on, ends_on=self.ends_on, minutes=minutes, nth=self.nth,
        )  # fmt: skip
