"""The figures of deals and revenue that a company holds."""

from alignment.holding import holds
from alignment.models import Company
from deals.models import Deal, RevenueEntry


@holds("revenue entry", "revenue entries")
def revenue(company: Company) -> int:
    return RevenueEntry.objects.filter(team__company=company).count()


@holds("deal", "deals")
def deals(company: Company) -> int:
    return Deal.objects.filter(team__company=company).count()
