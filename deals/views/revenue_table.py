"""Real figures pasted or in a file: by the leader's side for their team, by an admin for any team of the company."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment.access import Request, plans
from alignment.creating import team_for
from alignment.models import Company, Team
from alignment.saving import back, next_page
from alignment.setup import company_for
from alignment.templatetags.figures import MoneyFormat
from deals.entries.table import Figure, as_text, read
from deals.entries.write import weigh, write
from deals.forms.tables import FiguresForm
from deals.imports.read import BadFile
from deals.views.revenue import WHY_NOT

LISTED = 300
THERE = "All of it is written down already; nothing was added."


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: Request) -> HttpResponseBase:
    """The leader's side, for one team."""
    team = team_for(request, plans, WHY_NOT)
    if not isinstance(team, Team):
        return team
    page = {
        "frame": "components/form_page.html", "hidden": {"team": team.slug}, "about": team.name,
        "default": f"{reverse('deals:revenue')}?team={team.slug}",
    }  # fmt: skip
    return _steps(request, team.company, [team], page)


@require_http_methods(["GET", "HEAD", "POST"])
def setup_paste(request: Request, company: str) -> HttpResponse:
    """An admin, for any team of the company."""
    found = company_for(request, company)
    teams = list(found.teams.select_related("company").order_by("name", "pk"))
    page = {
        "frame": "setup/form.html", "hidden": {}, "company": found, "default": reverse("deals:setup_revenue", args=(found.slug,)),
    }  # fmt: skip
    return _steps(request, found, teams, page)


def _steps(request: Request, company: Company, teams: Sequence[Team], page: dict[str, Any]) -> HttpResponse:
    """Ask, show what would be written down, write it down."""
    page |= {
        "heading": "Paste or import revenue", "teams": teams, "action": request.path,
        "next": next_page(request, page["default"]),
    }  # fmt: skip
    form = FiguresForm(request.POST or None, request.FILES or None)
    if not (form.is_bound and form.is_valid()):
        return _asked(request, form, page)
    wrote = form.cleaned_data["step"] == "write"
    try:
        figures, unused = read(
            form.table, teams, locale="en-US" if wrote else request.user.locale, now=timezone.now()
        )
        if wrote:
            return _written(request, company, figures, form, page)
        return _looked(request, figures, form, page | {"unused": unused})
    except BadFile as trouble:
        form.add_error(None, [*trouble.sentences])
        return _asked(request, form, page)


def _asked(request: Request, form: FiguresForm, page: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "deals/revenue_paste.html",
        page | {"form": form, "button": "Look at it first"},
        status=status,
    )


def _looked(request: Request, figures: list[Figure], form: FiguresForm, page: dict[str, Any]) -> HttpResponse:
    weighed = weigh(figures)
    news = [each for each in weighed if not each.there]
    page |= {
        "figures": weighed[:LISTED], "number": len(weighed), "new": len(news), "there": len(weighed) - len(news),
        "alike": sum(bool(each.like) for each in weighed), "total": sum(each.figure.amount for each in news),
        "m": MoneyFormat(figures[0].team.currency, request.user.locale), "text": as_text(figures), "token": uuid.uuid4(),
        "source": form.came,
    }  # fmt: skip
    return render(request, "deals/revenue_preview.html", page)


def _written(
    request: Request, company: Company, figures: list[Figure], form: FiguresForm, page: dict[str, Any]
) -> HttpResponse:
    told = form.cleaned_data
    entries = write(
        figures, company=company, by=request.user, now=timezone.now(), token=told["token"] or uuid.uuid4(), source=form.came,
        also=told["also"],
    )  # fmt: skip
    number = len(entries)
    said = f"{number} {'entry' if number == 1 else 'entries'} written down." if number else THERE
    return back(request, page["default"], said=said)
