"""Deals, revenue and risks as lists show them: plain values, decided here and not in the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse

from alignment.models import Company
from alignment.permissions import can_act, can_plan
from alignment.rules.formatting import MoneyFormat
from alignment.rules.money import show_original
from alignment.rules.revenue_kinds import RevenueKind
from alignment.web.listing import Listing
from deals.models import Deal, RevenueEntry, Risk
from deals.models.revenue import is_uncorrected
from deals.pages.spans import days_label, revenue_days
from deals.rules.spans import DaySpan

REVENUE_STATES = (("", "Current"), ("all", "All, with corrected ones"))
REVENUE_KINDS = (("", "What counts for the goal"), *RevenueKind.choices)
RISK_STATES = (("open", "Open"), ("closed", "Closed"), ("all", "All"))


@dataclass(frozen=True, slots=True)
class Total:
    """A sum in one currency."""

    number: int
    amount: Decimal
    m: MoneyFormat


def totals(
    rows: QuerySet[Deal] | QuerySet[Risk] | QuerySet[RevenueEntry], amount: str, locale: str
) -> list[Total]:
    """How many, and how much in each currency."""
    by_currency = rows.order_by().values_list("team__company__currency")
    sums = by_currency.annotate(number=Count("pk"), total=Sum(amount)).order_by("team__company__currency")
    return [Total(number, total or Decimal(0), MoneyFormat(code, locale)) for code, number, total in sums]


def count(sums: Iterable[Total]) -> int:
    return sum(total.number for total in sums)


@dataclass(frozen=True, slots=True)
class RevenueLine:
    entry: RevenueEntry
    m: MoneyFormat
    is_current: bool
    correct_url: str
    """The address to correct it; empty for whoever may not, and for an entry that was corrected."""
    can_open_deal: bool

    @property
    def can_correct(self) -> bool:
        return bool(self.correct_url)

    @property
    def original(self) -> str:
        """The amount in its own currency and the rate; empty where it was ours from the start."""
        return original_of(self.entry, self.m.locale)

    @property
    def counts(self) -> bool:
        """Whether it is of the kind that the team's goal is made of."""
        return self.entry.kind == self.entry.team.revenue_kind


def original_of(entry: RevenueEntry, locale: str) -> str:
    if entry.original_amount is None or entry.rate is None:
        return ""
    currency = entry.original_currency
    return show_original(entry.original_amount, currency=currency, rate=entry.rate, locale=locale)


@dataclass(frozen=True, slots=True)
class RevenueRows:
    """The entries that match a search: those to list, newest first, and of them those that stand.

    All count for the goal of their team, unless one kind is looked at; two kinds are never added up.
    """

    listed: QuerySet[RevenueEntry]
    counted: QuerySet[RevenueEntry]

    @classmethod
    def of(cls, listing: Listing, rows: QuerySet[RevenueEntry]) -> RevenueRows:
        kind = listing.choose("revenue", "Revenue", REVENUE_KINDS)
        rows = rows.filter(kind=kind or F("team__revenue_kind")).order_by("-day", "-pk")
        counted = rows.filter(is_uncorrected())
        return cls(rows if listing.choose("state", "Show", REVENUE_STATES) else counted, counted)


def filter_revenue(listing: Listing, now: datetime) -> RevenueRows:
    visible = RevenueEntry.objects.visible_to(listing.user)
    visible = visible.select_related("team__company", "deal", "created_by", "corrected_by", "corrects")
    rows = listing.search(visible, "search_key", "deal__name_key")
    days = listing.choose("days", "Days", revenue_days(listing, now), other=days_label(listing))
    return RevenueRows.of(listing, rows.filter(_in_days(days)))


def _in_days(days: str) -> Q:
    span = DaySpan.parse(days)
    return Q(day__range=(span.first, span.last)) if span else Q()


def revenue_lines(
    listing: Listing, entries: Iterable[RevenueEntry], *, admin: Company | None = None
) -> list[RevenueLine]:
    """`admin`: the company whose setup page it is, where its admins may correct every entry."""
    lines = []
    for entry in entries:
        is_current, seat, url = not hasattr(entry, "corrected_by"), listing.seats.get(entry.team_id), ""
        if is_current and admin is not None:
            url = reverse("deals:setup_revenue_correct", args=(admin.slug, entry.pk))
        elif is_current and seat is not None and can_plan(seat):
            url = reverse("deals:revenue_correct", args=(entry.pk,))
        lines.append(RevenueLine(entry, listing.money(entry.team), is_current, url, seat is not None))
    return lines


@dataclass(frozen=True, slots=True)
class RiskLine:
    risk: Risk
    m: MoneyFormat
    days_open: int
    overdue: bool
    can_close: bool

    @property
    def weeks_open(self) -> int:
        """Whole weeks from the second on; before, days say more."""
        return self.days_open // 7 if self.days_open >= 14 else 0


def filter_risks(listing: Listing) -> QuerySet[Risk]:
    visible = Risk.objects.visible_to(listing.user).select_related("team__company", "owner")
    rows = listing.search(visible, "search_key")
    state = listing.choose("state", "Status", RISK_STATES)
    if state != "all":
        rows = rows.filter(closed_at__isnull=state == "open")
    if state == "closed":
        return rows.order_by("-closed_at", "pk")
    return rows.order_by(F("closed_at").asc(nulls_first=True), F("exposure").desc(nulls_last=True), "pk")


def risk_lines(listing: Listing, risks: Iterable[Risk], now: datetime) -> list[RiskLine]:
    return [
        RiskLine(
            risk=risk,
            m=listing.money(risk.team),
            days_open=max(0, ((risk.closed_at or now) - risk.created_at).days),
            overdue=risk.closed_at is None and risk.due is not None and risk.due < risk.team.today(now),
            can_close=_can_close(listing, risk),
        )
        for risk in risks
    ]


def _can_close(listing: Listing, risk: Risk) -> bool:
    seat = listing.seat(risk.team_id)
    return can_plan(seat) or (risk.created_by_id == listing.user.pk and can_act(seat))
