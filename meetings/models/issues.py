"""Issues and questions that one side of a team raised."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q

from alignment.db.search_keys import SearchKeyField, with_keys
from alignment.models import TeamItem, User
from alignment.models.teams import teams_read_by
from alignment.permissions import can_act, has_permission, is_principal_seat
from alignment.rules.roles import Role, Side
from meetings.models.initiatives import plans_read_by
from meetings.models.meetings import Meeting
from meetings.models.origins import Originated
from meetings.models.updates import Update
from meetings.rules.rep_plans import NOBODY

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Without what comes from a rep's plan that the user may not read."""
        readable = plans_read_by(user.pk or NOBODY, of="initiative__")
        return self.filter(readable, team__in=teams_read_by(user))

    def open(self) -> Self:
        return self.filter(solved_at=None)

    def unanswered_by(self, side: Side) -> Self:
        """Open questions to this side that it has not answered yet: meetings.rules.questions in SQL."""
        answers = _answers().filter(side=side)
        raised_by_ceo = Q(side=Side.CEO)
        to_this_side = raised_by_ceo if side == Side.LEADER else ~raised_by_ceo
        undiscussed = self.open().filter(discussed_at=None, kind=Issue.Kind.QUESTION)
        return undiscussed.filter(to_this_side, ~Exists(answers))

    def answered(self) -> Self:
        """Open questions that the side asked has answered since they were last left for the next meeting."""
        answers = _answers()
        since = Q(changed_at__gt=OuterRef("deferred_at"))
        answered, from_ceo = Q(), Q(side=Side.CEO)
        for side, to_this_side in ((Side.LEADER, from_ceo), (Side.CEO, ~from_ceo)):
            of_side = answers.filter(side=side)
            never_left = Q(deferred_at=None) & Exists(of_side)
            answered |= to_this_side & (never_left | Exists(of_side.filter(since)))
        return self.open().filter(answered, kind=Issue.Kind.QUESTION)


def _answers() -> models.QuerySet[Update]:
    """What was written about the outer issue since it was last reopened."""
    since = Q(issue__reopened_at=None) | Q(changed_at__gt=F("issue__reopened_at"))
    return Update.objects.filter(since, issue=OuterRef("pk")).exclude(text="")


class Issue(TeamItem, Originated):
    """An issue to discuss or a question: raised by either side, discussed, resolved."""

    class Kind(models.TextChoices):
        ISSUE = "issue", "Issue"
        QUESTION = "question", "Question"

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ISSUE)
    side = models.CharField(max_length=12, choices=Side)
    title = models.CharField(max_length=200)
    detail = models.TextField(max_length=4000, blank=True)
    position = models.IntegerField(default=0, help_text="Lower is discussed earlier.")
    changed_at = models.DateTimeField()
    discussed_at = models.DateTimeField(null=True, blank=True)
    deferred_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it was left for the next meeting: no answer given before settles it.",
    )
    reopened_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was last reopened: no answer given before counts."
    )
    solved_at = models.DateTimeField(null=True, blank=True)
    solved_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    resolution = models.TextField(max_length=2000, blank=True)

    search_key = SearchKeyField("title", "detail", "resolution")

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ("position", "created_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(solved_at=None) | ~Q(resolution=""), name="a_solved_issue_says_how"
            ),
        ]
        indexes = [
            models.Index(fields=("team",), condition=Q(solved_at=None), name="issue_open")
        ]  # the Agenda's issues

    def __str__(self) -> str:
        return self.title

    def can_edit(self, user: User) -> bool:
        """Whoever speaks for the side that raised it, the CEO and the sales leader."""
        return has_permission(user, self.team, is_principal_seat) or (
            bool(self.side) and self.team.side_of(user) == self.side
        )

    def can_solve(self, user: User) -> bool:
        """Reorder, discuss, resolve and reopen: the CEO's and the leader's side; while the team meets, its
        facilitator."""
        if self.team.role_of(user) == Role.FACILITATOR:
            return Meeting.objects.filter(team=self.team_id, state=Meeting.State.IN_PROGRESS).exists()
        return has_permission(user, self.team, can_act)

    def discuss(self, *, now: datetime) -> None:
        Issue.objects.filter(pk=self.pk, discussed_at=None).update(discussed_at=now)

    def defer(self, *, now: datetime) -> None:
        """Leave it for the next meeting. Its text does not change, so neither does its version."""
        Issue.objects.open().filter(pk=self.pk).update(deferred_at=now, changed_at=now)

    def put_first(self, *, now: datetime) -> None:
        """Move it to the top of the list."""
        others = Issue.objects.open().filter(team=self.team_id).exclude(pk=self.pk)
        first = others.aggregate(first=Min("position"))["first"]
        Issue.objects.filter(pk=self.pk).update(position=(first or 0) - 1, changed_at=now)

    def solve(self, *, by: User, now: datetime, resolution: str) -> None:
        """Resolve it with a sentence on how; one already resolved stays as it is."""
        Issue.objects.filter(pk=self.pk, solved_at=None).update(
            solved_at=now,
            solved_by=by,
            discussed_at=now,
            changed_at=now,
            version=F("version") + 1,
            **with_keys(self, resolution=resolution),
        )

    def reopen(self, *, now: datetime) -> None:
        """To be discussed and resolved anew; a question is asked anew."""
        Issue.objects.filter(pk=self.pk).exclude(solved_at=None).update(
            solved_at=None,
            solved_by=None,
            discussed_at=None,
            reopened_at=now,
            changed_at=now,
            version=F("version") + 1,
        )
