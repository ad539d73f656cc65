"""Deals: the list, a new one, the page of one."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.models import Team, User
from alignment.permissions import can_plan
from alignment.rules.formatting import MoneyFormat, compact
from alignment.web.create_once import param, requested_team
from alignment.web.edit import edit_view
from alignment.web.list_memory import FORGOTTEN, forget_filters, remember_filters, requested_filters
from alignment.web.listing import Listing
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from deals.forms.deals import DealForm
from deals.forms.outcomes import OutcomeForm
from deals.models import Deal
from deals.pages.deal import deal_page
from deals.pages.deal_list import (
    ENDS_WITHIN_DAYS,
    deal_lines,
    deal_table,
    ending_contracts,
    filter_deals,
)
from deals.pages.lists import count, totals
from deals.tables.writer import as_file

LIST = "deals"
PART_LABELS = {"step": "Next step", "facts": "Type, source, forecast, contract end"}
WHY_NOT = "Only the sales leader’s side can edit deals. You can comment on them or raise an issue."


@require_safe
def listing(request: Request) -> HttpResponse:
    if FORGOTTEN in request.GET:
        return forget_filters(request, LIST)
    now, filters = timezone.now(), Listing.of(request, requested_filters(request, LIST))
    rows = filter_deals(filters, now)
    sums = totals(rows, "amount", request.user.locale)
    page = filters.page(rows, number=count(sums))
    context = {
        "list": filters,
        "page": page,
        "lines": deal_lines(filters, page.object_list, now),
        "may_add": filters.may(can_plan),
        "totals": sums,
        "ending": ending_contracts(filters, now),
        "ends_within_days": ENDS_WITHIN_DAYS,
    }
    response = render(request, "deals/list.html", context)
    remember_filters(response, request, LIST, filters.selects)
    return response


@require_safe
def download(request: Request) -> HttpResponseBase:
    """The list as a CSV file: the rows of its filters, all of them."""
    now, filters = timezone.now(), Listing.of(request)
    rows = filter_deals(filters, now)
    return as_file(deal_table(rows), name=f"deals-{filters.today(now):%Y-%m-%d}", kind="csv")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    team = requested_team(request, can_plan, WHY_NOT)
    if not isinstance(team, Team):
        return team
    form = DealForm(request.POST if request.method == "POST" else None, team=team, user=request.user, now=now)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:list"),
        message=f"Deal added. {_where_it_is(team, request.user)}",
        heading="New deal",
        about=team.name,
        button="Add deal",
        hidden={"team": team.slug},
    )


def _where_it_is(team: Team, user: User) -> str:
    amount = compact(team.big_deal_from, MoneyFormat(team.currency, user.locale))
    return f"It is in the list of deals; the meeting shows deals from {amount} and those you pin."


def _deal(request: Request, pk: int) -> Deal:
    visible = Deal.objects.visible_to(request.user)
    named = visible.select_related("team__company", "account", "rep", "pipeline", "merged_into")
    return get_object_or_404(named, pk=pk)


def lead_on(request: Request, deal: Deal) -> HttpResponse:
    """To the deal that this one went into. What was sent to this one changes nothing."""
    address = reverse("deals:edit", args=[deal.merged_into_id])
    if request.method == "POST":
        return refuse(request, address, f"{deal} went into this deal meanwhile. Nothing was changed.")
    return redirect(address)


@require_http_methods(["GET", "HEAD", "POST"])
def won(request: Request, pk: int) -> HttpResponseBase:
    """It is won: the day, the amount, who earned it and what won it."""
    return _happened(request, _deal(request, pk), "won", "Won", "Won: {}.")


@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: Request, pk: int) -> HttpResponseBase:
    """It is lost: the day, and why."""
    return _happened(request, _deal(request, pk), "lost", "Lost", "Lost: {}.")


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: int) -> HttpResponseBase:
    """It closes on another day: which, and why."""
    return _happened(request, _deal(request, pk), "date", "Move date", "New close date for {}.")


def _happened(request: Request, deal: Deal, part: str, label: str, message: str) -> HttpResponseBase:
    now = timezone.now()
    if deal.merged_into:
        return lead_on(request, deal)
    require(deal.can_edit(request.user), WHY_NOT)
    data = request.POST if request.method == "POST" else None
    form = OutcomeForm(data, instance=deal, team=deal.team, user=request.user, now=now, part=part)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:edit", args=[deal.pk]),
        message=message.format(deal),
        label=label,
        heading=f"{label}: {deal}",
        about=deal.account.name if deal.account else deal.team.name,
        button=label,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now, deal = timezone.now(), _deal(request, pk)
    if deal.merged_into:
        return lead_on(request, deal)
    require(request.method != "POST" or deal.can_edit(request.user), WHY_NOT)
    data, part = request.POST if request.method == "POST" else None, param(request, "part")
    form = DealForm(data, instance=deal, team=deal.team, user=request.user, now=now, part=part)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:edit", args=[pk]),
        message="Saved.",
        heading=deal.name,
        label=PART_LABELS.get(part, ""),
        template="deals/deal.html",
        page=SimpleLazyObject(lambda: deal_page(deal, request.user, now)),
        can_edit=deal.can_edit(request.user),
        can_pin=deal.can_pin(request.user),
        embedded=True,
    )


@require_POST
def pin(request: Request, pk: int) -> HttpResponse:
    """Show it as a big deal whatever its size: `pin` is 1 or 0; without it, pinning is toggled."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user).select_related("team"), pk=pk)
    require(deal.can_pin(request.user), "Only the CEO’s or the sales leader’s side can pin deals.")
    choice = request.POST.get("pin", "")
    pinned = choice == "1" if choice in ("0", "1") else deal.pinned_at is None
    deal.pin(timezone.now() if pinned else None)
    message = "Pinned: it is now shown with the big deals." if pinned else "Unpinned."
    return back(request, reverse("deals:list"), message=message)
