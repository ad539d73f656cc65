"""The attendance report of all teams the reader may see: only facts, so admins read it too."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.web.requests import Request
from meetings.discipline.report import build_attendance_report


@require_safe
def attendance_report(request: Request) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    report = build_attendance_report(request.user, timezone.now(), query=query)
    parts = (
        ("Teams", report.teams),
        ("CEOs, across all their teams", report.ceos),
        ("Sales leaders", report.leaders),
    )
    return render(
        request,
        "meetings/attendance_report.html",
        {"parts": parts, "query": query, "any": any(lines for _, lines in parts)},
    )
