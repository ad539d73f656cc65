"""Deals: the list, a new one, the page of one."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.models import Team, User
from alignment.permissions import can_plan
from alignment.rules.formatting import MoneyFormat, compact
from alignment.web.create_once import requested_team
from alignment.web.edit import edit_view
from alignment.web.listing import Listing
from alignment.web.requests import Request
from alignment.web.responses import back, require
from deals.forms.deals import DealForm
from deals.models import Deal
from deals.pages.deal import deal_page
from deals.pages.lists import count, deal_lines, filter_deals, totals

WHY_NOT = "Only the sales leader’s side can edit deals. You can comment on them or raise an issue."


@require_safe
def listing(request: Request) -> HttpResponse:
    now, filters = timezone.now(), Listing.of(request)
    rows = filter_deals(filters)
    sums = totals(rows, "amount", request.user.locale)
    page = filters.page(rows, number=count(sums))
    context = {
        "list": filters,
        "page": page,
        "lines": deal_lines(filters, page.object_list, now),
        "may_add": filters.may(can_plan),
        "totals": sums,
    }
    return render(request, "deals/list.html", context)


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


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now = timezone.now()
    deal = get_object_or_404(
        Deal.objects.visible_to(request.user).select_related("team__company", "account"), pk=pk
    )
    require(request.method != "POST" or deal.can_edit(request.user), WHY_NOT)
    data, part = (request.POST, request.POST.get("part", "")) if request.method == "POST" else (None, "")
    form = DealForm(data, instance=deal, team=deal.team, user=request.user, now=now, part=part)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:edit", args=[pk]),
        message="Saved.",
        heading=deal.name,
        template="deals/deal.html",
        page=SimpleLazyObject(lambda: deal_page(deal, request.user)),
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
