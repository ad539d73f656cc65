"""Key clients of a team, and the words spoken with them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from alignment.models import Team, TeamItem, User
from alignment.models.teams import teams_read_by
from alignment.permissions import can_plan, has_permission
from deals.models.accounts import Account
from deals.models.reps import Rep
from deals.rules.key_clients import EVERY_DAYS, next_touch

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=teams_read_by(user))

    def current(self) -> Self:
        """Without those that a person took off the list."""
        return self.filter(ended_at=None)

    def quiet(self, today: date) -> Self:
        """Clients nobody has spoken to for longer than agreed: deals.rules.key_clients.is_quiet in SQL."""
        return self.current().filter(due_on__lt=today)


class FollowUp(TeamItem):
    """A key client of a team: somebody of ours speaks to them every so many days.

    A client taken off the list stays as ended, so that it is not proposed again.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="follow_ups")
    every_days = models.PositiveSmallIntegerField(default=EVERY_DAYS)
    owner = models.ForeignKey(Rep, models.SET_NULL, null=True, blank=True, related_name="follow_ups")
    began_on = models.DateField()
    due_on = models.DateField(help_text="By when somebody speaks to them next.")
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the owner was asked for the touch that is due."
    )
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "key client"
        ordering = ("due_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=("account", "team"), name="one_follow_up_an_account_and_team"),
            models.CheckConstraint(
                condition=Q(every_days__range=(1, 730)), name="follow_up_days_are_up_to_two_years"
            ),
            models.CheckConstraint(
                condition=Q(reminded_at=None) | Q(asked_at__isnull=False), name="who_is_reminded_was_asked"
            ),
        ]
        # who is to be asked, and the line of the agenda
        indexes = [
            models.Index(fields=("due_on", "team"), condition=Q(ended_at=None), name="follow_up_due"),
        ]

    def __str__(self) -> str:
        return self.account.name

    def can_edit(self, user: User) -> bool:
        return has_permission(user, self.team, can_plan)

    def is_quiet(self, today: date) -> bool:
        return self.ended_at is None and self.due_on < today

    def schedule(self, last: date | None) -> None:
        """Work out when the next word is due, after the last one; whoever was asked before is asked anew then."""
        due_on = next_touch(last, began=self.began_on, every_days=self.every_days)
        FollowUp.objects.filter(pk=self.pk).exclude(due_on=due_on).update(
            due_on=due_on, asked_at=None, reminded_at=None
        )
        self.refresh_from_db(fields=("due_on", "asked_at", "reminded_at"))

    def end(self, *, by: User, now: datetime) -> None:
        """Take the client off the list. What was spoken stays."""
        changed = FollowUp.objects.filter(pk=self.pk, ended_at=None).update(
            ended_at=now, ended_by=by, version=F("version") + 1
        )
        if changed:
            Team.objects.bump_revision(self.team_id)

    def last_touch(self) -> Touch | None:
        """Costs a query."""
        return self.touches.first()


class TouchQuerySet(models.QuerySet["Touch"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(follow_up__team__in=teams_read_by(user))

    def last_of(self, outer: str) -> models.QuerySet[Touch]:
        """The last touch of OuterRef(outer), for a subquery."""
        return self.filter(follow_up=models.OuterRef(outer)).order_by("-day", "-pk")[:1]


class Touch(models.Model):
    """What a client said on a day, in one line and one of three colours."""

    class Colour(models.TextChoices):
        GREEN = "green", "All good"
        AMBER = "amber", "Needs care"
        RED = "red", "In danger"

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="touches")
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    day = models.DateField()
    client_said = models.CharField(max_length=300)
    colour = models.CharField(max_length=5, choices=Colour)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=120, help_text="Who said so; a rep may have no account.")

    objects = TouchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "touches"
        ordering = ("-day", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(colour__in=("green", "amber", "red")), name="touch_colour_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up} {self.day}: {self.colour}"

    @property
    def tone(self) -> str:
        """The colour in the words of the components."""
        return {"green": "good", "amber": "warn", "red": "bad"}[self.colour]
