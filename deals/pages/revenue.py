"""The revenue of a company for its admins, filtered by team, month, source and text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from alignment.models import Company
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import month_of
from alignment.web.listing import Listing
from deals.models import RevenueEntry
from deals.pages.lists import RevenueRows, Total
from deals.tables.writer import Value

MONTHS = 36


@dataclass(frozen=True, slots=True)
class SourceTotal(Total):
    """The entries of one source."""

    label: str


def filter_company_revenue(listing: Listing, company: Company) -> RevenueRows:
    teams = {team.slug: team for team in company.teams.order_by("name_key", "pk")}
    team_names = ((slug, team.name) for slug, team in teams.items())
    listing.team = teams.get(listing.choose("team", "Team", [("", "All teams"), *team_names]))
    entries = RevenueEntry.objects.filter(team__company=company)
    entries = entries.select_related("team__company", "deal", "created_by", "corrected_by", "corrects")
    rows = listing.search(entries, "search_key", "deal__name_key")
    months = {f"{month:%Y-%m}": month for month in _months_back(timezone.localdate())}
    labels = ((key, month_of(month).label) for key, month in months.items())
    month = months.get(listing.choose("month", "Month", [("", "Any month"), *labels]))
    if month is not None:
        rows = rows.filter(day__range=(month, month_of(month).end))
    source = listing.choose("source", "Source", [("", "Any source"), *RevenueEntry.Source.choices])
    rows = rows.filter(source=source) if source else rows
    return RevenueRows.of(listing, rows)


def source_totals(rows: QuerySet[RevenueEntry], company: Company, locale: str) -> list[SourceTotal]:
    """How much came from which source, the largest first."""
    labels, m = dict(RevenueEntry.Source.choices), MoneyFormat(company.currency, locale)
    by_source = rows.order_by().values_list("source")
    sums = by_source.annotate(number=Count("pk"), total=Sum("amount")).order_by("-total")
    return [SourceTotal(number, total, m, str(labels[source])) for source, number, total in sums]


def sum_up(sources: Sequence[SourceTotal]) -> list[Total]:
    """All of them, which are in one currency."""
    number, amount = (
        sum(total.number for total in sources),
        sum((total.amount for total in sources), Decimal(0)),
    )
    return [Total(number, amount, total.m) for total in sources[:1]]


def export_lines(rows: QuerySet[RevenueEntry]) -> Iterator[tuple[Value, ...]]:
    """The heading and a line an entry, read as they are asked for."""
    yield ("Team", "Day", "Amount", "Note", "Deal", "Source", "Counts")
    fields = ("team__name", "day", "amount", "note", "deal__name", "source", "corrected_by")
    labels = dict(RevenueEntry.Source.choices)
    for *facts, deal, source, correction in rows.values_list(*fields).iterator(chunk_size=2000):
        yield (
            *facts,
            deal or "",
            str(labels.get(source, source)),
            "yes" if correction is None else "no, corrected",
        )


def _months_back(today: date) -> Iterator[date]:
    """First days of months, the present month first."""
    last = today.year * 12 + today.month - 1
    for index in range(last, last - MONTHS, -1):
        yield date(index // 12, index % 12 + 1, 1)
