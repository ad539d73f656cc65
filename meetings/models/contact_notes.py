"""What a team thinks of a contact: for its CEO and its sales leader alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from alignment.models import Seat, Team, User, Versioned
from alignment.permissions import has_permission, is_principal_seat
from alignment.rules.roles import PRINCIPAL_ROLES
from deals.models import Contact

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ContactNoteQuerySet(models.QuerySet["ContactNote"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the teams where the user is the CEO or the sales leader now."""
        seats = Seat.objects.current().filter(user=user.pk, role__in=PRINCIPAL_ROLES)
        return self.filter(team__in=seats.order_by().values("team"))


class ContactNote(Versioned):
    """Where a contact stands, and what matters to them, as one team judges it."""

    class Stance(models.TextChoices):
        SUPPORTER = "supporter", "Supporter"
        NEUTRAL = "neutral", "Neutral"
        AGAINST = "against", "Against"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="notes")
    team = models.ForeignKey(Team, models.CASCADE, related_name="contact_notes")
    stance = models.CharField(max_length=12, choices=Stance, blank=True)
    what_matters = models.CharField(max_length=300, blank=True)
    politics = models.CharField(max_length=300, blank=True, help_text="Who they work with, and against.")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    objects = ContactNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("contact", "team"), name="one_note_a_contact_and_team"),
            models.CheckConstraint(
                condition=Q(stance__in=("", "supporter", "neutral", "against")),
                name="contact_stance_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} on {self.contact}"

    @property
    def last_editor(self) -> User | None:
        return self.by

    def can_edit(self, user: User) -> bool:
        return has_permission(user, self.team, is_principal_seat)
