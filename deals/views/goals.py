"""The goals of a company by fiscal month and team: seen, typed, looked back on, taken along."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment import audit
from alignment.access import Request
from alignment.lists import searched
from alignment.models import Company, GoalChange, GoalClash, Team
from alignment.periods import Period, month_of, months_in, year_numbered, year_of
from alignment.saving import allow, back
from alignment.setup import company_for
from deals.goals import export, typed
from deals.goals.grid import Reader, Typed, grid
from deals.goals.history import clashes
from deals.goals.proposal import Proposal
from deals.sheets.write import KINDS, as_file

FIRST_YEAR, LAST_YEAR = 1991, 2100
CHANGES = 50
ASK = "Goals are set by an admin of the company. Ask yours."
AS_THEY_WERE = "Nothing was changed: the goals are as they were."


def year_asked(request: Request, company: Company) -> Period:
    """The fiscal year the address or the form names; the present one unless it is a year."""
    told = request.POST.get("year") or request.GET.get("year") or ""
    if told.isascii() and told.isdigit() and len(told) == 4 and FIRST_YEAR <= int(told) <= LAST_YEAR:
        return year_numbered(int(told), first_month=company.fiscal_year_start)
    today = timezone.now().astimezone(ZoneInfo(company.timezone)).date()
    return year_of(today, first_month=company.fiscal_year_start)


def reader_of(request: Request, company: Company) -> Reader:
    return Reader(request.user.locale, company.currency)


def grid_address(company: Company, year: Period, **more: str) -> str:
    asked = {"year": str(year.end.year)} | {name: value for name, value in more.items() if value}
    return f"{reverse('deals:goals', args=(company.slug,))}?{urlencode(asked)}"


@require_safe
def of_team(request: Request, slug: str) -> HttpResponse:
    """From where a team's goal is missing to where it is set."""
    team = get_object_or_404(Team.objects.visible_to(request.user).select_related("company"), slug=slug)
    allow(team.company.is_administered_by(request.user), ASK)
    return redirect(grid_address(team.company, year_asked(request, team.company), q=team.name))


@require_http_methods(["GET", "HEAD", "POST"])
def goals(request: Request, company: str) -> HttpResponse:
    found = company_for(request, company)
    year = year_asked(request, found)
    if request.method == "POST":
        return _save(request, found, year)
    return _page(request, found, year)


def _page(
    request: Request,
    company: Company,
    year: Period,
    *,
    said: Typed | None = None,
    status: int = 200,
    **told: Any,
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    beside = asked.get("beside") == "last"
    shown = grid(
        company, year, reader=reader_of(request, company), q=searched(asked.get("q", "")), page=asked.get("page"),
        beside=beside, said=said,
    )  # fmt: skip
    context = {
        "company": company, "grid": shown, "heading": f"Goals {year.label}", "q": searched(asked.get("q", "")), "beside": beside,
        "before": shown.number - 1 if shown.number > FIRST_YEAR else None, "after": shown.number + 1 if shown.number < LAST_YEAR else None,
    } | told  # fmt: skip
    template = (
        "deals/goals/form.html" if request.htmx and request.method == "POST" else "deals/goals/grid.html"
    )
    return render(request, template, context, status=status)


def _save(request: Request, company: Company, year: Period) -> HttpResponse:
    data, reader = request.POST.dict(), reader_of(request, company)
    teams = list(company.teams.filter(pk__in=typed.asked_teams(data)).order_by("name", "pk"))
    reading = typed.read(data, teams, reader=reader)
    if reading.sentences:
        return _page(
            request,
            company,
            year,
            said=reading.said,
            status=422,
            why=reading.why,
            sentences=reading.sentences,
        )
    proposal = Proposal(company, {team.pk: team for team in teams}, tuple(reading.edits))
    try:
        changes = proposal.apply(by=request.user, now=timezone.now(), why=reading.why)
    except GoalClash as clash:
        said, sentences = clashes(clash, reading.said, proposal.teams, reader)
        return _page(request, company, year, said=said, status=409, why=reading.why, clashes=sentences)
    return _saved(request, company, year, len(changes))


def _saved(request: Request, company: Company, year: Period, number: int) -> HttpResponse:
    told = f"{number} {'goal' if number == 1 else 'goals'} saved." if number else AS_THEY_WERE
    if request.htmx:
        messages.success(request, told)
        return _page(request, company, year)
    asked = {name: request.POST.get(name, "") for name in ("q", "beside", "page")}
    return back(request, grid_address(company, year, **asked), said=told)


@require_safe
def history(request: Request, company: str, slug: str) -> HttpResponse:
    """Who changed the goals of a team, or of one month of it, when, from what to what and why."""
    found = company_for(request, company)
    team = get_object_or_404(found.teams, slug=slug)
    changes = GoalChange.objects.filter(team=team).select_related("by").order_by("-at", "month", "-pk")
    month = _month(request.GET.get("month", ""))
    changes = changes.filter(month=month) if month else changes
    page = Paginator(changes, CHANGES).get_page(request.GET.get("page"))
    reader = reader_of(request, found)
    lines = [
        {"month": month_of(each.month).label, "old": reader.money(each.old), "new": reader.money(each.new), "change": each}
        for each in page.object_list
    ]  # fmt: skip
    what = f"{team.name}, {month_of(month).label}" if month else team.name
    context = {
        "company": found, "heading": f"How the goals of {what} came about", "team": team, "what": what, "page": page, "lines": lines,
        "one_month": month is not None,
    }  # fmt: skip
    return render(
        request, "deals/goals/changes.html" if request.htmx else "deals/goals/history.html", context
    )


def _month(text: str) -> date | None:
    digits = text.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return None
    year, month = int(digits[:4]), int(digits[4:])
    return date(year, month, 1) if 1 <= month <= 12 and year else None


@require_POST
def take_along(request: Request, company: str) -> HttpResponse:
    """The year as a file. A POST, because the audit keeps who took it."""
    found = company_for(request, company)
    year = year_asked(request, found)
    kind = request.POST.get("kind", "")
    rows = export.rows(found, year)
    about = f"{year.label}, {len(rows) - 2} teams, {months_in(year)[0]:%Y-%m} to {months_in(year)[-1]:%Y-%m}"
    audit.note("goals.exported", by=request.user, now=timezone.now(), company=found, about=about)
    name = f"goals-{slugify(found.slug)}-{year.end.year}"
    return as_file(rows, name=name, kind=kind if kind in KINDS else "xlsx", months=True)
