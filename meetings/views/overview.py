"""The overview: the teams of a company in figures, for people without a seat."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Team
from alignment.web.requests import Request
from deals.tables.writer import as_file
from meetings.pages.overview import Overview, overview_lines, read_overview


@require_safe
def overview(request: Request) -> HttpResponse:
    """With `sort` in another order. 404 for whoever does not read the overview of any company."""
    page = _overview(request, timezone.now())
    former = Team.objects.remembered_by(request.user).order_by("name_key", "pk")
    return render(request, "meetings/overview/page.html", {"overview": page, "former": former})


@require_safe
def overview_file(request: Request) -> HttpResponseBase:
    """The same as CSV."""
    lines = overview_lines(_overview(request, timezone.now()))
    return as_file(lines, name=f"overview-{timezone.localdate():%Y-%m-%d}", kind="csv")


def _overview(request: Request, now: datetime) -> Overview:
    if not request.user.reads_overview:
        raise Http404("There is no overview to read.")
    return read_overview(request.user, now, sort=request.GET.get("sort", ""))
