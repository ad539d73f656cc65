"""Deals: the list, a new one, the page of one."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.access import Request, plans
from alignment.creating import team_for
from alignment.models import Team
from alignment.saving import allow, answer, back
from deals.forms.deals import DealForm
from deals.models import Deal

WHY_NOT = "Deals are kept by the sales leader’s side. You can comment on them, or raise an issue."


@require_safe
def listing(request: Request) -> HttpResponse:
    return render(request, "deals/list.html", {"deals": Deal.objects.visible_to(request.user)})


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
