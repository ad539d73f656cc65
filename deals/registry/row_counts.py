"""How many deals and revenue entries a company has."""

from alignment.models import Company
from alignment.registry.row_counts import holds
from deals.models import Deal, RevenueEntry


@holds("revenue entry", "revenue entries")
def revenue(company: Company) -> int:
    return RevenueEntry.objects.filter(team__company=company).count()


@holds("deal", "deals")
def deals(company: Company) -> int:
    return Deal.objects.filter(team__company=company).count()
