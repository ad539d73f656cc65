"""How useful each participant found a meeting."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from alignment.models import User
from alignment.rules.roles import Role
from meetings.models.meetings import Meeting


class Rating(models.Model):
    """How useful one person found the meeting, 1 to 10; below 8 a reason is offered."""

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
