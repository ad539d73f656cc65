"""Reasons on home that a CEO does not want to read for a week."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from alignment.models import Team, User
from alignment.rules.roles import Role
from meetings.rules.team_order import ReasonKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

SILENT_FOR = timedelta(days=7)
KINDS = [(str(kind), str(kind)) for kind in ReasonKind]


class SilencedReasonQuerySet(models.QuerySet["SilencedReason"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own: nobody else learns of it."""
        return self.filter(user=user.pk)

    def active(self, now: datetime) -> Self:
        return self.filter(until__gt=now)

    def silence(self, team: Team, kind: str, size: Decimal, *, by: User, now: datetime) -> None:
        """For a week from now, as bad as the fact is now. Silenced again it is one row."""
        values = {"size": size, "until": now + SILENT_FOR}
        self.update_or_create(user=by, team=team, kind=kind, defaults=values)


class SilencedReason(models.Model):
    """A CEO does not want to read until then why this team needs them; it is said again once the fact is worse than
    `size` (meetings.rules.team_order).
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=KINDS)
    size = models.DecimalField(max_digits=18, decimal_places=2, help_text="How bad the fact was then.")
    until = models.DateTimeField()

    objects = SilencedReasonQuerySet.as_manager()

    class Meta:
        ordering = ("team", "kind", "pk")
        constraints = [
            models.UniqueConstraint(fields=("user", "team", "kind"), name="a_reason_is_silenced_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in ReasonKind]), name="silenced_reason_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.team}: {self.kind}"

    @staticmethod
    def can_silence(user: User, team: Team) -> bool:
        """The CEO of the team, on their own home; no delegate."""
        return team.role_of(user) == Role.CEO
