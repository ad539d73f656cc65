"""What the CEO said to others and the sales leader should hear from them. Nobody but these two ever reads it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q

from alignment.models import Team, User, Versioned
from alignment.rules.roles import Role
from meetings.models.issues import Issue

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class HeadsUpQuerySet(models.QuerySet["HeadsUp"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The two it names; nobody else, and no successor."""
        return self.filter(Q(ceo=user.pk) | Q(leader=user.pk)) if user.pk else self.none()

    def unanswered(self) -> Self:
        return self.filter(answer="")

    def news_for(self, user: User, since: datetime) -> Self:
        """What waits for the sales leader, however old; for the CEO what was answered since."""
        return self.filter(Q(leader=user.pk, answer="") | Q(ceo=user.pk, answered_at__gt=since))


class HeadsUp(Versioned):
    """One line from a CEO to a sales leader, and what the leader answered."""

    FOR_ITS_PEOPLE_ALONE: ClassVar[bool] = True

    class Answer(models.TextChoices):
        AGREED = "agreed", "Agreed"
        TALK = "talk", "Let’s talk"

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    ceo = models.ForeignKey(User, models.CASCADE, related_name="+")
    leader = models.ForeignKey(User, models.CASCADE, related_name="+")
    words = models.CharField(max_length=200)
    at = models.DateTimeField()
    answer = models.CharField(max_length=6, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    issue = models.ForeignKey(
        Issue, models.SET_NULL, null=True, related_name="+", help_text="What “let’s talk” put on the agenda."
    )

    objects = HeadsUpQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=("agreed", "talk"), answered_at__isnull=False),
                name="an_answered_heads_up_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(ceo=models.F("leader")), name="a_heads_up_is_between_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"Heads-up {self.pk}"

    @property
    def anchor(self) -> str:
        return f"headsup-{self.pk}"

    @property
    def is_unanswered(self) -> bool:
        return not self.answer

    @property
    def is_agreed(self) -> bool:
        return self.answer == self.Answer.AGREED

    @staticmethod
    def can_be_left(team: Team, by: User) -> bool:
        """By the CEO, to whoever is the sales leader now."""
        leader = team.holder(Role.LEADER)
        return team.role_of(by) == Role.CEO and leader is not None and leader.pk != by.pk

    def can_answer(self, user: User) -> bool:
        """The sales leader it names, while they have the seat."""
        return self.leader_id == user.pk and self.team.role_of(user) == Role.LEADER

    def can_withdraw(self, user: User) -> bool:
        """The CEO who left it."""
        return self.ceo_id == user.pk
