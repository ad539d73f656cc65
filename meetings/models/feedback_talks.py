"""Whether the CEO told the sales leader where they stand, or the leader asked. Only who answered ever reads it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from alignment.models import Team, User, Versioned

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class FeedbackTalkQuerySet(models.QuerySet["FeedbackTalk"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Who answered, alone: not the other one of the two either."""
        return self.filter(user=user.pk) if user.pk else self.none()

    def over(self, now: datetime) -> Self:
        """Those of quarters that have ended everywhere in the world."""
        return self.filter(ends_on__lt=_day_everywhere(now))

    def running(self, now: datetime) -> Self:
        """Those of quarters that still run somewhere."""
        return self.filter(ends_on__gte=_day_everywhere(now))


def _day_everywhere(now: datetime) -> date:
    """A day that has begun everywhere: no zone is more than twelve hours behind."""
    return now.date() - timedelta(days=1)


class FeedbackTalk(Versioned):
    """One person's answer in one quarter of a team: talked on a day, or not yet. Deleted when the quarter is over."""

    FOR_ITS_PEOPLE_ALONE: ClassVar[bool] = True

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    starts_on = models.DateField(help_text="The first day of the quarter.")
    ends_on = models.DateField(help_text="Its last day.")
    talked_on = models.DateField(null=True)
    not_yet = models.PositiveSmallIntegerField(default=0, help_text="How often the answer was “not yet”.")
    ask_on = models.DateField(null=True, help_text="After “not yet” it is asked again from this day on.")

    objects = FeedbackTalkQuerySet.as_manager()

    class Meta:
        ordering = ("starts_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("team", "user", "starts_on"), name="one_feedback_talk_a_person_and_quarter"
            ),
            models.CheckConstraint(
                condition=Q(talked_on=None) | Q(talked_on__range=(F("starts_on"), F("ends_on"))),
                name="a_feedback_talk_is_within_its_quarter",
            ),
        ]
        indexes = [models.Index(fields=("ends_on",), name="feedback_talk_end")]  # the sweep deletes by it

    def __str__(self) -> str:
        return f"Feedback talk {self.pk}"

    @property
    def last_editor(self) -> User:
        return self.user
