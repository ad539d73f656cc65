"""Who changed what and when, for the company's admins; as a page and as a file."""

from __future__ import annotations

from django.db.models import Count, Max
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment import changes
from alignment.access import Request
from alignment.audit import note
from alignment.lists import Listing, searched
from alignment.setup import company_for


def listing(request: Request) -> Listing:
    return Listing(request.user, request.GET, q=searched(request.GET.get("q", "")))


@require_safe
def audit(request: Request, company: str) -> HttpResponse:
    row, told = company_for(request, company), listing(request)
    days = changes.Days.asked(told)
    page = told.page(changes.asked(told, days, row))
    context = {
        "company": row, "heading": "Changes", "list": told, "days": days, "page": page,
        "lines": [(entry, changes.what(entry)) for entry in page.object_list],
        "narrowed": told.is_narrowed or days.is_narrowed,
        "lede": "Who changed what and when, and who signed in. Facts only: words of meetings are not kept here.",
    }  # fmt: skip
    return render(request, "setup/changes.html", context)


@require_POST
def export(request: Request, company: str) -> StreamingHttpResponse:
    """What the page shows, all of it, as CSV. That it was taken is a line of its own."""
    row, told, now = company_for(request, company), listing(request), timezone.now()
    entries = changes.asked(told, changes.Days.asked(told), row)
    newest, number = entries.aggregate(newest=Max("pk"), number=Count("pk")).values()
    note(
        "changes.exported",
        by=request.user,
        now=now,
        company=row,
        new=f"{number} {'line' if number == 1 else 'lines'}",
    )
    name = f"{row.slug}-changes-{now:%Y-%m-%d}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(
        changes.as_csv(entries.filter(pk__lte=newest or 0)), "text/csv; charset=utf-8", headers=disposition
    )
