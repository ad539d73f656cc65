from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from alignment.models import Team, User
from deals.rules.changes import FIRST_SIGHT
from deals.rules.reasons import CHOICES as REASONS

if TYPE_CHECKING:
    from deals.models.deals import Deal


class DealChangeQuerySet(models.QuerySet["DealChange"]):
    def standing(self) -> Self:
        """What readers count and see: an import that was undone leaves no trace, neither what it changed nor what
        changed it back. What it changed and could not be taken back stands.
        """
        return self.filter(is_undone=False)

    def record_first_sight(self, deals: Iterable[Deal]) -> None:
        """Since they were created the deals are known here."""
        self.bulk_create(
            DealChange(
                deal=deal,
                field=FIRST_SIGHT,
                day=deal.team.today(deal.created_at),
                at=deal.created_at,
                by_id=deal.created_by_id,
            )
            for deal in deals
        )


class DealChange(models.Model):
    """One change of a tracked field, with the day it was learned and, for a push, the reason.

    The first sight of a deal is one too: field "seen", without values. Reps, teams and pipelines stand here by
    the name they had.
    """

    deal = models.ForeignKey("deals.Deal", models.CASCADE, related_name="changes")
    field = models.CharField(max_length=12)
    old = models.CharField(max_length=300, blank=True)
    new = models.CharField(max_length=300, blank=True)
    day = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    from_team = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Of a change of team: the one it left.",
    )
    reason_kind = models.CharField(max_length=12, choices=REASONS, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    run = models.ForeignKey(
        "deals.ImportRun", models.SET_NULL, null=True, blank=True, related_name="+", help_text="The import."
    )
    is_undone = models.BooleanField(
        default=False, help_text="Taken back with its import, or what took it back."
    )

    objects = DealChangeQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    field__in=(
                        *("seen", "status", "stage", "pipeline", "amount"),
                        *("close_date", "rep", "team", "next_step"),
                    )
                ),
                name="deal_change_field_is_tracked",
            ),
            models.CheckConstraint(
                condition=Q(reason_kind__in=("", *(kind for kind, _ in REASONS))),
                name="deal_change_reason_is_known",
            ),
        ]
        indexes = [
            # A deal's own history, and the deals that moved since a day.
            models.Index(fields=("deal", "at"), name="deal_change_of_deal"),
            models.Index(fields=("field", "at"), name="deal_change_of_field"),
            # Deals that a team had and has no more.
            models.Index(
                fields=("from_team", "at"),
                condition=Q(from_team__isnull=False),
                name="deal_change_left_team",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal}: {self.field} {self.old} → {self.new}"


def as_text(value: Any) -> str:
    """ISO dates and plain decimals, so that a change reads the same on every database; a rep, a team or a pipeline
    by its name. None is empty text.
    """
    return "" if value is None else str(value)
