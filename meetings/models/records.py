from __future__ import annotations

from django.db import models
from django.db.models import Q

from alignment.models import User, Versioned
from alignment.models.teams import Role
from meetings.models.meetings import Meeting


class Record(models.Model):
    """The frozen Agenda of a closed meeting. Never changed; a reopened meeting gets another one."""

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

    class Meta:
        ordering = ("meeting", "number")
        constraints = [models.UniqueConstraint(fields=("meeting", "number"), name="records_are_numbered")]

    def __str__(self) -> str:
        return f"{self.meeting}, version {self.number}"

    @staticmethod
    def reader(user: int) -> str:
        """The key of a reader in `pair_texts`: not a bare number, which would name a place in a list."""
        return f"user-{user}"


class Reopening(models.Model):
    """Why a closed meeting was opened again. The record before it stays."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="reopenings")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=300)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.meeting}: {self.why}"


class Attendance(models.Model):
    """Whether one of the two was there. No row: nobody has said so yet."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    present = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("meeting", "user"), name="one_attendance_a_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.present}"


class Rating(models.Model):
    """How good the meeting was for one person, 1 to 10; below 8 asks why."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="ratings")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    score = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("meeting", "user"), name="one_rating_a_person"),
            models.CheckConstraint(condition=Q(score__range=(1, 10)), name="rating_is_1_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.score}"


class PrivateNote(Versioned):
    """What one person writes for themselves about a meeting. Only they see it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="private_notes")
    author = models.ForeignKey(User, models.CASCADE, related_name="+")
    text = models.TextField(max_length=10_000, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("meeting", "author"), name="one_private_note_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.author} on {self.meeting}"


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
