"""What delivering a deal takes: entered, changed, removed, told."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.forms.layout import Question
from alignment.models import Team
from alignment.web.confirm import confirm_action
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import back, require
from deals.forms.capacity import CapacityNeedForm
from deals.models import CapacityNeed, Deal

WHY_NOT = "Only the sales leader’s side can say what a deal needs."
WHY_NOT_TELL = "Only the CEO’s or the sales leader’s side can say who was told."


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, pk: int) -> HttpResponseBase:
    deal = get_object_or_404(Deal.objects.visible_to(request.user).select_related("team__company"), pk=pk)
    require(deal.can_edit(request.user), WHY_NOT)
    data = request.POST if request.method == "POST" else None
    form = CapacityNeedForm(data, team=deal.team, user=request.user, now=timezone.now(), deal=deal)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:edit", args=[pk]),
        message="Delivery capacity saved.",
        heading="Delivery capacity",
        label="Delivery capacity",
        about=deal.name,
        button="Save",
    )


def _need(request: Request, pk: int) -> CapacityNeed:
    rows = CapacityNeed.objects.visible_to(request.user).select_related("deal__team__company")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    need = _need(request, pk)
    require(need.can_edit(request.user), WHY_NOT)
    form = CapacityNeedForm(
        request.POST if request.method == "POST" else None,
        instance=need,
        team=need.deal.team,
        user=request.user,
        now=timezone.now(),
        deal=need.deal,
    )
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:edit", args=[need.deal_id]),
        message="Delivery capacity saved.",
        heading="Delivery capacity",
        label="Delivery capacity",
        about=need.deal.name,
        button="Save",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, pk: int) -> HttpResponse:
    need = _need(request, pk)
    require(need.can_edit(request.user), WHY_NOT)

    def step() -> str:
        CapacityNeed.objects.filter(pk=need.pk).delete()
        Team.objects.bump_revision(need.deal.team_id)
        return ""

    return confirm_action(
        request,
        Question(request.POST if request.method == "POST" else None),
        step=step,
        default=reverse("deals:edit", args=[need.deal_id]),
        message=f"Removed: {need.what}",
        heading=f"Remove “{need.what}”?",
        about=need.deal.name,
        button="Remove",
    )


@require_POST
def mark_informed(request: Request, pk: int) -> HttpResponse:
    """Whoever must know was told; with `informed` 0: not yet."""
    need = _need(request, pk)
    require(need.can_tell(request.user), WHY_NOT_TELL)
    if request.POST.get("informed") == "0":
        need.mark_uninformed()
    else:
        need.mark_informed(by=request.user, now=timezone.now())
    return back(request, reverse("deals:edit", args=[need.deal_id]), message="Saved.")
