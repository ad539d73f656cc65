from __future__ import annotations

from django.db import models

from alignment.models import Company


class AccountQuerySet(models.QuerySet["Account"]):
    def called(self, name: str, *, company: Company) -> Account | None:
        """The company's account of that name in any case, made if there is none; nothing for no name."""
        if not name:
            return None
        known = self.filter(company=company, name__iexact=name).first()
        return known or self.get_or_create(company=company, name=name)[0]


class Account(models.Model):
    """A customer or a company that may become one."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="accounts")
    name = models.CharField(max_length=200)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=("company", "name"), name="account_name_is_unique_in_company")
        ]

    def __str__(self) -> str:
        return self.name
