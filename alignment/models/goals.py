from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Q

from alignment.models.people import User
from alignment.models.teams import Team


class GoalManager(models.Manager["Goal"]):
    @transaction.atomic
    def set(
        self, team: Team, month: date, amount: Decimal, *, by: User | None, now: datetime, why: str = ""
    ) -> Goal:
        """Set a team's goal for the month that `month` lies in, keeping what it was before, who, when and why."""
        first = month.replace(day=1)
        goal = self.select_for_update().filter(team=team, month=first).first()
        if goal and goal.amount == amount:
            return goal
        old = goal.amount if goal else None
        goal, _ = self.update_or_create(team=team, month=first, defaults={"amount": amount})
        GoalChange.objects.create(goal=goal, old=old, new=amount, by=by, at=now, why=why)
        Team.objects.stir(team.pk)
        return goal


class Goal(models.Model):
    """Money a team is to win in one calendar month. Quarter and year are sums over the fiscal calendar."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="goals")
    month = models.DateField(help_text="First day of the month.")
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    objects = GoalManager()

    class Meta:
        ordering = ("month",)
        constraints = [
            models.UniqueConstraint(fields=("team", "month"), name="one_goal_a_month"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="goal_is_not_negative"),
            models.CheckConstraint(condition=Q(month__day=1), name="goal_month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.month:%Y-%m}: {self.amount}"


class GoalChange(models.Model):
    """One change of a goal: the value before (none when it was first set) and after, who, when, why."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="changes")
    old = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    new = models.DecimalField(max_digits=18, decimal_places=2)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.goal}: {self.old} → {self.new}"
