"""People at accounts. Personal data: erased on request, exported, never in a text of the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from alignment.db.search_keys import SearchKeyField
from alignment.models import Seat, User, Versioned
from alignment.rules.roles import Role
from deals.models.accounts import Account

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of accounts known to a team on which the user sits as more than an observer."""
        seats = Seat.objects.filter(user=user.pk, until=None).exclude(role=Role.OBSERVER)
        return self.filter(account__in=Account.objects.known_to(seats.order_by().values("team")))


class Contact(Versioned):
    """Somebody who buys, or has a say in it."""

    class Level(models.TextChoices):
        C_LEVEL = "c_level", "C-level"
        DIRECTOR = "director", "VP or director"
        MANAGER = "manager", "Manager"
        SPECIALIST = "specialist", "Specialist"

    class Role(models.TextChoices):
        DECIDES = "decides", "Decides"
        PAYS = "pays", "Pays"
        CHAMPION = "champion", "Champion"
        INFLUENCES = "influences", "Influences"
        AGAINST = "against", "Against"

    account = models.ForeignKey(Account, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    name_key = SearchKeyField("name")
    title = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=12, choices=Level, blank=True)
    role = models.CharField(max_length=12, choices=Role, blank=True)
    email = models.EmailField(blank=True)
    source = models.CharField(max_length=20, blank=True, help_text="Which CRM it came from.")
    external_id = models.CharField(max_length=100, blank=True, help_text="The contact's id in that CRM.")

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ("name_key", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("account", "source", "external_id"),
                condition=~Q(external_id=""),
                name="one_contact_an_id_and_account",
            ),
            models.CheckConstraint(
                condition=Q(level__in=("", "c_level", "director", "manager", "specialist")),
                name="contact_level_is_known",
            ),
            models.CheckConstraint(
                condition=Q(role__in=("", "decides", "pays", "champion", "influences", "against")),
                name="contact_role_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def can_edit(self, user: User) -> bool:
        """The sales leader's side of a team that knows the account. Costs two queries."""
        return self.account.can_edit(user)
