"""The first page of a company's setup: what is still missing, or what an admin must look at."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.access import Request
from alignment.models import Company
from alignment.saving import allow
from alignment.setup import FOR_ADMINS, company_for
from meetings.overview import overview


@require_safe
def choose(request: Request) -> HttpResponse:
    """Straight to the one company, or a choice of several."""
    mine = Company.objects.filter(memberships__user=request.user, memberships__is_admin=True)
    companies = list(mine.order_by("name", "pk"))
    allow(bool(companies), FOR_ADMINS)
    if len(companies) == 1:
        return redirect("meetings:setup", companies[0].slug)
    return render(request, "setup/choose.html", {"companies": companies})


@require_safe
def setup(request: Request, company: str) -> HttpResponse:
    """Nothing of it is stored, so it can be left and taken up again."""
    row = company_for(request, company)
    told = overview(row, timezone.now())
    about = told.about if told.is_running else ""
    context = {"company": row, "heading": "Setup", "about": about, "overview": told, "runs": told.is_running}
    return render(request, "setup/overview.html", context)
