"""The section and the item an issue, an update, a commitment or a decision belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from deals.models import Deal, Risk
from meetings.models.initiatives import Initiative
from meetings.models.sections import Section

if TYPE_CHECKING:
    from meetings.models.issues import Issue


class Originated(models.Model):
    """Where a row comes from: a section of the agenda and, at most, one item in it."""

    section = models.CharField(max_length=12, choices=Section)
    deal = models.ForeignKey(Deal, models.SET_NULL, null=True, blank=True, related_name="%(class)ss")
    risk = models.ForeignKey(Risk, models.SET_NULL, null=True, blank=True, related_name="%(class)ss")
    initiative = models.ForeignKey(
        Initiative, models.SET_NULL, null=True, blank=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True

    @property
    def item(self) -> Deal | Risk | Initiative | Issue | None:
        """The item it is about; None if it is about the section."""
        return self.deal or self.risk or self.initiative or getattr(self, "issue", None)

    @property
    def is_for_principals(self) -> bool:
        return self.initiative is not None and self.initiative.is_for_principals

    @property
    def readers(self) -> tuple[int, ...]:
        """The only readers, because it comes from a rep's plan; empty: everyone."""
        return self.initiative.readers if self.initiative is not None else ()
