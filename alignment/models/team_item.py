"""The base of rows of a team that several people edit."""

from __future__ import annotations

import uuid

from django.db import models

from alignment.models.people import User
from alignment.models.teams import Team
from alignment.models.versioned import Versioned


class TeamItem(Versioned):
    """A row that belongs to a team, created once by one person.

    `token` comes with the form that created the row: the same form sent twice creates one row.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="%(class)ss")
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def anchor(self) -> str:
        """Its place on a page, such as risk-7."""
        return f"{self._meta.model_name}-{self.pk}"
