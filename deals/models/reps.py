"""Who sells: reps, the teams they were on, and how files spell them. A rep needs no account."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from alignment.db.search_keys import SearchKeyField
from alignment.models import Company, Team, User, Versioned
from alignment.permissions import can_plan
from alignment.rules.folding import search_key

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class RepQuerySet(models.QuerySet["Rep"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those who are or were on a team the user reads, and for an admin all of the company: their names."""
        teams = Team.objects.visible_to(user)
        here = RepTerm.objects.filter(team__in=teams).order_by().values("rep")
        return self.filter(
            Q(pk__in=here) | Q(joined__in=here) | Q(company__in=_administered(user))
        ).distinct()

    def active(self) -> Self:
        """Without those who were joined into another."""
        return self.filter(joined_into=None)

    def on_team(self, team: Team | int) -> Self:
        """Those on the team now."""
        here = RepTerm.objects.filter(team=team, until=None).order_by()
        return self.active().filter(Q(pk__in=here.values("rep")) | Q(pk__in=here.values("rep__joined_into")))

    def called(self, name: str) -> Self:
        """Those whose name is the same, whatever its case, accents apart."""
        return self.filter(name_key=search_key(name))


def _administered(user: User | AnonymousUser) -> models.QuerySet[Company, int]:
    if not user.is_authenticated:
        return Company.objects.none().values_list("pk", flat=True)
    return user.memberships.filter(is_admin=True).values_list("company", flat=True)  # type: ignore[return-value]


class Rep(Versioned):
    """Somebody who sells. Two reps of a company may have the same name; a person says whether they are one.

    A rep who was joined into another stays as a name that leads there (`joined_into`), so that joining can be
    undone. Which deals moved is in their history: a change of "rep" at `joined_at`.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="reps")
    name = models.CharField(max_length=120)
    name_key = SearchKeyField("name")
    email = models.EmailField(blank=True)
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="reps", help_text="Their account, if any."
    )
    joined_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="joined")
    joined_at = models.DateTimeField(null=True, blank=True)
    joined_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = RepQuerySet.as_manager()

    class Meta:
        ordering = ("name_key", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(joined_into=None) | Q(joined_at__isnull=False), name="joined_rep_says_when"
            ),
            models.CheckConstraint(
                condition=Q(joined_into=None) | ~Q(joined_into=F("id")), name="rep_is_not_joined_into_itself"
            ),
        ]
        indexes = [
            # Who a file or a form means by a name.
            models.Index(fields=("company", "name_key"), name="rep_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def known_as(self) -> Rep:
        """The rep it was joined into, or itself."""
        return self.joined_into or self

    def can_edit(self, user: User) -> bool:
        """The sales leader's side of a team the rep is on, and the company's admins. Costs a query."""
        seats = user.seats.filter(until=None, team__in=self.terms.filter(until=None).values("team"))
        is_admin = user.memberships.filter(company=self.company_id, is_admin=True).exists()
        return is_admin or any(can_plan(seat) for seat in seats)


class RepTerm(models.Model):
    """A rep on a team, from when until when (the last day, inclusive)."""

    rep = models.ForeignKey(Rep, models.CASCADE, related_name="terms")
    team = models.ForeignKey(Team, models.CASCADE, related_name="rep_terms")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("since", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("rep", "team"), condition=Q(until=None), name="one_open_term_a_rep_and_team"
            ),
            models.UniqueConstraint(fields=("rep", "team", "since"), name="one_term_a_rep_team_and_day"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="rep_term_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rep} on {self.team}"

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class RepSpelling(models.Model):
    """How a source spells a rep, as a person confirmed. `key` is the folded spelling."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="rep_spellings")
    source = models.CharField(max_length=20, blank=True, help_text="Which CRM; empty: any.")
    key = models.CharField(max_length=250)
    rep = models.ForeignKey(Rep, models.CASCADE, related_name="spellings")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("company", "source", "key"), name="one_rep_a_spelling_of_a_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.rep}"
