"""Who reads the facts of all teams of a company without a seat: a COO, a CFO, a member of the board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from alignment.models.company import Company
from alignment.models.people import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class OverviewReaderQuerySet(models.QuerySet["OverviewReader"]):
    def current(self) -> Self:
        """Not ended."""
        return self.filter(until=None)

    def companies_of(self, user: User | AnonymousUser) -> models.QuerySet[OverviewReader, int]:
        """The ids of the companies whose overview the user may read, for `company__in`."""
        return self.current().filter(user=user.pk).order_by().values_list("company", flat=True)


class OverviewReader(models.Model):
    """A person who reads the overview of a company, from when until when (the last day, inclusive). It opens that page
    and nothing else: no team, no meeting, no setup.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="overview_readers")
    user = models.ForeignKey(User, models.PROTECT, related_name="overviews")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OverviewReaderQuerySet.as_manager()

    class Meta:
        verbose_name = "overview reader"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("company", "user"), condition=Q(until=None), name="one_open_overview_a_person"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="overview_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} reads the overview of {self.company}"
