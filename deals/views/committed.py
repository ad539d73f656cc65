"""What a team committed and what came of it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Team
from alignment.permissions import seats_of
from alignment.web.list_memory import FORGOTTEN
from alignment.web.listing import Listing, searched
from alignment.web.requests import Request
from alignment.web.team_access import readable_team
from deals.pages.committed import PAGE, Committed, committed_table, read_page
from deals.tables.writer import as_file


@require_safe
def listing(request: Request) -> HttpResponse:
    """Of the team that is asked for, else of the reader's first: amounts of two teams are never added up."""
    filters = _filters(request)
    team = _requested_team(filters)
    return _page(request, filters, team)


@require_safe
def of_team(request: Request, slug: str) -> HttpResponse:
    """The same page among those of a team's figures."""
    team = readable_team(request, slug)
    return _page(request, _filters(request), team)


@require_safe
def download(request: Request) -> HttpResponseBase:
    """The rows of the page's filters as a CSV file."""
    filters = _filters(request)
    team = _requested_team(filters)
    rows = committed_table(_read(filters, team))
    name = f"committed-{filters.today(timezone.now()):%Y-%m-%d}"
    return as_file(rows, name=name, kind="csv")


def _filters(request: Request) -> Listing:
    seats = {seat.team_id: seat for seat in seats_of(request.user)}
    return Listing(request.user, request.GET, seats, q=searched(request.GET.get("q", "")))


def _requested_team(filters: Listing) -> Team | None:
    """None without a seat anywhere. With several teams it is a filter."""
    teams = {seat.team.slug: seat.team for seat in filters.seats.values()}
    if not teams:
        return None
    if len(teams) == 1:
        return next(iter(teams.values()))
    return teams[filters.choose("team", "Team", ((slug, team.name) for slug, team in teams.items()))]


def _read(filters: Listing, team: Team | None) -> Committed | None:
    return read_page(filters, team, today=team.today(timezone.now())) if team else None


def _page(request: Request, filters: Listing, team: Team | None) -> HttpResponse:
    if FORGOTTEN in request.GET:
        return redirect(request.path)
    committed = _read(filters, team)
    rows = Paginator(committed.rows if committed else [], PAGE).get_page(request.GET.get("page"))
    context = {
        "team": team,
        "list": filters,
        "committed": committed.page if committed else None,
        "page": rows,
        "lines": committed.build_lines(list(rows.object_list)) if committed else [],
    }
    return render(request, "deals/committed.html", context)
