"""Which parts of a quarter's page others on the team may read: what the CEO said of that quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from alignment.models import Team, User, Versioned
from alignment.models.teams import teams_read_by
from alignment.rules.roles import Role
from meetings.rules.quarter_page import EVERY_PART, Part, known_parts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from alignment.rules.periods import Period


class QuarterSharingQuerySet(models.QuerySet["QuarterSharing"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Everyone on the team: it says what they read."""
        return self.filter(team__in=teams_read_by(user))

    def of(self, team: Team, quarter: Period) -> QuarterSharing:
        """What the CEO said of this quarter; until then a row that is not stored, with every part open but the
        CEO's number. One query."""
        row = self.filter(team=team, starts_on=quarter.start, ends_on=quarter.end).first()
        return row or QuarterSharing(team=team, starts_on=quarter.start, ends_on=quarter.end, version=0)


def every_part() -> list[str]:
    return [str(part) for part in EVERY_PART]


class QuarterSharing(Versioned):
    """Of one team and quarter, by its first and last day: once the fiscal year is moved another quarter begins anew."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    starts_on = models.DateField(help_text="The first day of the quarter.")
    ends_on = models.DateField(help_text="Its last day.")
    open_parts = models.JSONField(
        default=every_part, blank=True, help_text="What others on the team, and a print, have of the page."
    )
    ceo_number_of = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The CEO who opened their own number to them; nobody: it stays between the two.",
    )
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    objects = QuarterSharingQuerySet.as_manager()

    class Meta:
        verbose_name = "choice of what others read"
        verbose_name_plural = "choices of what others read"
        ordering = ("starts_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("team", "starts_on", "ends_on"), name="a_quarter_is_shared_in_one_way"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="a_shared_quarter_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.team}, {self.starts_on} to {self.ends_on}"

    @property
    def last_editor(self) -> User | None:
        return self.changed_by

    @property
    def parts(self) -> tuple[Part, ...]:
        return known_parts(self.open_parts)

    @staticmethod
    def can_change(team: Team, user: User) -> bool:
        """The CEO alone: no delegate, and not the sales leader."""
        return team.role_of(user) == Role.CEO
