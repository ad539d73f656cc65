from django.db import models

from alignment.models import Company


class Account(models.Model):
    """A customer or a company that may become one."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="accounts")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=("company", "name"), name="account_name_is_unique_in_company")
        ]

    def __str__(self) -> str:
        return self.name
