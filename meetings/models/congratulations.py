"""The CEO's word to whoever won a deal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from alignment.models import User
from deals.models import Deal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CongratulationQuerySet(models.QuerySet["Congratulation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(deal__in=Deal.objects.visible_to(user))

    def send_once(
        self, deal: Deal, *, by: User, now: datetime, to_name: str, to_address: str, text: str
    ) -> bool:
        """Whether it is the first of this deal; a second one is not sent."""
        row = {"by": by, "at": now, "to_name": to_name, "to_address": to_address, "text": text}
        return self.get_or_create(deal=deal, defaults=row)[1]


class Congratulation(models.Model):
    """A mail of two lines in the CEO's name, once for each won deal. Who earned it needs no account."""

    deal = models.OneToOneField(Deal, models.CASCADE, related_name="congratulation")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    to_name = models.CharField(max_length=120)
    to_address = models.EmailField(max_length=254)
    text = models.TextField(max_length=1000)
    at = models.DateTimeField()

    objects = CongratulationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.to_name} on {self.deal}"
