from __future__ import annotations

from django.db import models

from alignment.db.search_keys import SearchKeyField
from alignment.models import Company
from alignment.rules.folding import search_key


class AccountQuerySet(models.QuerySet["Account"]):
    def find_or_create(self, name: str, *, company: Company) -> Account | None:
        """The company's account of that name, in upper or lower case, created if missing.

        None for an empty name.
        """
        if not name:
            return None
        return self.get_or_create(company=company, name_key=search_key(name), defaults={"name": name})[0]


class Account(models.Model):
    """A customer or a company that may become one."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="accounts")
    name = models.CharField(max_length=200)
    name_key = SearchKeyField("name")

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ("name_key", "pk")
        constraints = [
            models.UniqueConstraint(fields=("company", "name_key"), name="account_name_is_unique_in_company")
        ]

    def __str__(self) -> str:
        return self.name
