"""What each side writes on a section or an item for one meeting."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from alignment.models import User, Versioned
from alignment.rules.roles import Side
from meetings.models.meetings import Meeting
from meetings.models.origins import Originated


class Update(Versioned, Originated):
    """What one side writes on one section or one item for one meeting."""

    STAMPS = Versioned.STAMPS | {"author"}

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="updates")
    side = models.CharField(max_length=12, choices=Side)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    issue = models.ForeignKey(
        "meetings.Issue", models.SET_NULL, null=True, blank=True, related_name="updates"
    )
    text = models.TextField(max_length=4000, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("changed_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("meeting", "side", "section"),
                condition=Q(deal=None, risk=None, initiative=None, issue=None),
                name="one_update_a_side_and_section",
            ),
            models.UniqueConstraint(
                fields=("meeting", "side", "deal"), condition=~Q(deal=None), name="one_update_a_side_and_deal"
            ),
            models.UniqueConstraint(
                fields=("meeting", "side", "risk"), condition=~Q(risk=None), name="one_update_a_side_and_risk"
            ),
            models.UniqueConstraint(
                fields=("meeting", "side", "initiative"),
                condition=~Q(initiative=None),
                name="one_update_a_side_and_initiative",
            ),
            models.UniqueConstraint(
                fields=("meeting", "side", "issue"),
                condition=~Q(issue=None),
                name="one_update_a_side_and_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} on {self.get_section_display()}"

    @property
    def last_editor(self) -> User:
        return self.author
