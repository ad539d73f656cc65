"""Many goals at once: pasted, imported, spread, grown. Each shows what it would change before it changes it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.access import Request
from alignment.lists import searched
from alignment.models import Company, GoalClash
from alignment.models.goals import Place
from alignment.periods import Period
from alignment.saving import back, refuse
from alignment.setup import company_for
from deals.forms.goals import GrowForm, PasteForm, SpreadForm
from deals.goals import fill
from deals.goals import paste as pasted
from deals.goals.grid import teams_of
from deals.goals.history import last_changes
from deals.goals.proposal import BadProposal, Proposal
from deals.goals.typed import LONGEST_WHY
from deals.imports.read import BadFile
from deals.views.goals import grid_address, reader_of, year_asked

SEARCHED = 20
"""So many teams, and one may look for some of them."""
FIELDS = 500
"""Teams on one page: what one form may send."""
AS_IT_IS = "These are the goals already: nothing would change."
WRITE_IN = ["GET", "HEAD", "POST"]


@require_http_methods(WRITE_IN)
def paste(request: Request, company: str) -> HttpResponse:
    found = company_for(request, company)
    year, teams = year_asked(request, found), list(found.teams.order_by("name", "pk"))
    form = PasteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            wanted = pasted.read(
                form.table, teams, year=year, locale=request.user.locale, currency=found.currency
            )
        except BadFile as trouble:
            form.add_error(None, [*trouble.sentences])
        else:
            proposal = Proposal.of(found, teams, wanted)
            return _preview(request, proposal, year, form, "Paste goals")
    page = {
        "heading": "Paste or import goals",
        "lede": f"Into {year.label}, or into the years the table names.",
    }
    return _ask(request, found, year, form, "deals/goals/paste.html", **page)


@require_http_methods(WRITE_IN)
def spread(request: Request, company: str) -> HttpResponse:
    found = company_for(request, company)
    year = year_asked(request, found)
    q = searched(request.POST.get("q") or request.GET.get("q") or "")
    named = list(teams_of(found, year).filter(name__icontains=q))
    form = SpreadForm(
        request.POST if request.method == "POST" else None, teams=named[:FIELDS], reader=reader_of(request, found)
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        wanted, wrong = fill.spread_year(found, year, form.amounts, how=form.cleaned_data["how"])
        for team, why in wrong.items():
            form.refuse(team, why)
        if not wrong:
            return _preview(request, Proposal.of(found, form.teams, wanted), year, form, "Spread a year")
    page = {
        "heading": f"Spread {year.label} over its months",
        "lede": "Write what a team is to win in the whole year. The months sum to it exactly.",
        "q": q,
        "number": len(named),
        "searchable": bool(q) or len(named) > SEARCHED,
    }
    return _ask(request, found, year, form, "deals/goals/spread.html", **page)


@require_http_methods(WRITE_IN)
def grow(request: Request, company: str) -> HttpResponse:
    found = company_for(request, company)
    year = year_asked(request, found)
    form = GrowForm(request.POST if request.method == "POST" else None, teams=list(teams_of(found, year)))
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        wanted = fill.last_year_grown(form.chosen, year, percent=told["percent"], step=Decimal(told["step"]))
        if wanted:
            return _preview(request, Proposal.of(found, form.teams, wanted), year, form, "Copy last year")
        form.add_error(None, "No goal is set for the year before, so there is nothing to copy.")
    page = {
        "heading": f"Copy last year into {year.label}",
        "lede": "Each month’s goal of the year before, and a percentage more or less.",
    }
    return _ask(request, found, year, form, "deals/goals/grow.html", **page)


def _ask(
    request: Request, company: Company, year: Period, form: Any, template: str, **page: Any
) -> HttpResponse:
    context = {
        "company": company, "year": year, "form": form, "action": request.path, "next": grid_address(company, year),
        "hidden": {"year": year.end.year}, "button": "Look at what would change", **page,
    }  # fmt: skip
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _preview(request: Request, proposal: Proposal, year: Period, form: Any, heading: str) -> HttpResponse:
    if not proposal.edits:
        return refuse(request, grid_address(proposal.company, year), AS_IT_IS)
    return _shown(request, proposal, year, heading=heading, why=form.cleaned_data["why"])


def _shown(
    request: Request, proposal: Proposal, year: Period, *, status: int = 200, **more: Any
) -> HttpResponse:
    reader = reader_of(request, proposal.company)
    context = {
        "company": proposal.company, "year": year, "proposal": proposal, "lines": proposal.lines(reader), "sums": proposal.sums(reader),
        "cancel": grid_address(proposal.company, year), **more,
    }  # fmt: skip
    return render(request, "deals/goals/preview.html", context, status=status)


@require_POST
def apply(request: Request, company: str) -> HttpResponse:
    """Do what a preview showed, if the goals are still as it showed them; else show it anew."""
    found = company_for(request, company)
    year, why = year_asked(request, found), request.POST.get("why", "").strip()[:LONGEST_WHY]
    try:
        proposal = Proposal.told(found, request.POST.get("changes", ""))
    except BadProposal:
        return refuse(
            request, grid_address(found, year), "There was nothing to apply. Begin again from here."
        )
    try:
        changes = proposal.apply(by=request.user, now=timezone.now(), why=why)
    except GoalClash as clash:
        now, who = proposal.after(clash.stored), _who(clash.stored)
        return _shown(request, now, year, status=409, heading="Somebody was first", why=why, who=who)
    number = len(changes)
    said = f"{number} {'goal' if number == 1 else 'goals'} set." if number else AS_IT_IS
    return back(request, grid_address(found, year), said=said)


def _who(places: dict[Place, Any]) -> str:
    """Who set these goals meanwhile."""
    names = sorted({str(change.by) for change in last_changes(places).values() if change.by})
    return " and ".join(names[:3]) or "Somebody"
