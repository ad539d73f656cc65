"""The revenue of a whole company, for its admins: list, add, correct, export."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment import audit
from alignment.permissions import seats_of
from alignment.web.company_access import company_for
from alignment.web.edit import edit_view
from alignment.web.listing import Listing, searched
from alignment.web.requests import Request
from alignment.web.responses import refuse
from deals.forms.revenue import RevenueForm, SetupRevenueForm
from deals.models import RevenueEntry
from deals.pages.lists import count, revenue_lines
from deals.pages.revenue import export_lines, filter_company_revenue, source_totals, sum_up
from deals.tables.writer import as_file
from deals.views.revenue import CORRECTED, correction_view

LARGEST_XLSX = 5_000
"""Entries. A workbook is made in one piece while its reader waits; CSV takes any number."""


@require_safe
def listing(request: Request, company: str) -> HttpResponse:
    firm = company_for(request, company)
    seats = {seat.team_id: seat for seat in seats_of(request.user)}
    filters = Listing(request.user, request.GET, seats, q=searched(request.GET.get("q", "")))
    rows = filter_company_revenue(filters, firm)
    sources = source_totals(rows.counted, firm, request.user.locale)
    page = filters.page(rows.listed, number=count(sources) if rows.listed is rows.counted else None)
    context = {
        "company": firm,
        "heading": "Revenue",
        "list": filters,
        "page": page,
        "lines": revenue_lines(filters, page.object_list, admin=firm),
        "totals": sum_up(sources),
        "sources": sources,
    }
    return render(request, "deals/setup_revenue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, company: str) -> HttpResponseBase:
    firm = company_for(request, company)
    teams = list(firm.teams.select_related("company").order_by("name_key", "pk"))
    default = reverse("deals:setup_revenue", args=(firm.slug,))
    if not teams:
        return refuse(request, default, "There is no team yet. Add a team first.")
    slug = request.POST.get("team_slug") or request.GET.get("team")
    team = next((team for team in teams if team.slug == slug), teams[0])
    form = SetupRevenueForm(
        request.POST if request.method == "POST" else None,
        team=team,
        teams=teams,
        user=request.user,
        now=timezone.now(),
    )
    return edit_view(
        request,
        form,
        save=form.write,
        default=default,
        message="Revenue added.",
        template="setup/form.html",
        heading="Add revenue",
        company=firm,
        about="Won deals are booked automatically.",
        button="Add revenue",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, company: str, pk: int) -> HttpResponseBase:
    firm = company_for(request, company)
    rows = RevenueEntry.objects.filter(team__company=firm)
    entry = get_object_or_404(rows.select_related("team__company", "deal", "corrected_by"), pk=pk)
    default = reverse("deals:setup_revenue", args=(firm.slug,))
    if request.method != "POST" and hasattr(entry, "corrected_by"):
        return refuse(request, default, CORRECTED)
    data = request.POST if request.method == "POST" else None
    form = RevenueForm(data, team=entry.team, user=request.user, now=timezone.now(), corrects=entry)
    return correction_view(request, form, default=default, template="setup/form.html", company=firm)


@require_POST
def export(request: Request, company: str) -> HttpResponseBase:
    """The filtered list as a file. A POST, because the audit log records who exported it."""
    firm = company_for(request, company)
    filters = Listing(request.user, request.POST, q=searched(request.POST.get("q", "")))
    rows = filter_company_revenue(filters, firm).listed
    number, kind = rows.count(), "csv" if request.POST.get("kind") == "csv" else "xlsx"
    if kind == "xlsx" and number > LARGEST_XLSX:
        why = f"An XLSX file holds up to {LARGEST_XLSX:,} entries, and these are {number:,}."
        return refuse(
            request,
            reverse("deals:setup_revenue", args=(firm.slug,)),
            f"{why} Export CSV, or choose a team, a month or a source first.",
        )
    about = f"{number} {'entry' if number == 1 else 'entries'}"
    audit.note("revenue.exported", by=request.user, now=timezone.now(), company=firm, about=about)
    return as_file(export_lines(rows), name=f"revenue-{firm.slug}", kind=kind)
