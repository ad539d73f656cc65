from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models, transaction
from django.db.models import F, Q

from alignment.models.people import User
from alignment.models.teams import Team
from alignment.models.versioned import VersionConflict

GoalKey = tuple[int, date]
"""The team and the first day of the month of a goal."""
Goals = dict[GoalKey, Decimal]


@dataclass(frozen=True, slots=True)
class GoalEdit:
    """One goal as a person wants it; None is no goal.

    `old` is what they saw when they decided. Of a single amount that is its version: whatever happened in
    between, a goal that is what it was then may be changed.
    """

    team_id: int
    month: date
    old: Decimal | None
    new: Decimal | None

    @property
    def key(self) -> GoalKey:
        return self.team_id, self.month


class GoalManager(models.Manager["Goal"]):
    def stored(self, team_ids: Iterable[int], months: Iterable[date]) -> Goals:
        """The goals of these teams in these months, in one query."""
        rows = self.filter(team__in=set(team_ids), month__in=set(months)).order_by()
        return {(team, month): amount for team, month, amount in rows.values_list("team", "month", "amount")}

    @transaction.atomic
    def set(
        self, team: Team, month: date, amount: Decimal, *, by: User | None, now: datetime, why: str = ""
    ) -> Goal:
        """Set a team's goal for the month that `month` lies in, keeping what it
        was before, who, when and why."""
        first = month.replace(day=1)
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        old = self.stored([team.pk], [first]).get((team.pk, first))
        self.set_many([GoalEdit(team.pk, first, old, amount)], by=by, now=now, why=why)
        return self.get(team=team, month=first)

    @transaction.atomic
    def set_many(
        self, edits: Sequence[GoalEdit], *, by: User | None, now: datetime, why: str = ""
    ) -> list[GoalChange]:
        """Set, change and take away many goals at once, in a fixed number of queries, or none.

        What is there already is no change. Those who set goals of one team take turns. Raises VersionConflict
        when a goal is neither what the person saw nor what they want; `current` says by place what each such
        goal is now.
        """
        teams = sorted({edit.team_id for edit in edits})
        list(
            Team.objects.select_for_update(no_key=True).filter(pk__in=teams).order_by("pk").values_list("pk")
        )
        stored = self.stored(teams, (edit.month for edit in edits))
        news = [edit for edit in edits if stored.get(edit.key) != edit.new]
        conflicts = {edit.key: stored.get(edit.key) for edit in news if stored.get(edit.key) != edit.old}
        if conflicts:
            raise VersionConflict(conflicts)
        self._write(news)
        changes = [
            GoalChange(
                team_id=edit.team_id, month=edit.month, old=edit.old, new=edit.new, by=by, at=now, why=why
            )
            for edit in news
        ]
        GoalChange.objects.bulk_create(changes)
        Team.objects.filter(pk__in={edit.team_id for edit in news}).update(revision=F("revision") + 1)
        return changes

    def _write(self, edits: Collection[GoalEdit]) -> None:
        self.bulk_create(
            [
                Goal(team_id=edit.team_id, month=edit.month, amount=edit.new)
                for edit in edits
                if edit.new is not None
            ],
            update_conflicts=True,
            unique_fields=["team", "month"],
            update_fields=["amount"],
        )
        gone = [edit.key for edit in edits if edit.new is None]
        if gone:
            rows = self.filter(team__in={team for team, _ in gone}, month__in={month for _, month in gone})
            places = {(team, month): pk for pk, team, month in rows.values_list("pk", "team", "month")}
            self.filter(pk__in=[places[key] for key in gone]).delete()


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
    """One change of a goal: the value before and after (none where there was or is no goal), who, when, why.

    It names the team and the month, not the goal: what was changed stays known when a goal is taken away.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="goal_changes")
    month = models.DateField(help_text="First day of the month.")
    old = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    new = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(old__isnull=False) | Q(new__isnull=False), name="goal_change_has_a_value"
            ),
        ]
        indexes = [models.Index(fields=("team", "month"), name="goal_changes_of_a_month")]  # a cell's history

    def __str__(self) -> str:
        return f"{self.team} {self.month:%Y-%m}: {self.old} → {self.new}"
