"""Wins and losses of a team."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.web.requests import Request
from alignment.web.team_access import readable_team
from deals.pages.wins import build_page


@require_safe
def wins(request: Request, slug: str) -> HttpResponse:
    team = readable_team(request, slug)
    page = build_page(team, request.user, today=team.today(timezone.now()))
    return render(request, "deals/wins.html", {"page": page, "team": team})
