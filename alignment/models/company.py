from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models

from alignment.db.search_keys import SearchKeyField
from alignment.models.versioned import Versioned
from alignment.rules.call_periods import CallPeriod
from alignment.rules.revenue_kinds import RevenueKind

if TYPE_CHECKING:
    from alignment.models.people import User


def known_zone(name: str) -> None:
    """Refuse a time zone name that the zone data does not know."""
    if name not in available_timezones():
        raise ValidationError(
            "“%(name)s” is not a known time zone. Example: Europe/Paris.", params={"name": name}
        )


class Company(Versioned):
    """The money, the calendar and the people that teams share."""

    name = models.CharField(max_length=120)
    name_key = SearchKeyField("name")
    slug = models.SlugField(max_length=60, unique=True)
    currency = models.CharField(max_length=3, default="USD", help_text="ISO 4217 code of every amount.")
    timezone = models.CharField(max_length=64, default="UTC", validators=[known_zone])
    fiscal_year_start = models.PositiveSmallIntegerField(
        default=1, help_text="Month in which the fiscal year starts, 1 to 12."
    )
    second_factor_required = models.BooleanField(
        default=False, help_text="Whether its people sign in with a second factor, or set one up first."
    )

    revenue_kind = models.CharField(
        "What counts as revenue",
        max_length=10,
        choices=RevenueKind,
        default=RevenueKind.WON,
        help_text="Of its teams, unless they say otherwise: alignment.models.policy.",
    )
    call_period = models.CharField(
        "Period of the forecast call",
        max_length=10,
        choices=CallPeriod,
        default=CallPeriod.QUARTER,
        help_text="Of its teams, unless they say otherwise.",
    )

    class Meta:
        verbose_name_plural = "companies"
        ordering = ("name_key", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revenue_kind__in=RevenueKind.values), name="company_revenue_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(call_period__in=CallPeriod.values), name="company_call_period_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start__range=(1, 12)), name="company_fiscal_month_is_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def holiday_days(self) -> frozenset[date]:
        """Its holidays; costs a query unless they were prefetched."""
        return frozenset(holiday.day for holiday in self.holidays.all())

    def is_administered_by(self, user: User) -> bool:
        """Whether the user configures this company; costs a question only of somebody who configures one."""
        return user.administers and self.memberships.filter(user=user, is_admin=True).exists()


class Holiday(models.Model):
    """A day on which nobody in the company is expected to sell: not a business day."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("day",)
        constraints = [models.UniqueConstraint(fields=("company", "day"), name="one_holiday_a_day")]

    def __str__(self) -> str:
        return f"{self.name} ({self.day})"
