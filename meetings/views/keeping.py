"""How the meetings are kept, over all the teams a reader may see: facts alone, so admins read it too."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.access import Request
from meetings.keeping import keeping


@require_safe
def keeping_page(request: Request) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    told = keeping(request.user, timezone.now(), query=query)
    parts = (
        ("Teams", told.teams),
        ("CEOs, over all their teams", told.ceos),
        ("Sales leaders", told.leaders),
    )
    return render(
        request,
        "meetings/keeping.html",
        {"parts": parts, "query": query, "any": any(lines for _, lines in parts)},
    )
