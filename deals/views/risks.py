"""Risks: the list, a new one, the page of one, and how it ended."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.models import Team
from alignment.permissions import can_act
from alignment.rules.formatting import MoneyFormat
from alignment.web.confirm import already_done, confirm_action
from alignment.web.create_once import param, requested_team
from alignment.web.edit import edit_view
from alignment.web.listing import Listing
from alignment.web.requests import Request
from alignment.web.responses import back, require
from deals.forms.risks import CloseRiskForm, RiskForm
from deals.models import Deal, Risk
from deals.pages.lists import count, filter_risks, risk_lines, totals

WHY_NOT = "Only the sales leader’s side can edit risks. You can comment on them or raise an issue."
WHY_NOT_NEW = "Only the CEO’s or the sales leader’s side can add risks."
ABOUT = re.compile(r"deal-([0-9]{1,18})")


@require_safe
def listing(request: Request) -> HttpResponse:
    now, filters = timezone.now(), Listing.of(request)
    rows = filter_risks(filters)
    sums = totals(rows, "exposure", request.user.locale)
    page = filters.page(rows, number=count(sums))
    context = {
        "list": filters,
        "page": page,
        "lines": risk_lines(filters, page.object_list, now),
        "may_add": filters.may(can_act),
        "totals": sums,
    }
    return render(request, "deals/risks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    team = requested_team(request, can_act, WHY_NOT_NEW)
    if not isinstance(team, Team):
        return team
    data = request.POST if request.method == "POST" else None
    form = RiskForm(data, team=team, user=request.user, now=now, deal=requested_deal(request, team))
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:risks"),
        message="Risk added.",
        heading="New risk",
        about=team.name,
        button="Add risk",
        hidden={"team": team.slug, "about": param(request, "about")},
    )


def requested_deal(request: Request, team: Team) -> Deal | None:
    """The deal the risk is about, from `about`, such as deal-7. Raises Http404 for anything else."""
    about = param(request, "about")
    if not about:
        return None
    match = ABOUT.fullmatch(about)
    if match is None:
        raise Http404("A risk is about a deal or an account.")
    return get_object_or_404(Deal, team=team, pk=int(match[1]))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now = timezone.now()
    risk = get_object_or_404(
        Risk.objects.visible_to(request.user).select_related(
            "team__company", "owner", "deal", "created_by", "closed_by"
        ),
        pk=pk,
    )
    require(request.method != "POST" or risk.can_edit(request.user), WHY_NOT)
    data, part = request.POST if request.method == "POST" else None, param(request, "part")
    form = RiskForm(data, instance=risk, team=risk.team, user=request.user, now=now, part=part)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:risk_edit", args=[pk]),
        message="Saved.",
        heading=risk.name,
        template="deals/risk.html",
        risk=risk,
        can_edit=risk.can_edit(request.user),
        m=MoneyFormat(risk.team.currency, request.user.locale),
        embedded=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, pk: int) -> HttpResponse:
    now = timezone.now()
    risk = get_object_or_404(Risk.objects.visible_to(request.user).select_related("team"), pk=pk)
    require(risk.can_edit(request.user), WHY_NOT)
    form = CloseRiskForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        outcome = form.cleaned_data["outcome"]
        risk.close(by=request.user, now=now, outcome=outcome)
        Team.objects.bump_revision(risk.team_id)
        return already_done(risk, "outcome", outcome, "Someone already closed it")

    return confirm_action(
        request,
        form,
        step=step,
        default=reverse("deals:risks"),
        message=f"Closed: {risk.name}.",
        heading=f"Close “{risk.name}”?",
        button="Close risk",
    )


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    risk = get_object_or_404(Risk.objects.visible_to(request.user).select_related("team"), pk=pk)
    require(risk.can_edit(request.user), WHY_NOT)
    risk.reopen(now=timezone.now())
    Team.objects.bump_revision(risk.team_id)
    return back(request, reverse("deals:risks"), message=f"Reopened: {risk.name}.")
