"""The first meeting of a CEO and a sales leader, and what either prepared for it. These two alone ever read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from alignment.models import Team, User, Versioned
from meetings.models.meetings import Meeting
from meetings.rules.decision_rights import Right, RightKind
from meetings.rules.first_meeting import PARTS, lines_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class FirstMeetingQuerySet(models.QuerySet["FirstMeeting"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The two it names; nobody else, and no successor."""
        return self.filter(Q(ceo=user.pk) | Q(leader=user.pk)) if user.pk else self.none()


class FirstMeeting(models.Model):
    """That of one pair in one fiscal year. It is stored once somebody prepares it or says “not now”."""

    FOR_ITS_PEOPLE_ALONE: ClassVar[bool] = True

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    ceo = models.ForeignKey(User, models.CASCADE, related_name="+")
    leader = models.ForeignKey(User, models.CASCADE, related_name="+")
    year_starts_on = models.DateField(help_text="The first day of the fiscal year in which it is offered.")
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, related_name="+", help_text="In which it is to be held."
    )
    opened_at = models.DateTimeField(null=True, help_text="When both could read both answers.")
    ended_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True, help_text="“Not now”: it is not offered again this year.")

    objects = FirstMeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-year_starts_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("team", "ceo", "leader", "year_starts_on"), name="one_first_meeting_a_pair_and_year"
            ),
            models.CheckConstraint(
                condition=~Q(ceo=F("leader")), name="a_first_meeting_is_between_two_people"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(opened_at__isnull=False), name="a_first_meeting_opens_first"
            ),
        ]

    def __str__(self) -> str:
        return f"First meeting {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    @property
    def is_declined(self) -> bool:
        return self.declined_at is not None

    def names(self, user: User) -> bool:
        return user.pk in (self.ceo_id, self.leader_id)

    def other_than(self, user: User) -> User:
        return self.leader if user.pk == self.ceo_id else self.ceo


class FirstMeetingAnswerQuerySet(models.QuerySet["FirstMeetingAnswer"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own, and the other's once they are open."""
        both = Q(first_meeting__opened_at__isnull=False) & (
            Q(first_meeting__ceo=user.pk) | Q(first_meeting__leader=user.pk)
        )
        return self.filter(Q(user=user.pk) | both) if user.pk else self.none()


def _figure() -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=14, decimal_places=2, null=True)


class FirstMeetingAnswer(Versioned):
    """What one of the two prepared. Rights that are left empty are the CEO's."""

    FOR_ITS_PEOPLE_ALONE: ClassVar[bool] = True
    STAMPS: ClassVar[frozenset[str]] = frozenset({"changed_at", "done_at"})

    class GoalsView(models.TextChoices):
        CONFIRM = "confirm", "I confirm them"
        DIFFERENT = "different", "I see them differently"

    first_meeting = models.ForeignKey(FirstMeeting, models.CASCADE, related_name="answers")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    success = models.TextField(max_length=600, blank=True)
    goals_view = models.CharField(max_length=9, choices=GoalsView, blank=True)
    goals_words = models.TextField(max_length=600, blank=True)
    chase = models.TextField(max_length=600, blank=True)
    leave = models.TextField(max_length=600, blank=True)
    discount = _figure()
    terms = _figure()
    unpaid = _figure()
    spending = _figure()
    people = models.CharField(max_length=200, blank=True)
    exceptions = models.CharField(max_length=200, blank=True)
    call_when = models.TextField(max_length=600, blank=True)
    never_from_others = models.TextField(max_length=600, blank=True)
    done_at = models.DateTimeField(null=True, help_text="When its author said that they are done.")
    changed_at = models.DateTimeField()

    WORDS: ClassVar[tuple[str, ...]] = (
        "success",
        "goals_view",
        "goals_words",
        "chase",
        "leave",
        *(str(kind) for kind in RightKind),
        "call_when",
        "never_from_others",
    )

    objects = FirstMeetingAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("first_meeting", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("first_meeting", "user"), name="one_first_meeting_answer_a_person"
            ),
            models.CheckConstraint(
                condition=Q(goals_view__in=("", "confirm", "different")), name="a_view_of_the_goals_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk}"

    @property
    def last_editor(self) -> User:
        return self.user

    def lines(self, part: str) -> list[str]:
        """What was answered to one of the parts, a line each."""
        assert part in {known.key for known in PARTS}
        return lines_of(getattr(self, part))

    def right(self, kind: RightKind, currency: str) -> Right:
        """Where the author would set the limit; nobody's but the CEO's where it was left empty."""
        value = getattr(self, str(kind))
        if not kind.is_limit:
            return Right(kind, text=value)
        return Right(kind, value, currency=currency if kind == RightKind.SPENDING else "")
