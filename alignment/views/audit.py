"""Who changed what and when, for the company's admins; as a page and as a file."""

from __future__ import annotations

from django.db.models import Count, Max
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment.audit import note
from alignment.pages import audit as audit_page
from alignment.web.company_access import company_for
from alignment.web.listing import Listing, searched
from alignment.web.requests import Request


def read_search(request: Request) -> Listing:
    return Listing(request.user, request.GET, q=searched(request.GET.get("q", "")))


@require_safe
def audit(request: Request, company: str) -> HttpResponse:
    row, search = company_for(request, company), read_search(request)
    days = audit_page.Days.from_search(search)
    page = search.page(audit_page.select_entries(search, days, row))
    context = {
        "company": row,
        "heading": "Audit log",
        "list": search,
        "days": days,
        "page": page,
        "lines": [(entry, audit_page.what(entry)) for entry in page.object_list],
        "narrowed": search.is_narrowed or days.is_narrowed,
        "lede": "Who changed what and when, and who signed in. Facts only: "
        "nothing that was said in meetings.",
    }
    return render(request, "setup/changes.html", context)


@require_POST
def export(request: Request, company: str) -> StreamingHttpResponse:
    """What the page shows, all of it, as CSV. The export itself is recorded too."""
    row, search, now = company_for(request, company), read_search(request), timezone.now()
    entries = audit_page.select_entries(search, audit_page.Days.from_search(search), row)
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
        audit_page.as_csv(entries.filter(pk__lte=newest or 0)), "text/csv; charset=utf-8", headers=disposition
    )
