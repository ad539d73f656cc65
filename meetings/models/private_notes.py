"""Private notes, and who can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from alignment.models import User, Versioned
from meetings.models.meetings import Meeting

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class PrivateNoteQuerySet(models.QuerySet["PrivateNote"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Only the author can read a private note."""
        return self.filter(author=user.pk)


class PrivateNote(Versioned):
    """A note about a meeting that only its author can read."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="private_notes")
    author = models.ForeignKey(User, models.CASCADE, related_name="+")
    text = models.TextField(max_length=10_000, blank=True)
    changed_at = models.DateTimeField()

    objects = PrivateNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("meeting", "author"), name="one_private_note_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.author} on {self.meeting}"

    @property
    def last_editor(self) -> User:
        return self.author
