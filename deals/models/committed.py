"""Deals that the sales leader stood behind for a period, and why each will close."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from alignment.models import Team, User
from alignment.models.teams import teams_read_by
from deals.models.contacts import Contact
from deals.models.deals import Deal
from deals.models.reps import Rep
from deals.rules.evidence import CHOICES as EVIDENCE
from deals.rules.mix import Band

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

BANDS = [(band.value, band.label) for band in Band]


class CommittedDealQuerySet(models.QuerySet["CommittedDeal"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=teams_read_by(user))

    def of_deal(self, deal: Deal) -> Self:
        """What its team committed of it, and of deals that were merged into it."""
        return self.filter(Q(deal=deal) | Q(deal__merged_into=deal), team=deal.team_id)

    def known_before(self, moment: datetime | None) -> Self:
        """Without those that were committed from that moment on; None: all of them."""
        return self if moment is None else self.filter(committed_at__lt=moment)

    def standing(self, *, known_before: datetime | None = None) -> Self:
        """Those in the last commit of their period, or in the last one before that moment."""
        if known_before is None:
            return self.filter(left_at=None)
        return self.known_before(known_before).filter(Q(left_at=None) | Q(left_at__gte=known_before))


class CommittedDeal(models.Model):
    """A deal that was in the commit for a period when the leader submitted the preparation.

    Amount, close date, rep, size and leader are those of that day and never change. What came of it is worked out on
    reading (deals.rules.commits). `left_at` is set while a later commit of the same period is without the deal.

    Until the meeting starts for which it was committed, it is read by the sales leader's side and by the CEO alone
    (deals.registry.commits): the pages leave it out for everyone else.
    """

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="committed")
    team = models.ForeignKey(Team, models.CASCADE, related_name="committed_deals")
    period_start = models.DateField()
    period_end = models.DateField(help_text="The last day of the quarter or month.")
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    close_date = models.DateField(null=True, blank=True)
    committed_at = models.DateTimeField()
    committed_on = models.DateField(help_text="The day of it in the team’s zone.")
    leader = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    rep = models.ForeignKey(Rep, models.SET_NULL, null=True, blank=True, related_name="+")
    band = models.CharField(max_length=5, choices=BANDS, blank=True, help_text="Empty without an amount.")
    left_at = models.DateTimeField(null=True, blank=True)

    objects = CommittedDealQuerySet.as_manager()

    class Meta:
        ordering = ("period_start", "committed_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("deal", "team", "period_start", "period_end"),
                name="one_committed_deal_a_team_and_period",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="committed_period_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="committed_amount_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(band__in=("", *(band.value for band in Band))), name="committed_band_is_known"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("committed_at")),
                name="committed_deal_leaves_after_it_came",
            ),
        ]
        indexes = [
            # What a team committed, period by period.
            models.Index(fields=("team", "period_start", "period_end"), name="committed_of_period"),
        ]

    def __str__(self) -> str:
        return f"{self.deal}, {self.period_start} to {self.period_end}"


class EvidenceRequest(models.Model):
    """The CEO wants to know why a committed deal will close."""

    committed = models.OneToOneField(CommittedDeal, models.CASCADE, related_name="evidence_request")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.committed}: why it will close"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(committed__team__in=teams_read_by(user))


class Evidence(models.Model):
    """One reason why a committed deal will close, with the day it became known; “None yet” is one too."""

    committed = models.ForeignKey(CommittedDeal, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=8, choices=EVIDENCE)
    day = models.DateField()
    contact = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who of the buyer said so.",
    )
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ("committed", "day", "pk")
        constraints = [
            models.UniqueConstraint(fields=("committed", "kind"), name="one_evidence_a_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _ in EVIDENCE]), name="evidence_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committed}: {self.get_kind_display()}"
