from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from alignment.access import acts, may, plans
from alignment.models import Team, TeamItem, User
from deals.models.accounts import Account
from deals.models.deals import Deal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class RiskQuerySet(models.QuerySet["Risk"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=Team.objects.read_by(user))

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Risk(TeamItem):
    """A deal or an account in jeopardy: what is wrong, what is being done about it, by whom, by when."""

    deal = models.ForeignKey(Deal, models.SET_NULL, null=True, blank=True, related_name="risks")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="risks")
    name = models.CharField(
        max_length=200, help_text="The deal's or the account's name, kept when that goes away."
    )
    exposure = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    what_is_wrong = models.TextField(max_length=2000)
    action = models.TextField(max_length=2000, blank=True)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    due = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(help_text="When what it says last changed; ageing counts from here.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=300, blank=True, help_text="How it ended.")

    objects = RiskQuerySet.as_manager()

    class Meta:
        ordering = ("-exposure", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(exposure=None) | Q(exposure__gte=0), name="risk_exposure_is_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=("team",), condition=Q(closed_at=None), name="risk_open")
        ]  # the Agenda's risks

    def __str__(self) -> str:
        return self.name

    def can_edit(self, user: User) -> bool:
        """The leader's side, and whoever put it there."""
        return may(user, self.team, plans) or (self.created_by_id == user.pk and may(user, self.team, acts))

    def close(self, *, by: User, now: datetime, outcome: str) -> None:
        """End the risk with a word on how; a risk already closed stays as it is."""
        Risk.objects.filter(pk=self.pk, closed_at=None).update(
            closed_at=now, closed_by=by, outcome=outcome, changed_at=now, version=F("version") + 1
        )

    def reopen(self, *, now: datetime) -> None:
        """Undo the close. How it ended stays written until it ends again."""
        Risk.objects.filter(pk=self.pk).exclude(closed_at=None).update(
            closed_at=None, closed_by=None, changed_at=now, version=F("version") + 1
        )
