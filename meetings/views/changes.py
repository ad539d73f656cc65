"""What changed for a team between two meetings."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Team
from alignment.web.requests import Request
from meetings.pages.changes import build_page


@require_safe
def changes(request: Request, slug: str) -> HttpResponse:
    team = get_object_or_404(Team.objects.read_by(request.user).select_related("company"), slug=slug)
    page = build_page(team, request.user, request.GET, now=timezone.now())
    return render(request, "meetings/changes.html", {"page": page, "team": team})
