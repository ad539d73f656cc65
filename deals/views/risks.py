"""Risks: the list, a new one, the page of one, and how it ended."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.access import Request, acts
from alignment.asking import already, ask
from alignment.creating import asked, team_for
from alignment.lists import Listing
from alignment.models import Team
from alignment.saving import allow, answer, back
from alignment.templatetags.figures import MoneyFormat
from deals.forms.risks import CloseRiskForm, RiskForm
from deals.lists import risk_lines, risks_asked, totals
from deals.models import Deal, Risk

WHY_NOT = "Risks are kept by the sales leader’s side. You can comment on them, or raise an issue."
WHY_NOT_NEW = "Risks are added by the CEO’s or the leader’s side."
ABOUT = re.compile(r"deal-([0-9]{1,18})")


@require_safe
def listing(request: Request) -> HttpResponse:
    now, asked = timezone.now(), Listing.of(request)
    rows = risks_asked(asked)
    page = asked.page(rows)
    context = {
        "list": asked, "page": page, "lines": risk_lines(asked, page.object_list, now), "may_add": asked.may(acts),
        "totals": totals(rows, "exposure", request.user.locale),
    }  # fmt: skip
    return render(request, "deals/risks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    team = team_for(request, acts, WHY_NOT_NEW)
    if not isinstance(team, Team):
        return team
    data = request.POST if request.method == "POST" else None
    form = RiskForm(data, team=team, user=request.user, now=now, deal=deal_asked(request, team))
    return answer(
        request, form, save=form.write, default=reverse("deals:risks"), said="The risk is added.",
        heading="A new risk", about=team.name, button="Add the risk",
        hidden={"team": team.slug, "about": asked(request, "about")},
    )  # fmt: skip


def deal_asked(request: Request, team: Team) -> Deal | None:
    """The deal the risk is about, from `about`, such as deal-7. Anything else is not found."""
    about = asked(request, "about")
    if not about:
        return None
    named = ABOUT.fullmatch(about)
    if named is None:
        raise Http404("A risk is about a deal or an account.")
    return get_object_or_404(Deal, team=team, pk=int(named[1]))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now = timezone.now()
    risk = get_object_or_404(
        Risk.objects.visible_to(request.user).select_related(
            "team__company", "owner", "deal", "created_by", "closed_by"
        ),
        pk=pk,
    )
    allow(request.method != "POST" or risk.can_edit(request.user), WHY_NOT)
    data, part = (request.POST, request.POST.get("part", "")) if request.method == "POST" else (None, "")
    form = RiskForm(data, instance=risk, team=risk.team, user=request.user, now=now, part=part)
    return answer(
        request, form, save=form.write, default=reverse("deals:risk_edit", args=[pk]), said="Saved.", heading=risk.name,
        template="deals/risk.html",
        risk=risk, can_edit=risk.can_edit(request.user), m=MoneyFormat(risk.team.currency, request.user.locale),
        embedded=True,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, pk: int) -> HttpResponse:
    now = timezone.now()
    risk = get_object_or_404(Risk.objects.visible_to(request.user).select_related("team"), pk=pk)
    allow(risk.can_edit(request.user), WHY_NOT)
    form = CloseRiskForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        outcome = form.cleaned_data["outcome"]
        risk.close(by=request.user, now=now, outcome=outcome)
        Team.objects.stir(risk.team_id)
        return already(risk, "outcome", outcome, "Somebody closed it before you")

    return ask(
        request, form, step=step, default=reverse("deals:risks"), said=f"Closed: {risk.name}.",
        heading=f"Close “{risk.name}”?", button="Close the risk",
    )  # fmt: skip


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    risk = get_object_or_404(Risk.objects.visible_to(request.user).select_related("team"), pk=pk)
    allow(risk.can_edit(request.user), WHY_NOT)
    risk.reopen(now=timezone.now())
    Team.objects.stir(risk.team_id)
    return back(request, reverse("deals:risks"), said=f"Open again: {risk.name}.")
