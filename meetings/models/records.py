from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from alignment.models import User
from alignment.rules.roles import Role
from meetings.models.meetings import Meeting

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The records of the meetings whose words the user may read."""
        return self.filter(meeting__in=Meeting.objects.read_by(user).order_by())


class Record(models.Model):
    """The agenda of a closed meeting as it was then. Never changed; a reopened meeting gets another one."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="records")
    number = models.PositiveSmallIntegerField(default=1)
    agenda = models.JSONField()
    text = models.TextField(help_text="Every word in it that each reader may see, for the search.")
    pair_texts = models.JSONField(
        default=dict,
        blank=True,
        help_text="By each of the two who reads more (a rep's plan): every word they may see.",
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ("meeting", "number")
        constraints = [models.UniqueConstraint(fields=("meeting", "number"), name="records_are_numbered")]

    def __str__(self) -> str:
        return f"{self.meeting}, version {self.number}"

    @property
    def is_current(self) -> bool:
        """Whether its meeting was not reopened since. Costs a query."""
        return (
            self.meeting.is_held
            and not Record.objects.filter(meeting=self.meeting_id, number__gt=self.number).exists()
        )

    @staticmethod
    def reader(user: int) -> str:
        """The key of a reader in `pair_texts`: not a bare number, which would name a place in a list."""
        return f"user-{user}"


class Reopening(models.Model):
    """Why a closed meeting was reopened. The record before it stays."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="reopenings")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=300)

    #: The reason of those who took the end back within a minute, before the recap went out.
    UNDONE = "Undone"

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.meeting}: {self.why}"


class Attendance(models.Model):
    """Whether the CEO or the sales leader was present. No row: not recorded yet."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    present = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("meeting", "user"), name="one_attendance_a_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.present}"


class Move(models.Model):
    """One change of a meeting's time."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="moves")
    old = models.DateTimeField()
    new = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=300)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.meeting}: {self.old} → {self.new}"
