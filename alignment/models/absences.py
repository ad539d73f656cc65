from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from alignment.models.people import User


class Absence(models.Model):
    """Time off of a person (vacation, leave), both days included. The reason is private and not stored."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    first = models.DateField("first day")
    last = models.DateField("last day")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("first", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="absence_ends_after_it_starts"),
            models.UniqueConstraint(fields=("user", "first", "last"), name="an_absence_is_entered_once"),
        ]
        indexes = [
            # who is away on the days of a plan
            models.Index(fields=("last", "first"), name="absence_days"),
        ]

    def __str__(self) -> str:
        return f"{self.user} away {self.first} to {self.last}"
