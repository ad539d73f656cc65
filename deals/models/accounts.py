from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from alignment.db.search_keys import SearchKeyField
from alignment.models import Company, Seat, User, Versioned
from alignment.models.teams import teams_read_by
from alignment.permissions import can_plan
from alignment.rules.folding import search_key
from deals.models.reps import Rep

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those where a team the user reads has a deal, a risk or a rhythm of touches."""
        return self.known_to(teams_read_by(user))

    def known_to(self, teams: models.QuerySet[Seat, Any] | Sequence[int]) -> Self:
        """Those where one of the teams has a deal, a risk or a rhythm of touches."""
        every = Account.objects.order_by().values("pk")
        with_deal, at_risk = every.filter(deals__team__in=teams), every.filter(risks__team__in=teams)
        followed = every.filter(follow_ups__team__in=teams)
        return self.filter(Q(pk__in=with_deal) | Q(pk__in=at_risk) | Q(pk__in=followed))

    @staticmethod
    def knowing(account: Account, *, team: str = "") -> Q:
        """Teams, or rows that lead to one by `team`, that know the account: `known_to` from the other end."""
        ways = ("deals", "risks", "followups")
        return reduce(or_, (Q(**{f"{team}{way}__account": account}) for way in ways))

    def find_or_create(self, name: str, *, company: Company) -> Account | None:
        """The company's account of that name, in upper or lower case, created if missing.

        None for an empty name.
        """
        if not name:
            return None
        return self.get_or_create(company=company, name_key=search_key(name), defaults={"name": name})[0]


class Account(Versioned):
    """A customer or a company that may become one."""

    class Status(models.TextChoices):
        PROSPECT = "prospect", "Prospect"
        CLIENT = "client", "Client"
        FORMER = "former", "Former client"

    class RevenueBand(models.TextChoices):
        """Their revenue a year, in millions of whatever currency they report in: an order of size."""

        UNDER_1 = "under_1", "Under 1 million"
        FROM_1 = "from_1", "1 to 10 million"
        FROM_10 = "from_10", "10 to 50 million"
        FROM_50 = "from_50", "50 to 250 million"
        FROM_250 = "from_250", "250 million to 1 billion"
        FROM_1000 = "from_1000", "Over 1 billion"

    company = models.ForeignKey(Company, models.CASCADE, related_name="accounts")
    name = models.CharField(max_length=200)
    name_key = SearchKeyField("name")
    source = models.CharField(max_length=20, blank=True, help_text="Which CRM it came from.")
    external_id = models.CharField(max_length=100, blank=True, help_text="The account's id in that CRM.")
    status = models.CharField(
        max_length=8, choices=Status, blank=True, help_text="Empty: nobody said what it is."
    )
    employees = models.PositiveIntegerField(null=True, blank=True)
    revenue_band = models.CharField("Annual revenue", max_length=10, choices=RevenueBand, blank=True)
    owner = models.ForeignKey(Rep, models.SET_NULL, null=True, blank=True, related_name="accounts")

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ("name_key", "pk")
        constraints = [
            models.UniqueConstraint(fields=("company", "name_key"), name="account_name_is_unique_in_company"),
            models.UniqueConstraint(
                fields=("company", "source", "external_id"),
                condition=~Q(external_id=""),
                name="one_account_an_id_in_the_company",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("", "prospect", "client", "former")), name="account_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    revenue_band__in=("", "under_1", "from_1", "from_10", "from_50", "from_250", "from_1000")
                ),
                name="account_revenue_band_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def can_edit(self, user: User) -> bool:
        """The sales leader's side of a team that knows the account. Costs two queries."""
        seats = [seat for seat in user.seats.filter(until=None) if can_plan(seat)]
        teams = Seat.objects.filter(pk__in=[seat.pk for seat in seats]).order_by().values("team")
        return bool(seats) and Account.objects.known_to(teams).filter(pk=self.pk).exists()
