from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from alignment.models.people import User
from alignment.models.teams import Seat, Team
from alignment.rules.roles import Role, Side


class PlannedSeatQuerySet(models.QuerySet["PlannedSeat"]):
    def waiting(self) -> Self:
        """Neither carried out nor cancelled, in the order they will happen."""
        return self.filter(done_at=None, cancelled_at=None).order_by("day", "pk")


class PlannedSeat(models.Model):
    """A planned change of seats: who has the seat from a day on, whose seat ends the day before, or both.

    alignment.people.planned_changes.carry_out turns it into seats once that day has begun in the team's zone.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="planned_seats")
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Nobody: a seat only ends."
    )
    role = models.CharField(max_length=12, choices=Role)
    acts_for = models.CharField(max_length=12, choices=Side, blank=True)
    ends_seat = models.ForeignKey(
        Seat,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="planned_ends",
        help_text="It ends the day before.",
    )
    day = models.DateField(help_text="The first day on which it holds.")
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = PlannedSeatQuerySet.as_manager()

    class Meta:
        ordering = ("day", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(ends_seat__isnull=False),
                name="a_planned_seat_changes_something",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(cancelled_at=None), name="a_planned_seat_is_done_or_cancelled"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="planned_role_is_known"),
            models.CheckConstraint(
                condition=Q(role="delegate", acts_for__in=("ceo", "leader"))
                | (~Q(role="delegate") & Q(acts_for="")),
                name="only_a_planned_delegate_acts_for_somebody",
            ),
        ]
        indexes = [
            # the sweep: changes that are due
            models.Index(
                fields=("day",), condition=Q(done_at=None, cancelled_at=None), name="planned_seat_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.ends_seat} of {self.team}, from {self.day}"

    @property
    def last(self) -> date:
        """Of a seat that only ends: its last day."""
        return self.day - timedelta(days=1)
