from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from alignment import audit
from alignment.access import may, plans
from alignment.models import Team, TeamItem, User
from alignment.money import show
from deals.models.deals import Deal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class RevenueQuerySet(models.QuerySet["RevenueEntry"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Revenue is a fact: company admins see it too."""
        return self.filter(team__in=Team.objects.visible_to(user))

    def standing(self) -> Self:
        """Entries that count: those no later entry corrects."""
        corrections = RevenueEntry.objects.filter(corrects=OuterRef("pk"), corrects__isnull=False)
        return self.filter(
            ~Exists(corrections)
        )  # the second condition keeps PostgreSQL to the few corrections

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
            told = {
                "corrects": booked,
                "created_at": now,
                "created_by": by,
                "source": RevenueEntry.Source.DEAL,
            }
            self.create(team_id=deal.team_id, deal=deal, day=day, amount=amount, **told)
            company = deal.team.company
            new = f"{day.isoformat()}: {show(amount, currency=company.currency, locale='en-US')}"
            audit.note("revenue.booked", by=by, now=now, company=company, about=deal.team.name, new=new)


class RevenueEntry(TeamItem):
    """Money really won or invoiced on a day. Never in the future, never overwritten.

    A correction is a new entry that names the one it corrects and states the right amount and day.
    """

    class Source(models.TextChoices):
        """How the figure came in."""

        TYPED = "typed", "Typed"
        PASTED = "pasted", "Pasted"
        FILE = "file", "From a file"
        DEAL = "deal", "From a won deal"
        CRM = "crm", "From a CRM import"

    day = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    note = models.CharField(max_length=300, blank=True)
    deal = models.ForeignKey(Deal, models.SET_NULL, null=True, blank=True, related_name="revenue")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    source = models.CharField(max_length=8, choices=Source, default=Source.TYPED)

    objects = RevenueQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "revenue entries"
        ordering = ("day", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="revenue_is_not_negative"),
            models.CheckConstraint(
                condition=Q(source__in=("typed", "pasted", "file", "deal", "crm")),
                name="revenue_source_is_known",
            ),
            models.UniqueConstraint(
                fields=("deal",), condition=Q(corrects=None), name="one_first_entry_a_deal"
            ),
        ]
        indexes = [models.Index(fields=("team", "day"), name="revenue_team_day")]  # sums per team and day

    def can_correct(self, user: User) -> bool:
        return may(user, self.team, plans)

    def __str__(self) -> str:
        return f"{self.team} {self.day}: {self.amount}"
