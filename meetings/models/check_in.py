"""The check-in of a CEO and a sales leader after a meeting. Nobody but these two ever reads anything of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from alignment.models import User, Versioned
from meetings.models.meetings import Meeting
from meetings.rules import check_in as rules

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Statement(models.TextChoices):
    PLAN = "plan", "Plan"
    PROGRESS = "progress", "Progress"
    PIPELINE = "pipeline", "Pipeline"
    DEALS = "deals", "Deals"
    SUPPORT = "support", "Support"


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The two it names, for ever, with or without a seat; nobody else."""
        return self.filter(Q(ceo=user.pk) | Q(leader=user.pk)) if user.pk else self.none()

    def over(self) -> Self:
        """Of meetings that were closed. Before, a row is there only once one of the two has answered."""
        return self.exclude(closes_at=None)

    def settled(self) -> Self:
        """Those whose two people are fixed: the meeting was closed, or both have answered while it ran."""
        return self.exclude(closes_at=None, revealed_at=None)

    def open(self, now: datetime) -> Self:
        """Those that can still be answered, of meetings that are over."""
        return self.filter(revealed_at=None, closes_at__gt=now)


class CheckIn(models.Model):
    """One round: what was asked after one meeting, and of whom."""

    FOR_ITS_PEOPLE_ALONE: ClassVar[bool] = True

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="check_in")
    ceo = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    leader = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    guessed = models.CharField(
        max_length=8,
        choices=Statement,
        blank=True,
        help_text="On which statement the other’s answer is guessed; empty where only the one tap is asked.",
    )
    closes_at = models.DateTimeField(null=True, help_text="None until the meeting was closed.")
    revealed_at = models.DateTimeField(null=True, help_text="When both answers were in.")

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ("-meeting__starts_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ceo=None) | Q(leader=None) | ~Q(ceo=F("leader")),
                name="a_check_in_names_two_people",
            ),
            models.CheckConstraint(
                condition=Q(guessed__in=("", *Statement.values)), name="a_guessed_statement_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Check-in of {self.meeting}"

    @property
    def is_full(self) -> bool:
        """Whether the five statements are asked."""
        return bool(self.guessed)

    @property
    def is_revealed(self) -> bool:
        return self.revealed_at is not None

    @property
    def is_settled(self) -> bool:
        """Whether its two people are fixed."""
        return self.closes_at is not None or self.is_revealed

    def is_open(self, now: datetime) -> bool:
        return rules.is_open(is_revealed=self.is_revealed, closes_at=self.closes_at, now=now)

    def names(self, user: User | AnonymousUser) -> bool:
        return user.pk is not None and user.pk in (self.ceo_id, self.leader_id)

    def other_than(self, user: User) -> User | None:
        return self.leader if user.pk == self.ceo_id else self.ceo


class CheckInAnswerQuerySet(models.QuerySet["CheckInAnswer"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own, and the other's once both are in."""
        both = Q(check_in__revealed_at__isnull=False) & (
            Q(check_in__ceo=user.pk) | Q(check_in__leader=user.pk)
        )
        return self.filter(Q(user=user.pk) | both) if user.pk else self.none()


def _is_score(name: str) -> Q:
    """Said twice, because a comparison with nothing does not break a constraint."""
    return Q(**{f"{name}__isnull": False, f"{name}__range": (rules.LOWEST, rules.HIGHEST)})


class CheckInAnswer(Versioned):
    """What one of the two answered: the tap, and in a full round the five scores and the guess."""

    FOR_ITS_PEOPLE_ALONE: ClassVar[bool] = True

    class Tap(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    SCORES: ClassVar[tuple[str, ...]] = (*Statement.values, "guess")

    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="answers")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    tap = models.CharField(max_length=6, choices=Tap)
    plan = models.PositiveSmallIntegerField(null=True)
    progress = models.PositiveSmallIntegerField(null=True)
    pipeline = models.PositiveSmallIntegerField(null=True)
    deals = models.PositiveSmallIntegerField(null=True)
    support = models.PositiveSmallIntegerField(null=True)
    guess = models.PositiveSmallIntegerField(null=True, help_text="Of the other’s answer to one statement.")
    sentence = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    objects = CheckInAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("check_in", "pk")
        constraints = [
            models.UniqueConstraint(fields=("check_in", "user"), name="one_check_in_answer_a_person"),
            models.CheckConstraint(condition=Q(tap__in=("yes", "partly", "no")), name="a_tap_is_known"),
            models.CheckConstraint(
                condition=Q(plan=None, progress=None, pipeline=None, deals=None, support=None, guess=None)
                | (
                    _is_score("plan")
                    & _is_score("progress")
                    & _is_score("pipeline")
                    & _is_score("deals")
                    & _is_score("support")
                    & _is_score("guess")
                ),
                name="check_in_scores_are_1_to_5_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.check_in}"

    @property
    def last_editor(self) -> User:
        return self.user

    @property
    def scores(self) -> dict[str, int]:
        """By statement; empty where only the tap was asked."""
        values = {key: getattr(self, key) for key in Statement.values}
        return {key: value for key, value in values.items() if value is not None}
