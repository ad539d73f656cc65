from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from alignment.db.search_keys import SearchKeyField
from alignment.models import TeamItem, User
from alignment.models.teams import teams_read_by
from alignment.permissions import has_permission, is_principal_seat
from meetings.models.initiatives import plans_read_by
from meetings.models.issues import Issue
from meetings.models.meetings import Meeting
from meetings.models.origins import Originated
from meetings.rules.rep_plans import NOBODY

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        readable = plans_read_by(user.pk or NOBODY, of="initiative__")
        return self.filter(readable, team__in=teams_read_by(user))

    def open(self) -> Self:
        return self.filter(done_at=None, dropped_at=None)


class Commitment(TeamItem, Originated):
    """Who does what by when. Done, dropped with a reason, or still open."""

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
    search_key = SearchKeyField("text")
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
        """Mark it done, drop it, edit it or reopen it: its owner, the CEO and the sales leader."""
        return has_permission(user, self.team, is_principal_seat) or (
            self.owner_id == user.pk and self.team.seat_of(user) is not None
        )

    def do(self, *, by: User, now: datetime) -> None:
        """Mark it done. One already done or dropped stays as it is."""
        Commitment.objects.open().filter(pk=self.pk).update(
            done_at=now, done_by=by, changed_at=now, version=F("version") + 1
        )

    def drop(self, *, by: User, now: datetime, why: str) -> None:
        Commitment.objects.open().filter(pk=self.pk).update(
            dropped_at=now, dropped_by=by, dropped_why=why, changed_at=now, version=F("version") + 1
        )

    def carry(self, *, now: datetime) -> None:
        """Carry it over, overdue as it is. Its text does not change, so neither does its version."""
        Commitment.objects.open().filter(pk=self.pk).update(changed_at=now)

    def hand_to(self, owner: User, *, now: datetime) -> None:
        """Somebody else owns it from now on, with the same due date."""
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
        readable = plans_read_by(user.pk or NOBODY, of="initiative__")
        return self.filter(readable, team__in=teams_read_by(user))


class Decision(TeamItem, Originated):
    """One sentence the CEO and the sales leader agreed on in a meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="decisions")
    text = models.CharField(max_length=500)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.text

    def can_edit(self, user: User) -> bool:
        """Edit or withdraw it while its meeting is not over: the CEO and the sales leader."""
        return has_permission(user, self.team, is_principal_seat)
