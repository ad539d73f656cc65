"""The page of one deal: what is known of it, and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from alignment.models import User
from alignment.rules.formatting import MoneyFormat, day, money
from deals.models import Deal, DealChange, RevenueEntry, Risk
from deals.models.revenue import standing
from deals.rules.booking import excess
from deals.rules.changes import Change
from deals.rules.slips import Push, is_date_unreliable, pushes, stated_dates

LABELS = {
    "status": "Status",
    "stage": "Stage",
    "amount": "Amount",
    "close_date": "Close date",
    "owner": "Rep",
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a deal’s history, as its page shows it."""

    on: date
    label: str
    old: str
    new: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class BookedLine:
    """An entry of the deal. What a later entry corrects no longer counts."""

    entry: RevenueEntry
    counts: bool


@dataclass(frozen=True, slots=True)
class DealPage:
    deal: Deal
    m: MoneyFormat
    stated_dates: tuple[date, ...]
    pushes: tuple[Push, ...]
    history: tuple[HistoryLine, ...]
    risks: tuple[Risk, ...]
    revenue: tuple[BookedLine, ...]

    @property
    def excess(self) -> Decimal:
        """How much more is booked than the amount of the won deal."""
        amount = self.deal.amount if self.deal.status == Deal.Status.WON else None
        return excess(amount, [line.entry.amount for line in self.revenue if line.counts])

    @property
    def is_date_unreliable(self) -> bool:
        return self.deal.status == Deal.Status.OPEN and is_date_unreliable(self.pushes)

    @property
    def counted_pushes(self) -> int:
        return sum(push.counts for push in self.pushes)

    @property
    def status_tone(self) -> str:
        return {Deal.Status.WON: "good", Deal.Status.LOST: "bad"}.get(Deal.Status(self.deal.status), "")


def deal_page(deal: Deal, reader: User) -> DealPage:
    m = MoneyFormat(deal.team.currency, reader.locale)
    rows = list(deal.changes.select_related("by"))
    changes = [Change(row.field, row.old, row.new, row.day, row.reason) for row in rows]
    return DealPage(
        deal=deal,
        m=m,
        stated_dates=stated_dates(changes, current=deal.close_date),
        pushes=pushes(changes, first_month=deal.team.company.fiscal_year_start),
        history=tuple(_history(rows, m)),
        risks=tuple(Risk.objects.filter(deal=deal).order_by("-created_at", "pk")),
        revenue=tuple(_booked_lines(deal)),
    )


def _booked_lines(deal: Deal) -> Iterable[BookedLine]:
    entries = list(RevenueEntry.objects.filter(deal=deal).order_by("-pk"))
    counted = standing(entries)
    return (BookedLine(entry, entry in counted) for entry in entries)


def _history(rows: Iterable[DealChange], m: MoneyFormat) -> Iterable[HistoryLine]:
    for row in reversed(list(rows)):
        old, new = (_in_words(row.field, value, m) for value in (row.old, row.new))
        yield HistoryLine(row.day, LABELS[row.field], old, new, row.by.name if row.by else "", row.reason)


def _in_words(name: str, value: str, m: MoneyFormat) -> str:
    if not value:
        return "empty"
    if name == "amount":
        return money(Decimal(value), m)
    if name == "close_date":
        return day(date.fromisoformat(value))
    return Deal.Status(value).label if name == "status" else value
