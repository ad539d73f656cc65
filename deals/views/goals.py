"""The goals of a company by fiscal month and team: the grid, its history, its export."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment import audit
from alignment.models import Company, GoalChange, Team, VersionConflict
from alignment.rules.periods import Period, month_of, months_in, quarter_of, year_numbered, year_of
from alignment.web.company_access import company_for
from alignment.web.listing import searched
from alignment.web.requests import Request
from alignment.web.responses import back, report_saved, require
from deals.goals import edits, export
from deals.goals.bulk_change import Proposal
from deals.goals.grid import Reader, SubmittedGoals, grid
from deals.goals.history import conflict_of
from deals.tables.writer import KINDS, as_file

FIRST_YEAR, LAST_YEAR = 1991, 2100
CHANGES_PER_PAGE = 50
ADMINS_ONLY = "Only an admin of your company can set goals. Ask one of them."
NOTHING_CHANGED = "No goals were changed."


def requested_year(request: Request, company: Company) -> Period:
    """The fiscal year that the form or the address asks for; the present one if it is not a year."""
    year = request.POST.get("year") or request.GET.get("year") or ""
    if year.isascii() and year.isdigit() and len(year) == 4 and FIRST_YEAR <= int(year) <= LAST_YEAR:
        return year_numbered(int(year), first_month=company.fiscal_year_start)
    return year_of(_today(company), first_month=company.fiscal_year_start)


def _today(company: Company) -> date:
    return timezone.now().astimezone(ZoneInfo(company.timezone)).date()


def reader_of(request: Request, company: Company) -> Reader:
    return Reader(request.user.locale, company.currency)


def grid_url(company: Company, year: Period, **more: str) -> str:
    query = {"year": str(year.end.year)} | {name: value for name, value in more.items() if value}
    return f"{reverse('deals:goals', args=(company.slug,))}?{urlencode(query)}"


@require_safe
def of_team(request: Request, slug: str) -> HttpResponse:
    """Leads from a page where a team's goal is missing to the page that sets it."""
    team = get_object_or_404(Team.objects.visible_to(request.user).select_related("company"), slug=slug)
    require(team.company.is_administered_by(request.user), ADMINS_ONLY)
    return redirect(grid_url(team.company, requested_year(request, team.company), q=team.name))


@require_http_methods(["GET", "HEAD", "POST"])
def goals(request: Request, company: str) -> HttpResponse:
    firm = company_for(request, company)
    year = requested_year(request, firm)
    if request.method == "POST":
        return _save(request, firm, year)
    return _page(request, firm, year)


def _page(
    request: Request,
    company: Company,
    year: Period,
    *,
    submitted: SubmittedGoals | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    params = request.POST if request.method == "POST" else request.GET
    with_last_year = params.get("beside") == "last"
    content = grid(
        company,
        year,
        reader=reader_of(request, company),
        q=searched(params.get("q", "")),
        page=params.get("page"),
        with_last_year=with_last_year,
        submitted=submitted,
        today=_today(company),
    )
    context = {
        "company": company,
        "grid": content,
        "heading": f"Goals {year.label}",
        "opens_at": _first_month_of_this_quarter(company),
        "q": searched(params.get("q", "")),
        "with_last_year": with_last_year,
        "before": content.number - 1 if content.number > FIRST_YEAR else None,
        "after": content.number + 1 if content.number < LAST_YEAR else None,
    } | more
    template = (
        "deals/goals/form.html" if request.htmx and request.method == "POST" else "deals/goals/grid.html"
    )
    return render(request, template, context, status=status)


def _first_month_of_this_quarter(company: Company) -> date:
    """Where the grid opens: its months before that lie behind."""
    return quarter_of(_today(company), first_month=company.fiscal_year_start).start


def _save(request: Request, company: Company, year: Period) -> HttpResponse:
    data, reader = request.POST.dict(), reader_of(request, company)
    teams = list(company.teams.filter(pk__in=edits.submitted_teams(data)).order_by("name_key", "pk"))
    submission = edits.read(data, teams, reader=reader)
    if submission.sentences:
        return _page(
            request,
            company,
            year,
            submitted=submission.submitted,
            status=422,
            why=submission.why,
            sentences=submission.sentences,
        )
    proposal = Proposal(company, {team.pk: team for team in teams}, tuple(submission.edits))
    try:
        changes = proposal.apply(by=request.user, now=timezone.now(), why=submission.why)
    except VersionConflict as both:
        submitted, conflict = conflict_of(both.current, submission.submitted, proposal.teams, reader)
        return _page(
            request, company, year, submitted=submitted, status=409, why=submission.why, conflict=conflict
        )
    return _saved(request, company, year, len(changes))


def _saved(request: Request, company: Company, year: Period, number: int) -> HttpResponse:
    message = f"{number} {'goal' if number == 1 else 'goals'} saved." if number else NOTHING_CHANGED
    if request.htmx:
        report_saved(request, message)
        return _page(request, company, year)
    params = {name: request.POST.get(name, "") for name in ("q", "beside", "page")}
    return back(request, grid_url(company, year, **params), message=message)


@require_safe
def history(request: Request, company: str, slug: str) -> HttpResponse:
    """Who changed a team's goals, or the goal of one month: when, from what to what and why."""
    firm = company_for(request, company)
    team = get_object_or_404(firm.teams, slug=slug)
    changes = GoalChange.objects.filter(team=team).select_related("by").order_by("-at", "month", "-pk")
    month = _month(request.GET.get("month", ""))
    changes = changes.filter(month=month) if month else changes
    page = Paginator(changes, CHANGES_PER_PAGE).get_page(request.GET.get("page"))
    reader = reader_of(request, firm)
    lines = [
        {
            "month": month_of(change.month).label,
            "old": reader.money(change.old),
            "new": reader.money(change.new),
            "change": change,
        }
        for change in page.object_list
    ]
    what = f"{team.name}, {month_of(month).label}" if month else team.name
    context = {
        "company": firm,
        "heading": f"Goal history: {what}",
        "team": team,
        "what": what,
        "page": page,
        "lines": lines,
        "one_month": month is not None,
    }
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
def export_year(request: Request, company: str) -> HttpResponseBase:
    """The year as a file. A POST, because the audit log records who exported it."""
    firm = company_for(request, company)
    year = requested_year(request, firm)
    kind = request.POST.get("kind", "")
    rows = export.rows(firm, year)
    about = f"{year.label}, {len(rows) - 2} teams, {months_in(year)[0]:%Y-%m} to {months_in(year)[-1]:%Y-%m}"
    audit.note("goals.exported", by=request.user, now=timezone.now(), company=firm, about=about)
    name = f"goals-{slugify(firm.slug)}-{year.end.year}"
    return as_file(rows, name=name, kind=kind if kind in KINDS else "xlsx", months=True)
