"""The overview of a company's setup: what is missing, or what needs an admin."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Company
from alignment.people.whom_to_ask import admins_of, ask
from alignment.permissions import seats_of
from alignment.web.company_access import FOR_ADMINS, company_for
from alignment.web.requests import Request
from meetings.setup.queries import overview


@require_safe
def choose(request: Request) -> HttpResponse:
    """Redirect to the only company, or let the admin choose."""
    mine = Company.objects.filter(memberships__user=request.user, memberships__is_admin=True)
    companies = list(mine.order_by("name_key", "pk"))
    if not companies:
        theirs = [seat.team.company for seat in seats_of(request.user)]
        raise PermissionDenied(f"{FOR_ADMINS} {ask(admins_of(theirs), otherwise='')}".strip())
    if len(companies) == 1:
        return redirect("meetings:setup", companies[0].slug)
    return render(request, "setup/choose.html", {"companies": companies})


@require_safe
def setup(request: Request, company: str) -> HttpResponse:
    """The overview. It stores nothing, so an admin can leave and come back at any time."""
    row = company_for(request, company)
    summary = overview(row, timezone.now())
    about = summary.about if summary.is_running else ""
    context = {
        "company": row,
        "heading": "Setup",
        "about": about,
        "overview": summary,
        "runs": summary.is_running,
    }
    return render(request, "setup/overview.html", context)
