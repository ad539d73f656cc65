from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.db import models, transaction
from django.db.models import Q

from alignment.models import TeamItem, User
from deals.models.deals import Deal


class RevenueQuerySet(models.QuerySet["RevenueEntry"]):
    def standing(self) -> Self:
        """Entries that count: those no later entry corrects."""
        return self.filter(corrected_by=None)

    @transaction.atomic
    def follow(self, deal: Deal, *, by: User | None, now: datetime) -> None:
        """Make the revenue say what the deal says: won with amount and day, or nothing. What was booked before stays
        and is corrected."""
        booked = self.filter(deal=deal).standing().select_for_update(of=("self",)).first()
        day, amount = deal.close_date, deal.amount
        if deal.status != Deal.Status.WON or day is None or amount is None:
            if booked is None:
                return
            day, amount = booked.day, Decimal(0)
        if booked is None or (booked.day, booked.amount) != (day, amount):
            told = {"corrects": booked, "created_at": now, "created_by": by}
            self.create(team_id=deal.team_id, deal=deal, day=day, amount=amount, **told)


class RevenueEntry(TeamItem):
    """Money really won or invoiced on a day. Never in the future, never overwritten.

    A correction is a new entry that names the one it corrects and states the right amount and day.
    """

    day = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    note = models.CharField(max_length=300, blank=True)
    deal = models.ForeignKey(Deal, models.SET_NULL, null=True, blank=True, related_name="revenue")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    objects = RevenueQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "revenue entries"
        ordering = ("day", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="revenue_is_not_negative"),
            models.UniqueConstraint(
                fields=("deal",), condition=Q(corrects=None), name="one_first_entry_a_deal"
            ),
        ]
        indexes = [models.Index(fields=("team", "day"), name="revenue_team_day")]  # sums per team and day

    def __str__(self) -> str:
        return f"{self.team} {self.day}: {self.amount}"
