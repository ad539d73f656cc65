"""The pipeline of a team."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.web.requests import Request
from alignment.web.team_access import readable_team
from deals.pages.pipeline import build_deal_page, build_page


@require_safe
def pipeline(request: Request, slug: str) -> HttpResponse:
    team = readable_team(request, slug)
    now = timezone.now()
    behind = build_deal_page(team, request.user, request.GET, now=now) if "show" in request.GET else None
    if behind:
        return render(request, "deals/pipeline_behind.html", {"behind": behind, "team": team})
    page = build_page(team, request.user, now=now)
    return render(request, "deals/pipeline.html", {"page": page, "team": team})
