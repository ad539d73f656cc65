"""Many goals at once: pasted, imported, spread over a year, copied from last year.

Each shows a preview first.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.db.search_keys import contains
from alignment.models import Company, VersionConflict
from alignment.rules.periods import Period
from alignment.rules.text import typed
from alignment.web.company_access import company_for
from alignment.web.listing import searched
from alignment.web.requests import Request
from alignment.web.responses import back, refuse
from deals.forms.goals import GrowForm, PasteForm, SpreadForm
from deals.goals import parse
from deals.goals import spread as goal_spread
from deals.goals.bulk_change import Proposal, ProposalError
from deals.goals.edits import LONGEST_WHY
from deals.goals.grid import teams_of
from deals.goals.history import editors, last_changes
from deals.tables.csv_reader import TableError
from deals.views.goals import grid_url, reader_of, requested_year

SEARCH_FROM = 20
"""With more teams than this, the page has a search field."""
MAX_TEAMS = 500
"""Teams on one page, each with a field of the form."""
NOTHING_TO_CHANGE = "The goals already have these values, so there is nothing to change."
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def paste(request: Request, company: str) -> HttpResponse:
    firm = company_for(request, company)
    year, teams = requested_year(request, firm), list(firm.teams.order_by("name_key", "pk"))
    form = PasteForm(request.POST or None, request.FILES or None, locale=request.user.locale)
    if request.method == "POST" and form.is_valid():
        try:
            table = parse.read(
                form.table.lines,
                teams,
                year=year,
                locale=request.user.locale,
                currency=firm.currency,
                answers=form.answers,
            )
        except TableError as error:
            form.refuse(error)
        else:
            proposal = Proposal.for_goals(firm, teams, table.goals)
            notes = (*table.notes, *form.table.notes)
            return _preview(request, proposal, year, form, "Paste goals", notes=notes)
    page = {
        "heading": "Paste or import goals",
        "lede": f"For {year.label}, or for the years named in the table.",
    }
    return _render_form(request, firm, year, form, "deals/goals/paste.html", **page)


@require_http_methods(FORM_METHODS)
def spread(request: Request, company: str) -> HttpResponse:
    firm = company_for(request, company)
    year = requested_year(request, firm)
    q = searched(request.POST.get("q") or request.GET.get("q") or "")
    teams = list(teams_of(firm, year).filter(contains(q, "name_key")))
    form = SpreadForm(
        request.POST if request.method == "POST" else None,
        teams=teams[:MAX_TEAMS],
        reader=reader_of(request, firm),
    )
    if form.is_bound and form.is_valid():
        goals, problems = goal_spread.spread_year(firm, year, form.amounts, how=form.cleaned_data["how"])
        for team, why in problems.items():
            form.refuse(team, why)
        if not problems:
            return _preview(request, Proposal.for_goals(firm, form.teams, goals), year, form, "Spread a year")
    page = {
        "heading": f"Spread {year.label} over its months",
        "lede": "Enter each team’s goal for the whole year. The months add up to it exactly.",
        "q": q,
        "number": len(teams),
        "searchable": bool(q) or len(teams) > SEARCH_FROM,
    }
    return _render_form(request, firm, year, form, "deals/goals/spread.html", **page)


@require_http_methods(FORM_METHODS)
def grow(request: Request, company: str) -> HttpResponse:
    firm = company_for(request, company)
    year = requested_year(request, firm)
    form = GrowForm(request.POST if request.method == "POST" else None, teams=list(teams_of(firm, year)))
    if form.is_bound and form.is_valid():
        percent, step = form.cleaned_data["percent"], Decimal(form.cleaned_data["step"])
        goals = goal_spread.last_year_grown(form.selected_teams, year, percent=percent, step=step)
        if goals:
            return _preview(
                request, Proposal.for_goals(firm, form.teams, goals), year, form, "Copy last year"
            )
        form.add_error(None, "There are no goals for the year before, so there is nothing to copy.")
    page = {
        "heading": f"Copy last year into {year.label}",
        "lede": "Each month’s goal from the year before, plus or minus a percentage.",
    }
    return _render_form(request, firm, year, form, "deals/goals/grow.html", **page)


def _render_form(
    request: Request, company: Company, year: Period, form: Any, template: str, **page: Any
) -> HttpResponse:
    context = {
        "company": company,
        "year": year,
        "form": form,
        "action": request.path,
        "next": grid_url(company, year),
        "hidden": {"year": year.end.year},
        "button": "Preview changes",
        **page,
    }
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _preview(
    request: Request,
    proposal: Proposal,
    year: Period,
    form: Any,
    heading: str,
    *,
    notes: tuple[str, ...] = (),
) -> HttpResponse:
    if not proposal.edits:
        return refuse(request, grid_url(proposal.company, year), " ".join([NOTHING_TO_CHANGE, *notes]))
    return _render_preview(
        request, proposal, year, heading=heading, why=form.cleaned_data["why"], notes=notes
    )


def _render_preview(
    request: Request, proposal: Proposal, year: Period, *, status: int = 200, **more: Any
) -> HttpResponse:
    reader = reader_of(request, proposal.company)
    context = {
        "company": proposal.company,
        "year": year,
        "proposal": proposal,
        "lines": proposal.lines(reader),
        "sums": proposal.sums(reader),
        "cancel": grid_url(proposal.company, year),
        **more,
    }
    return render(request, "deals/goals/preview.html", context, status=status)


@require_POST
def apply(request: Request, company: str) -> HttpResponse:
    """Apply what a preview showed if the goals are still the same; otherwise show a new preview."""
    firm = company_for(request, company)
    year, why = requested_year(request, firm), typed(request.POST.get("why", ""))[:LONGEST_WHY]
    try:
        proposal = Proposal.from_text(firm, request.POST.get("changes", ""))
    except ProposalError:
        return refuse(request, grid_url(firm, year), "There was nothing to apply. Please start again.")
    try:
        changes = proposal.apply(by=request.user, now=timezone.now(), why=why)
    except VersionConflict as conflict:
        who = editors(last_changes(conflict.current).values()) or "Somebody"
        fresh = proposal.after(conflict.current)
        return _render_preview(
            request, fresh, year, status=409, heading="Goals changed in the meantime", why=why, who=who
        )
    number = len(changes)
    message = f"{number} {'goal' if number == 1 else 'goals'} set." if number else NOTHING_TO_CHANGE
    return back(request, grid_url(firm, year), message=message)
