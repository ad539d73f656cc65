"""What every row of a team that two people edit has in common."""

from __future__ import annotations

import uuid

from django.db import models

from alignment.models.people import User
from alignment.models.teams import Team
from alignment.models.versions import Stale as Stale
from alignment.models.versions import Versioned as Versioned


class TeamItem(Versioned):
    """A row that belongs to a team and was put there by somebody, once.

    `token` comes with the form that made the row: the same form sent twice makes one row.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="%(class)ss")
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True
