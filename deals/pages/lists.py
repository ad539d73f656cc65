"""Deals, revenue and risks as lists show them: plain values, decided here and not in the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy
from django.urls import reverse

from alignment.models import Company
from alignment.permissions import can_act, can_plan
from alignment.rules.formatting import MoneyFormat
from alignment.web.listing import Listing
from deals.models import Deal, RevenueEntry, Risk
from deals.models.revenue import is_uncorrected

STATES = (("open", "Open"), ("closed", "Won or lost"), ("won", "Won"), ("lost", "Lost"), ("all", "All"))
BANDS = (
    ("", "Any size"),
    ("big", "Big"),
    ("mid", "Mid-size"),
    ("small", "Small"),
    ("none", "No amount"),
)
SORTS = (("close", "Close date"), ("amount", "Amount"), ("name", "Name"))
REVENUE_STATES = (("", "Current"), ("all", "All, with corrected ones"))
RISK_STATES = (("open", "Open"), ("closed", "Closed"), ("all", "All"))
MAX_REPS = 200


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
class DealLine:
    deal: Deal
    m: MoneyFormat
    date_has_passed: bool
    can_pin: bool


def filter_deals(listing: Listing) -> QuerySet[Deal]:
    visible = Deal.objects.visible_to(listing.user).select_related("team__company", "account")
    rows = listing.search(visible, "name_key", "account__name_key", "search_key")
    state = listing.choose("state", "Status", STATES)
    if state != "all":
        rows = rows.exclude(status="open") if state == "closed" else rows.filter(status=state)
    rows = rows.filter(_band(listing.choose("band", "Size", BANDS)))
    rep = listing.choose("rep", "Rep", [("", "All reps"), *((name, name) for name in _reps(listing))])
    rows = rows.filter(owner=rep) if rep else rows
    sort = listing.choose("sort", "Sort by", SORTS)
    return rows.order_by(*_order(sort, newest_first=state not in ("open", "all")))


def _band(band: str) -> Q:
    mid, big = F("team__mid_deal_from"), F("team__big_deal_from")
    bands = {
        "big": Q(amount__gte=big),
        "mid": Q(amount__gte=mid, amount__lt=big),
        "small": Q(amount__lt=mid),
        "none": Q(amount=None),
    }
    return bands.get(band, Q())


def _reps(listing: Listing) -> Iterable[str]:
    rows = listing.filter_by_team(Deal.objects.visible_to(listing.user).exclude(owner=""))
    return rows.order_by("owner").values_list("owner", flat=True).distinct()[:MAX_REPS]


def _order(sort: str, *, newest_first: bool) -> tuple[str | OrderBy, ...]:
    day = F("close_date").desc(nulls_last=True) if newest_first else F("close_date").asc(nulls_last=True)
    if sort == "amount":
        return (F("amount").desc(nulls_last=True), day, "pk")
    return ("name_key", day, "pk") if sort == "name" else (day, "name_key", "pk")


def deal_lines(listing: Listing, deals: Iterable[Deal], now: datetime) -> list[DealLine]:
    return [
        DealLine(
            deal=deal,
            m=listing.money(deal.team),
            date_has_passed=_has_passed(deal, now),
            can_pin=can_act(listing.seat(deal.team_id)),
        )
        for deal in deals
    ]


def _has_passed(deal: Deal, now: datetime) -> bool:
    return (
        deal.status == Deal.Status.OPEN
        and deal.close_date is not None
        and deal.close_date < deal.team.today(now)
    )


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


@dataclass(frozen=True, slots=True)
class RevenueRows:
    """The entries that match a search: those to list, newest first, and of them those that count."""

    listed: QuerySet[RevenueEntry]
    counted: QuerySet[RevenueEntry]

    @classmethod
    def of(cls, listing: Listing, rows: QuerySet[RevenueEntry]) -> RevenueRows:
        rows = rows.order_by("-day", "-pk")
        counted = rows.filter(is_uncorrected())
        return cls(rows if listing.choose("state", "Show", REVENUE_STATES) else counted, counted)


def filter_revenue(listing: Listing) -> RevenueRows:
    visible = RevenueEntry.objects.visible_to(listing.user)
    visible = visible.select_related("team__company", "deal", "created_by", "corrected_by", "corrects")
    return RevenueRows.of(listing, listing.search(visible, "search_key", "deal__name_key"))


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
