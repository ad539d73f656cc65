"""What the CEO expects of a period, and which deals of the commit they do not believe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from alignment.models import Seat, Team, User, Versioned
from alignment.rules.roles import Role
from deals.models import Deal
from meetings.models.calls import Call
from meetings.models.meetings import Meeting

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ExpectationQuerySet(models.QuerySet["Expectation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The CEO’s own while they sit there; the leader’s of that pair once both are in, or the meeting or a later one
        has started. Both are in only while that CEO sits there: the next one gives a number of their own."""
        sat = Seat.objects.current().filter(user=user.pk).order_by()
        own = Q(ceo=user.pk, team__in=sat.filter(role=Role.CEO).values("team"))
        pair = Q(leader=user.pk, team__in=sat.filter(role=Role.LEADER).values("team"))
        ceo = (
            Seat.objects.current()
            .filter(role=Role.CEO, team=OuterRef("team"), user=OuterRef("ceo"))
            .order_by()
        )
        is_called = Exists(
            Call.objects.filter(
                meeting=OuterRef("meeting"), starts_on=OuterRef("starts_on"), ends_on=OuterRef("ends_on")
            )
        )
        both = Q(is_called, Exists(ceo), meeting__submitted_at__isnull=False)
        return self.filter(own | (pair & (both | Q(Exists(Meeting.objects.started_from("meeting__"))))))


class Expectation(Versioned):
    """What the CEO expects of a period before a meeting. `amount` contains what was won already.

    For the CEO alone until the sales leader’s call is in too or the meeting starts; then for these two, ever.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="expectations")
    team = models.ForeignKey(Team, models.CASCADE, related_name="expectations")
    starts_on = models.DateField()
    ends_on = models.DateField()
    ceo = models.ForeignKey(User, models.CASCADE, related_name="+")
    leader = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", help_text="With whom it is compared."
    )
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    is_typed = models.BooleanField(default=False, help_text="Typed, not what the struck deals leave.")
    changed_at = models.DateTimeField()

    objects = ExpectationQuerySet.as_manager()

    class Meta:
        ordering = ("meeting", "starts_on")
        constraints = [
            models.UniqueConstraint(
                fields=("meeting", "starts_on", "ends_on"), name="one_expectation_a_meeting_and_period"
            ),
            models.CheckConstraint(
                # What is left of the deals is below zero where credits outweigh what was won.
                condition=Q(amount__gte=0) | Q(is_typed=False),
                name="a_typed_expectation_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="an_expected_period_has_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team}, {self.starts_on} to {self.ends_on}"

    @property
    def last_editor(self) -> User:
        return self.ceo


class StruckQuerySet(models.QuerySet["Struck"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(expectation__in=Expectation.objects.visible_to(user).order_by())


class Struck(models.Model):
    """A deal of the commit in which the CEO does not believe, or not in this period."""

    class Verdict(models.TextChoices):
        OUT = "out", "Not at all"
        LATER = "later", "Later"

    expectation = models.ForeignKey(Expectation, models.CASCADE, related_name="struck")
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=5, choices=Verdict)
    amount = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, help_text="Of the deal in the commit at that time."
    )

    objects = StruckQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "struck"
        ordering = ("expectation", "pk")
        constraints = [
            models.UniqueConstraint(fields=("expectation", "deal"), name="a_deal_is_struck_once"),
            models.CheckConstraint(condition=Q(verdict__in=("out", "later")), name="verdict_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.deal}: {self.verdict}"
