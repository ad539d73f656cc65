"""A deal that is another one: merged into it, and taken out again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.rules.formatting import MoneyFormat
from alignment.web.confirm import confirm_action
from alignment.web.create_once import param
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from deals.forms.same_deals import MergeForm
from deals.models import Deal
from deals.same_deals.candidates import MOST_FOUND, candidates_of, find_deals
from deals.same_deals.merging import MergeError, merge_deals, separate_deal
from deals.views.deals import WHY_NOT


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request, pk: int) -> HttpResponse:
    """Choose the deal that this one is, and merge it into that. `q` finds others by their name."""
    deal, words = _editable(request, pk), param(request, "q").strip()
    m = MoneyFormat(deal.team.currency, request.user.locale)
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, deal=deal, deals=_offered(request, deal, words), m=m)

    def step() -> str:
        try:
            merge_deals(deal, form.selected, by=request.user, now=timezone.now())
        except MergeError as why:
            return str(why)
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=reverse("deals:edit", args=[pk]),
        message=f"{deal} was merged. You can take it out again below.",
        heading=f"Is {deal} the same deal as another?",
        button="Merge into the selected deal",
        template="deals/merge.html",
        deal=deal,
        words=words,
        most=MOST_FOUND,
        m=m,
    )


@require_POST
def separate(request: Request, pk: int) -> HttpResponse:
    """Undo of merging."""
    deal = _editable(request, pk)
    address = reverse("deals:edit", args=[pk])
    try:
        separate_deal(deal, by=request.user, now=timezone.now())
    except MergeError as why:
        return refuse(request, address, str(why))
    return back(request, address, message=f"{deal} is a deal of its own again.")


def _offered(request: Request, deal: Deal, words: str) -> list[Deal]:
    """What is proposed and what was found; of a form that is sent, the one selected, by its number."""
    if request.method == "POST":
        selected = request.POST.get("into", "")
        others = Deal.objects.visible_to(request.user).filter(team=deal.team_id).exclude(pk=deal.pk)
        named = others.select_related("account", "rep")
        return list(named.filter(pk=int(selected))) if selected.isdecimal() and len(selected) < 19 else []
    return find_deals(deal, words) if words else candidates_of(deal)


def _editable(request: Request, pk: int) -> Deal:
    visible = Deal.objects.visible_to(request.user).select_related("team__company", "account", "rep")
    deal = get_object_or_404(visible, pk=pk)
    require(deal.can_edit(request.user), WHY_NOT)
    return deal
