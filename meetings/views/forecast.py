"""The forecast of a team."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Team
from alignment.web.requests import Request
from alignment.web.team_access import readable_team
from meetings.pages import forecast_call
from meetings.pages.forecast import build_page


@require_safe
def forecast(request: Request, slug: str) -> HttpResponse:
    team = readable_team(request, slug)
    call = request.GET.get("call", "")
    if call.isascii() and call.isdigit():
        return _call(request, team, int(call))
    page = build_page(team, request.user, today=team.today(timezone.now()))
    return render(request, "meetings/forecast.html", {"page": page, "team": team, "m": page.m})


def _call(request: Request, team: Team, pk: int) -> HttpResponse:
    """What the commit of one call was made of."""
    page = forecast_call.build_page(team, request.user, pk)
    return render(request, "meetings/forecast_call.html", {"page": page, "team": team, "m": page.m})
