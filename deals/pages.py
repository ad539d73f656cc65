"""The page of one deal: what is known of it, and everything it was before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from alignment.models import User
from alignment.templatetags.figures import MoneyFormat, day, money
from deals.models import Deal, DealChange, RevenueEntry, Risk
from deals.promises import Change, Push, date_is_fiction, promised_dates, pushes

LABELS = {
    "status": "Where it stands",
    "stage": "Stage",
    "amount": "Amount",
    "close_date": "Close date",
    "owner": "Rep",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of a deal's history, as it is read."""

    on: date
    label: str
    old: str
    new: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class DealPage:
    deal: Deal
    m: MoneyFormat
    trail: tuple[date, ...]
    pushed: tuple[Push, ...]
    history: tuple[Changed, ...]
    risks: tuple[Risk, ...]
    revenue: tuple[RevenueEntry, ...]

    @property
    def date_is_fiction(self) -> bool:
        return self.deal.status == Deal.Status.OPEN and date_is_fiction(self.pushed)

    @property
    def pushes_that_count(self) -> int:
        return sum(push.counts for push in self.pushed)

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
        trail=promised_dates(changes, current=deal.close_date),
        pushed=pushes(changes, first_month=deal.team.company.fiscal_year_start),
        history=tuple(_history(rows, m)),
        risks=tuple(Risk.objects.filter(deal=deal).order_by("-created_at", "pk")),
        revenue=tuple(RevenueEntry.objects.filter(deal=deal).order_by("-pk")),
    )


def _history(rows: Iterable[DealChange], m: MoneyFormat) -> Iterable[Changed]:
    for row in reversed(list(rows)):
        old, new = (_in_words(row.field, value, m) for value in (row.old, row.new))
        yield Changed(row.day, LABELS[row.field], old, new, row.by.name if row.by else "", row.reason)


def _in_words(name: str, value: str, m: MoneyFormat) -> str:
    if not value:
        return "nothing"
    if name == "amount":
        return money(Decimal(value), m)
    if name == "close_date":
        return day(date.fromisoformat(value))
    return Deal.Status(value).label if name == "status" else value
