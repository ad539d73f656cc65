"""Wins and losses of a team."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Team
from alignment.web.requests import Request
from deals.pages.wins import build_page


@require_safe
def wins(request: Request, slug: str) -> HttpResponse:
    team = get_object_or_404(Team.objects.read_by(request.user).select_related("company"), slug=slug)
    page = build_page(team, request.user, today=team.today(timezone.now()))
    return render(request, "deals/wins.html", {"page": page, "team": team})
