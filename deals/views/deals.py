"""Deals: the list, a new one, the page of one."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.access import Request, plans
from alignment.creating import team_for
from alignment.lists import Listing
from alignment.models import Team
from alignment.saving import allow, answer, back
from deals.forms.deals import DealForm
from deals.lists import deal_lines, deals_asked, totals
from deals.models import Deal
from deals.pages import deal_page

WHY_NOT = "Deals are kept by the sales leader’s side. You can comment on them, or raise an issue."


@require_safe
def listing(request: Request) -> HttpResponse:
    now, asked = timezone.now(), Listing.of(request)
    rows = deals_asked(asked)
    page = asked.page(rows)
    context = {
        "list": asked, "page": page, "lines": deal_lines(asked, page.object_list, now), "may_add": asked.may(plans),
        "totals": totals(rows, "amount", request.user.locale),
    }  # fmt: skip
    return render(request, "deals/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    team = team_for(request, plans, WHY_NOT)
    if not isinstance(team, Team):
        return team
    form = DealForm(request.POST if request.method == "POST" else None, team=team, user=request.user, now=now)
    return answer(
        request, form, save=form.write, default=reverse("deals:list"), said="The deal is added.",
        heading="A new deal", about=team.name, button="Add the deal", hidden={"team": team.slug},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now = timezone.now()
    deal = get_object_or_404(
        Deal.objects.visible_to(request.user).select_related("team__company", "account"), pk=pk
    )
    allow(request.method != "POST" or deal.can_edit(request.user), WHY_NOT)
    data, part = (request.POST, request.POST.get("part", "")) if request.method == "POST" else (None, "")
    form = DealForm(data, instance=deal, team=deal.team, user=request.user, now=now, part=part)
    return answer(
        request, form, save=form.write, default=reverse("deals:edit", args=[pk]), said="Saved.", heading=deal.name,
        template="deals/deal.html",
        page=SimpleLazyObject(lambda: deal_page(deal, request.user)), can_edit=deal.can_edit(request.user),
        can_pin=deal.can_pin(request.user),
        embedded=True,
    )  # fmt: skip


@require_POST
def pin(request: Request, pk: int) -> HttpResponse:
    """Show it as a big deal whatever its size: `pin` 1 or 0; without it, the other way round."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user).select_related("team"), pk=pk)
    allow(deal.can_pin(request.user), "Deals are pinned by the CEO’s or the leader’s side.")
    asked = request.POST.get("pin", "")
    pinned = asked == "1" if asked in ("0", "1") else deal.pinned_at is None
    deal.pin(timezone.now() if pinned else None)
    said = "Pinned: it stands among the big deals." if pinned else "No longer pinned."
    return back(request, reverse("deals:list"), said=said)
