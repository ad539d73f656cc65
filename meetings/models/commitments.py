from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from alignment.access import is_of_the_two, may
from alignment.models import Team, TeamItem, User
from meetings.models.agenda_items import Issue, Originated, not_a_reps_plan
from meetings.models.meetings import Meeting

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=Team.objects.read_by(user)).filter(not_a_reps_plan(user))

    def open(self) -> Self:
        return self.filter(done_at=None, dropped_at=None)


class Commitment(TeamItem, Originated):
    """Who does what by when. Done, dropped with a reason, or carried for ever."""

    meeting = models.ForeignKey(
        Meeting,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="commitments",
        help_text="The one it was made for or in.",
    )
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="commitments")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(User, models.PROTECT, related_name="commitments")
    due = models.DateField()
    changed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    dropped_why = models.CharField(max_length=300, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("due", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dropped_at=None), name="commitment_is_done_or_dropped"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | ~Q(dropped_why=""), name="a_dropped_commitment_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=("team",), condition=Q(done_at=None, dropped_at=None), name="commitment_open"
            ),  # the Agenda's
            models.Index(fields=("team", "due"), name="commitment_team_due"),  # completion over 13 weeks
            # the reminders: what falls due tomorrow or is overdue, over all teams
            models.Index(
                fields=("due", "owner"),
                condition=Q(done_at=None, dropped_at=None),
                name="commitment_open_due",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None

    def is_late(self, today: date) -> bool:
        return self.is_open and self.due < today

    def can_settle(self, user: User) -> bool:
        """Say that it is done, drop it, change it or open it again: its owner, and the two."""
        return may(user, self.team, is_of_the_two) or (
            self.owner_id == user.pk and self.team.seat_of(user) is not None
        )

    def do(self, *, by: User, now: datetime) -> None:
        """Kept. One already done or dropped stays as it is."""
        Commitment.objects.open().filter(pk=self.pk).update(
            done_at=now, done_by=by, changed_at=now, version=F("version") + 1
        )

    def drop(self, *, by: User, now: datetime, why: str) -> None:
        Commitment.objects.open().filter(pk=self.pk).update(
            dropped_at=now, dropped_by=by, dropped_why=why, changed_at=now, version=F("version") + 1
        )

    def carry(self, *, now: datetime) -> None:
        """Say that it is still open and goes on, late as it is. None of its words change, so neither does its version."""
        Commitment.objects.open().filter(pk=self.pk).update(changed_at=now)

    def hand_to(self, owner: User, *, now: datetime) -> None:
        """Somebody else keeps it from now on, by the same day."""
        Commitment.objects.open().filter(pk=self.pk).exclude(owner=owner).update(
            owner=owner, changed_at=now, version=F("version") + 1
        )

    def reopen(self, *, now: datetime) -> None:
        """Undo done or dropped."""
        Commitment.objects.filter(pk=self.pk).exclude(done_at=None, dropped_at=None).update(
            done_at=None,
            done_by=None,
            dropped_at=None,
            dropped_by=None,
            dropped_why="",
            changed_at=now,
            version=F("version") + 1,
        )


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=Team.objects.read_by(user)).filter(not_a_reps_plan(user))


class Decision(TeamItem, Originated):
    """One sentence that the two agreed on, in the record of a meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="decisions")
    text = models.CharField(max_length=500)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.text

    def can_edit(self, user: User) -> bool:
        """Change it or take it back while its meeting is not over: the two."""
        return may(user, self.team, is_of_the_two)
