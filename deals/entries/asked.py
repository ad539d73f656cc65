"""The revenue of a company as its admin narrows it: by team, month, how it came, words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from alignment.lists import Listing
from alignment.models import Company
from alignment.periods import month_of
from alignment.templatetags.figures import MoneyFormat
from deals.models import RevenueEntry

MONTHS = 36
STATES = (("", "What counts"), ("all", "Corrected ones too"))


@dataclass(frozen=True, slots=True)
class SourceTotal:
    """What came in one way."""

    label: str
    number: int
    amount: Decimal
    m: MoneyFormat


def entries_asked(listing: Listing, company: Company) -> QuerySet[RevenueEntry]:
    teams = {team.slug: team for team in company.teams.order_by("name", "pk")}
    named = ((slug, team.name) for slug, team in teams.items())
    listing.team = teams.get(listing.choose("team", "Team", [("", "All teams"), *named]))
    theirs = RevenueEntry.objects.filter(team__company=company)
    theirs = theirs.select_related("team__company", "deal", "created_by", "corrected_by", "corrects")
    rows = listing.found(theirs, "note", "deal__name")
    months = {f"{month:%Y-%m}": month for month in _months_back(timezone.localdate())}
    labels = ((key, month_of(month).label) for key, month in months.items())
    month = months.get(listing.choose("month", "Month", [("", "Any month"), *labels]))
    if month is not None:
        rows = rows.filter(day__range=(month, month_of(month).end))
    source = listing.choose("source", "How it came", [("", "Any way"), *RevenueEntry.Source.choices])
    rows = rows.filter(source=source) if source else rows
    if listing.choose("state", "Which", STATES) == "":
        rows = rows.filter(corrected_by=None)
    return rows.order_by("-day", "-pk")


def source_totals(rows: QuerySet[RevenueEntry], company: Company, locale: str) -> list[SourceTotal]:
    """How much came in which way, the most first."""
    labels, m = dict(RevenueEntry.Source.choices), MoneyFormat(company.currency, locale)
    by = (
        rows.order_by()
        .values_list("source")
        .annotate(number=Count("pk"), total=Sum("amount"))
        .order_by("-total")
    )
    return [SourceTotal(str(labels[source]), number, total, m) for source, number, total in by]


def _months_back(today: date) -> Iterator[date]:
    """First days, the present month first."""
    last = today.year * 12 + today.month - 1
    for index in range(last, last - MONTHS, -1):
        yield date(index // 12, index % 12 + 1, 1)
