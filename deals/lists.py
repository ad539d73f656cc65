"""Deals and risks as lists show them: plain values, decided here and not in the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy
from django.urls import reverse

from alignment.access import acts, plans
from alignment.lists import Listing
from alignment.models import Company
from alignment.templatetags.figures import MoneyFormat
from deals.models import Deal, RevenueEntry, Risk

STATES = (("open", "Open"), ("closed", "Won and lost"), ("won", "Won"), ("lost", "Lost"), ("all", "All"))
BANDS = (
    ("", "Any size"),
    ("big", "Big"),
    ("mid", "Middle"),
    ("small", "Small"),
    ("none", "Without an amount"),
)
SORTS = (("close", "Close date"), ("amount", "Amount"), ("name", "Name"))
RISK_STATES = (("open", "Open"), ("closed", "Closed"), ("all", "All"))
REPS = 200


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
    by = rows.order_by().values_list("team__company__currency")
    found = by.annotate(number=Count("pk"), total=Sum(amount)).order_by("team__company__currency")
    return [Total(number, total or Decimal(0), MoneyFormat(code, locale)) for code, number, total in found]


@dataclass(frozen=True, slots=True)
class DealLine:
    deal: Deal
    m: MoneyFormat
    date_has_passed: bool
    can_pin: bool


def deals_asked(listing: Listing) -> QuerySet[Deal]:
    seen = Deal.objects.visible_to(listing.user).select_related("team__company", "account")
    rows = listing.found(seen, "name", "account__name", "owner", "stage")
    state = listing.choose("state", "Which", STATES)
    if state != "all":
        rows = rows.exclude(status="open") if state == "closed" else rows.filter(status=state)
    rows = rows.filter(_band(listing.choose("band", "Size", BANDS)))
    rep = listing.choose("rep", "Rep", [("", "All reps"), *((name, name) for name in _reps(listing))])
    rows = rows.filter(owner=rep) if rep else rows
    return rows.order_by(
        *_order(listing.choose("sort", "Order", SORTS), newest_first=state not in ("open", "all"))
    )


def _band(band: str) -> Q:
    mid, big = F("team__mid_deal_from"), F("team__big_deal_from")
    return {
        "big": Q(amount__gte=big), "mid": Q(amount__gte=mid, amount__lt=big), "small": Q(amount__lt=mid), "none": Q(amount=None)
    }.get(band, Q())  # fmt: skip


def _reps(listing: Listing) -> Iterable[str]:
    rows = listing.found_of_team(Deal.objects.visible_to(listing.user).exclude(owner=""))
    return rows.order_by("owner").values_list("owner", flat=True).distinct()[:REPS]


def _order(sort: str, *, newest_first: bool) -> tuple[str | OrderBy, ...]:
    day = F("close_date").desc(nulls_last=True) if newest_first else F("close_date").asc(nulls_last=True)
    if sort == "amount":
        return (F("amount").desc(nulls_last=True), day, "pk")
    return ("name", day, "pk") if sort == "name" else (day, "name", "pk")


def deal_lines(listing: Listing, deals: Iterable[Deal], now: datetime) -> list[DealLine]:
    return [
        DealLine(
            deal=deal,
            m=listing.money(deal.team),
            date_has_passed=_has_passed(deal, now),
            can_pin=acts(listing.seat(deal.team_id)),
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
    stands: bool
    correct_at: str
    """Where it is corrected; empty for whoever may not, and once it was."""

    @property
    def can_correct(self) -> bool:
        return bool(self.correct_at)


def revenue_asked(listing: Listing) -> QuerySet[RevenueEntry]:
    seen = RevenueEntry.objects.visible_to(listing.user)
    seen = seen.select_related("team__company", "deal", "created_by", "corrected_by", "corrects")
    found = listing.found(seen, "note", "deal__name")
    if listing.choose("state", "Which", (("", "What counts"), ("all", "Corrected ones too"))) == "":
        found = found.filter(corrected_by=None)
    return found.order_by("-day", "-pk")


def revenue_lines(
    listing: Listing, entries: Iterable[RevenueEntry], *, admin: Company | None = None
) -> list[RevenueLine]:
    """`admin`: the company whose setup it is; its admins correct every entry there."""
    lines = []
    for entry in entries:
        stands, seat, at = not hasattr(entry, "corrected_by"), listing.seats.get(entry.team_id), ""
        if stands and admin is not None:
            at = reverse("deals:setup_revenue_correct", args=(admin.slug, entry.pk))
        elif stands and seat is not None and plans(seat):
            at = reverse("deals:revenue_correct", args=(entry.pk,))
        lines.append(RevenueLine(entry, listing.money(entry.team), stands, at))
    return lines


@dataclass(frozen=True, slots=True)
class RiskLine:
    risk: Risk
    m: MoneyFormat
    weeks_open: int
    overdue: bool
    can_close: bool


def risks_asked(listing: Listing) -> QuerySet[Risk]:
    seen = Risk.objects.visible_to(listing.user).select_related("team__company", "owner")
    rows = listing.found(seen, "name", "what_is_wrong", "action")
    state = listing.choose("state", "Which", RISK_STATES)
    if state != "all":
        rows = rows.filter(closed_at__isnull=state == "open")
    largest = F("exposure").desc(nulls_last=True)
    return (
        rows.order_by("-closed_at", "pk")
        if state == "closed"
        else rows.order_by(F("closed_at").asc(nulls_first=True), largest, "pk")
    )


def risk_lines(listing: Listing, risks: Iterable[Risk], now: datetime) -> list[RiskLine]:
    return [
        RiskLine(
            risk=risk,
            m=listing.money(risk.team),
            weeks_open=max(0, ((risk.closed_at or now) - risk.created_at).days // 7),
            overdue=risk.closed_at is None and risk.due is not None and risk.due < risk.team.today(now),
            can_close=_can_close(listing, risk),
        )
        for risk in risks
    ]


def _can_close(listing: Listing, risk: Risk) -> bool:
    seat = listing.seat(risk.team_id)
    return plans(seat) or (risk.created_by_id == listing.user.pk and acts(seat))
