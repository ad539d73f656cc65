"""The revenue of a whole company, for its admins: looked at, written down, corrected, taken along."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment import audit
from alignment.access import Request
from alignment.lists import Listing, searched
from alignment.saving import answer, refuse
from alignment.setup import company_for
from deals.entries.asked import entries_asked, source_totals
from deals.forms.revenue import RevenueForm, SetupRevenueForm
from deals.lists import revenue_lines, totals
from deals.models import RevenueEntry
from deals.sheets.write import KINDS, Value, as_file
from deals.views.revenue import CORRECTED, correcting

MOST = 50_000
"""Entries in one file."""


@require_safe
def listing(request: Request, company: str) -> HttpResponse:
    found = company_for(request, company)
    asked = Listing(request.user, request.GET, q=searched(request.GET.get("q", "")))
    rows = entries_asked(asked, found)
    page = asked.page(rows)
    counted = rows.filter(corrected_by=None)
    context = {
        "company": found, "heading": "Revenue", "list": asked, "page": page, "lines": revenue_lines(asked, page.object_list, admin=found),
        "totals": totals(counted, "amount", request.user.locale), "sources": source_totals(counted, found, request.user.locale),
    }  # fmt: skip
    return render(request, "deals/setup_revenue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, company: str) -> HttpResponseBase:
    found = company_for(request, company)
    teams = list(found.teams.select_related("company").order_by("name", "pk"))
    default = reverse("deals:setup_revenue", args=(found.slug,))
    if not teams:
        return refuse(request, default, "There is no team yet. Make one first.")
    slug = request.POST.get("team_slug") or request.GET.get("team")
    team = next((each for each in teams if each.slug == slug), teams[0])
    form = SetupRevenueForm(
        request.POST if request.method == "POST" else None, team=team, teams=teams, user=request.user, now=timezone.now()
    )  # fmt: skip
    return answer(
        request, form, save=form.write, default=default, said="The revenue is written down.", template="setup/form.html",
        heading="Write down revenue", company=found, about="A won deal is booked by itself.", button="Write it down",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, company: str, pk: int) -> HttpResponseBase:
    found = company_for(request, company)
    rows = RevenueEntry.objects.filter(team__company=found)
    entry = get_object_or_404(rows.select_related("team__company", "deal", "corrected_by"), pk=pk)
    default = reverse("deals:setup_revenue", args=(found.slug,))
    if request.method != "POST" and hasattr(entry, "corrected_by"):
        return refuse(request, default, CORRECTED)
    data = request.POST if request.method == "POST" else None
    form = RevenueForm(data, team=entry.team, user=request.user, now=timezone.now(), corrects=entry)
    return correcting(request, form, default=default, template="setup/form.html", company=found)


@require_POST
def take_along(request: Request, company: str) -> HttpResponse:
    """What the list is narrowed to, as a file. A POST, because the audit keeps who took it."""
    found = company_for(request, company)
    asked = Listing(request.user, request.POST, q=searched(request.POST.get("q", "")))
    rows = list(entries_asked(asked, found)[:MOST])
    lines: list[list[Value]] = [["Team", "Day", "Amount", "Note", "Deal", "How it came", "Counts"]]
    lines += [
        [
            entry.team.name, entry.day, entry.amount, entry.note, entry.deal.name if entry.deal else "", entry.get_source_display(),
            "no, corrected" if hasattr(entry, "corrected_by") else "yes",
        ]
        for entry in rows
    ]  # fmt: skip
    about = f"{len(rows)} {'entry' if len(rows) == 1 else 'entries'}"
    audit.note("revenue.exported", by=request.user, now=timezone.now(), company=found, about=about)
    kind = request.POST.get("kind", "")
    return as_file(lines, name=f"revenue-{found.slug}", kind=kind if kind in KINDS else "xlsx")
