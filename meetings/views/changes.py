"""What changed for a team between two meetings."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.web.requests import Request
from alignment.web.team_access import readable_team
from meetings.pages.changes import build_page


@require_safe
def changes(request: Request, slug: str) -> HttpResponse:
    team = readable_team(request, slug)
    page = build_page(team, request.user, request.GET, now=timezone.now())
    return render(request, "meetings/changes.html", {"page": page, "team": team})
