from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Q

from alignment.audit import note
from alignment.models import Team, User
from meetings.models.meetings import Meeting
from meetings.models.team_policy import policy_of
from meetings.rules.escalation import STEPS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def administers(user: User, team: Team) -> bool:
    """Whether the user is an admin of the team's company; costs a query only for admins."""
    return user.administers and user.memberships.filter(company=team.company_id, is_admin=True).exists()


class FlagQuerySet(models.QuerySet["Flag"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=Team.objects.visible_to(user))

    def open(self) -> Self:
        """Raised and not cleared yet, the highest step first."""
        return self.filter(cleared_at=None).order_by("-step", "pk")


class Flag(models.Model):
    """One step of the escalation after meetings missed in a row: raised once, acknowledged with a comment,
    cleared by the next held meeting. `meeting` is the first one missed in the row.
    """

    class Kind(models.TextChoices):
        MISSED = "missed", "Meetings missed in a row"

    team = models.ForeignKey(Team, models.CASCADE, related_name="flags")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.MISSED)
    step = models.PositiveSmallIntegerField(help_text="How many were missed in a row: 1, 2, 3 or more.")
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    comment = models.CharField(max_length=300, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    #: Whether the reader of a page may acknowledge it.
    may_acknowledge = False

    class Meta:
        ordering = ("raised_at", "step", "pk")
        constraints = [
            models.UniqueConstraint(fields=("meeting", "kind", "step"), name="a_step_is_raised_once"),
            models.CheckConstraint(condition=Q(kind="missed"), name="flag_kind_is_known"),
            models.CheckConstraint(condition=Q(step__range=(1, 3)), name="flag_step_is_on_the_ladder"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, comment="")
                | (Q(acknowledged_at__isnull=False) & ~Q(comment="")),
                name="a_flag_is_acknowledged_with_a_comment",
            ),
        ]
        indexes = [
            # the flags of a team on its pages, and those the sweep may clear
            models.Index(fields=("team",), condition=Q(cleared_at=None), name="flag_open"),
        ]

    def __str__(self) -> str:
        state = f"{self.in_words[0].lower()}{self.in_words[1:]}"
        return f"{self.team} is {state}" if self.is_red else f"{self.team}: {state}"

    @property
    def is_red(self) -> bool:
        return self.step == STEPS

    @property
    def in_words(self) -> str:
        return policy_of(self.team).in_words(self.step)

    def can_acknowledge(self, user: User) -> bool:
        """The CEO, the sales leader, or an admin of the company."""
        return self.team.is_principal(user) or administers(user, self.team)

    @transaction.atomic
    def acknowledge(self, comment: str, *, by: User, now: datetime) -> bool:
        """Acknowledge it with a comment, and the steps below with it.

        The first comment stays; False if there was one.
        """
        steps = Flag.objects.filter(
            meeting=self.meeting_id, kind=self.kind, step__lte=self.step, acknowledged_at=None
        )
        done = bool(steps.update(acknowledged_at=now, acknowledged_by=by, comment=comment))
        if done:
            note("flag.acknowledged", by=by, now=now, company=self.team.company, about=str(self))
        return done


class MissAnswer(models.Model):
    """A comment of the CEO or the sales leader on a missed meeting. The meeting stays missed."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="answers")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("meeting", "user"), name="one_answer_a_person"),
            models.CheckConstraint(condition=~Q(text=""), name="an_answer_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.text}"


class Correction(models.Model):
    """An admin corrected what the sweep had stated about a meeting. What it was before stays here."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="corrections")
    old_state = models.CharField(max_length=12, choices=Meeting.State)
    old_fault = models.CharField(max_length=20, blank=True)
    new_state = models.CharField(max_length=12, choices=Meeting.State)
    new_fault = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=300)

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="a_correction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.why}"
