from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from alignment.db.search_keys import SearchKeyField
from alignment.models.company import Company
from alignment.models.people import Membership, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What happened in the companies the user administers."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(company__in=user.memberships.filter(is_admin=True).values("company"))

    def of(self, company: Company) -> Self:
        """The company's own entries, and how its people got in (those belong
        to a person, not to a company)."""
        people = Membership.objects.filter(company=company, ended_at=None).values("user")
        seated = User.objects.filter(seats__team__company=company).values("pk")
        personal = Q(company=None) & (Q(by__in=people) | Q(by__in=seated))
        return self.filter(Q(company=company) | personal)


class Entry(models.Model):
    """One line of the audit: who changed what, when, from what to what. Written once, never changed.

    Facts only: `about`, `old` and `new` hold nothing that an admin may not read (no content of a
    meeting). Write it with alignment.audit.note.
    """

    company = models.ForeignKey(
        Company,
        models.CASCADE,
        null=True,
        related_name="+",
        help_text="None: a person's own, such as a sign-in.",
    )
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=40, help_text="A key of alignment.audit.LABELS.")
    about = models.CharField(max_length=200, blank=True, help_text="The thing by its name then.")
    old = models.CharField(max_length=500, blank=True)
    new = models.CharField(max_length=500, blank=True)
    why = models.CharField(max_length=300, blank=True)

    search_key = SearchKeyField("about", "old", "new", "why")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        ordering = ("-at", "-pk")
        indexes = [
            # the newest of a company with its people's sign-ins, without sorting them all
            models.Index(fields=("-at", "-id"), name="audit_newest"),
            # the audit page of a company, newest first
            models.Index(fields=("company", "-at"), name="audit_of_company"),
            # sign-ins of its people
            models.Index(fields=("by", "-at"), condition=Q(company=None), name="audit_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what} {self.about}"
