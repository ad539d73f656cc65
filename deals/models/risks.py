from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q, Subquery

from alignment.db.search_keys import SearchKeyField
from alignment.models import TeamItem, User
from alignment.models.teams import teams_read_by
from alignment.permissions import can_act, can_plan, has_permission
from deals.models.accounts import Account
from deals.models.deals import Deal
from deals.rules.risks import STALE_AFTER

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class RiskQuerySet(models.QuerySet["Risk"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=teams_read_by(user))

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def stale(self, closes: models.QuerySet[Any, Any]) -> Self:
        """Open ones without an update for too long: deals.rules.risks.is_stale in SQL.

        `closes` is when each held meeting of OuterRef("team") was closed, the newest first.
        """
        return self.open().filter(changed_at__lt=Subquery(closes[STALE_AFTER : STALE_AFTER + 1]))


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

    search_key = SearchKeyField("name", "what_is_wrong", "action")

    objects = RiskQuerySet.as_manager()

    class Meta:
        ordering = ("-exposure", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(exposure=None) | Q(exposure__gte=0), name="risk_exposure_is_not_negative"
            ),
        ]
        # The agenda's risks.
        indexes = [models.Index(fields=("team",), condition=Q(closed_at=None), name="risk_open")]

    def __str__(self) -> str:
        return self.name

    def can_edit(self, user: User) -> bool:
        """The sales leader's side, and whoever added it."""
        return has_permission(user, self.team, can_plan) or (
            self.created_by_id == user.pk and has_permission(user, self.team, can_act)
        )

    def close(self, *, by: User, now: datetime, outcome: str) -> None:
        """Close the risk with a note on how it ended. A closed risk stays as it is."""
        Risk.objects.filter(pk=self.pk, closed_at=None).update(
            closed_at=now, closed_by=by, outcome=outcome, changed_at=now, version=F("version") + 1
        )

    def reopen(self, *, now: datetime) -> None:
        """Undo the close. The note on how it ended stays until it is closed again."""
        Risk.objects.filter(pk=self.pk).exclude(closed_at=None).update(
            closed_at=None, closed_by=None, changed_at=now, version=F("version") + 1
        )
