"""The first look at a team's deals."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Team
from alignment.permissions import can_act, has_permission
from alignment.web.requests import Request
from alignment.web.responses import require
from deals.forms.first_look import TrialGoalForm
from deals.pages.first_look import build_page

WHY_NOT = "Only the CEO’s and the sales leader’s side read the first look at a team’s deals."


@require_safe
def first_look(request: Request, slug: str) -> HttpResponse:
    team = get_object_or_404(Team.objects.visible_to(request.user).select_related("company"), slug=slug)
    require(has_permission(request.user, team, can_act), WHY_NOT)
    form = TrialGoalForm(request.GET if "goal" in request.GET else None, team=team, reader=request.user)
    goal = form.cleaned_data["goal"] if form.is_valid() else None
    page = build_page(team, request.user, today=team.today(timezone.now()), goal=goal)
    return render(request, "deals/first_look.html", {"page": page, "form": form, "team": team})
