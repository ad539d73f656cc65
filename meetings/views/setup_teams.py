"""The setup pages of teams: the list, a new team with its dates, settings, ending and restarting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alignment.models import Company, PlannedSeat, Team
from alignment.people.seats import SeatRuleViolation
from alignment.web.company_access import company_for
from alignment.web.confirm import confirm_action
from alignment.web.edit import edit_view
from alignment.web.listing import Listing, searched
from alignment.web.requests import Request
from alignment.web.responses import back
from meetings.forms.team_settings import PARTS, PartForm, describe_defaults
from meetings.forms.teams import TAKEN, CadenceForm, EndTeamForm, NewTeamForm, RestartTeamForm
from meetings.pages.team_history import seats
from meetings.rules.cadence_text import spell_cadence, spell_team_cadence
from meetings.teams import lifecycle
from meetings.teams import listing as team_listing

BEGINS = "Everything else has a default. You can change all of it later."
ENDS = (
    "Nothing is deleted: meetings, records and figures are kept. Unprepared meetings after that day are removed from "
    "calendars, and everyone leaves the team."
)


@require_safe
def listing(request: Request, company: str) -> HttpResponse:
    row, now = company_for(request, company), timezone.now()
    filters = Listing(request.user, request.GET, q=searched(request.GET.get("q", "")))
    page = filters.page(team_listing.filter_teams(filters, row, now))
    lines = [team_listing.team_line(team, filters.today(now)) for team in page.object_list]
    context = {"company": row, "list": filters, "page": page, "lines": lines, "heading": "Teams"}
    return render(request, "setup/teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, company: str) -> HttpResponse:
    """Create a team. `show` in the data only previews the dates."""
    row, now = company_for(request, company), timezone.now()
    shows, status = "show" in request.POST, 200
    form = NewTeamForm(request.POST if request.method == "POST" and not shows else None, company=row, now=now)
    if shows:
        form.initial = {**form.initial, **request.POST.dict()}
    elif request.method == "POST":
        if form.is_valid() and (team := _create(form, request, now)):
            message = f"{team} was created and its meetings are planned. Invitations are sent automatically."
            return back(request, reverse("meetings:setup_team", args=(row.slug, team.slug)), message=message)
        status = 422
    context = {
        "company": row,
        "form": form,
        "action": request.path,
        "next": _teams(row),
        "heading": "New team",
        "lede": BEGINS,
        "usual": describe_defaults(row, request.user),
        **_dates(request.POST or None, row, now),
    }
    return render(request, "setup/team_new.html", context, status=status)


def _create(form: NewTeamForm, request: Request, now: datetime) -> Team | None:
    cleaned = form.cleaned_data
    try:
        return lifecycle.create_team(
            form.team, ceo=cleaned["ceo"], leader=cleaned["leader"], by=request.user, now=now
        )
    except SeatRuleViolation as sentence:
        form.add_error(None, str(sentence))
    except IntegrityError:  # created by another click at the same moment
        form.add_error("name", TAKEN)
    return None


@require_safe
def dates(request: Request, company: str) -> HttpResponse:
    """The next eight dates of the cadence entered so far."""
    row, now = company_for(request, company), timezone.now()
    return render(request, "setup/team_dates.html", _dates(request.GET, row, now))


def _dates(data: Any, company: Company, now: datetime) -> dict[str, Any]:
    """Dates of the cadence entered, or of the usual one if nothing was entered."""
    if data is None:
        usual = CadenceForm(company=company, now=now)
        data = {name: usual.get_initial_for_field(field, name) for name, field in usual.fields.items()}
    form = CadenceForm(data, company=company, now=now)
    if not form.is_valid():
        return {"dates": (), "wrong": [error for errors in form.errors.values() for error in errors]}
    cadence = form.cadence
    known = lifecycle.list_holidays(company, cadence.starts_on)
    upcoming = lifecycle.next_dates(cadence, after=now, holidays=known)
    return {"dates": upcoming, "cadence": spell_cadence(cadence), "zone": cadence.zone.key}


@require_http_methods(["GET", "HEAD", "POST"])
def team_page(request: Request, company: str, slug: str) -> HttpResponseBase:
    """The settings of a team, each part saved on its own; `usual` resets a part to its defaults."""
    row, now = company_for(request, company), timezone.now()
    team = _team(row, slug)
    sent = _part(request, team) if request.method == "POST" else None
    forms = [
        sent if sent and sent.part == part else form(instance=team, user=request.user)
        for part, form in PARTS.items()
    ]
    context = _page(row, team, now) | {"forms": forms, "here": request.path}
    if sent is None:
        return render(request, "setup/team.html", context)
    return edit_view(
        request,
        sent,
        save=lambda: sent.write(by=request.user, now=now),
        default=f"{request.path}#{sent.part}",
        template="setup/team.html",
        message=f"{sent.title}: saved.",
        **context,
    )


def _part(request: Request, team: Team) -> PartForm:
    form = PARTS.get(request.POST.get("part", ""))
    if form is None:
        raise Http404("This section does not exist.")
    if "usual" not in request.POST:
        return form(request.POST, instance=team, user=request.user)
    if not form.has_usual:
        raise Http404("This section has no defaults.")
    return form.as_usual(request.POST, instance=team, user=request.user)


def _page(company: Company, team: Team, now: datetime) -> dict[str, Any]:
    today = team.today(now)
    waiting = PlannedSeat.objects.waiting().filter(team=team).select_related("user", "ends_seat__user", "by")
    return {
        "company": company,
        "team": team,
        "heading": team.name,
        "lede": spell_team_cadence(team),
        "today": today,
        "has_ended": team.ends_on is not None and team.ends_on < today,
        "planned": list(waiting),
        "dates": lifecycle.dates_ahead(team, now),
        **seats(team),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, company: str, slug: str) -> HttpResponse:
    row, now = company_for(request, company), timezone.now()
    team = _team(row, slug)
    form = EndTeamForm(request.POST if request.method == "POST" else None, today=team.today(now))

    def step() -> str:
        try:
            lifecycle.end_team(
                team, form.cleaned_data["last"], by=request.user, now=now, why=form.cleaned_data["why"]
            )
        except SeatRuleViolation as sentence:
            return str(sentence)
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=_address(row, team),
        message=f"{team} will end.",
        heading=f"End {team}?",
        lede=ENDS,
        button="End team",
        ends_something=True,
        template="setup/form.html",
        company=row,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def restart(request: Request, company: str, slug: str) -> HttpResponse:
    row, now = company_for(request, company), timezone.now()
    team = _team(row, slug)
    data = request.POST if request.method == "POST" else None
    form = RestartTeamForm(data, team=team, last=lifecycle.last_principals(team))

    def step() -> str:
        if team.ends_on is None:
            return ""
        cleaned = form.cleaned_data
        try:
            lifecycle.restart_team(
                team, ceo=cleaned["ceo"], leader=cleaned["leader"], by=request.user, now=now
            )
        except SeatRuleViolation as sentence:
            return str(sentence)
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=_address(row, team),
        message=f"{team} was restarted.",
        heading=f"Restart {team}?",
        lede="Meetings are planned from today. Current members stay.",
        button="Restart",
        template="setup/form.html",
        company=row,
    )


def _team(company: Company, slug: str) -> Team:
    return get_object_or_404(company.teams.select_related("company"), slug=slug)


def _teams(company: Company) -> str:
    return reverse("meetings:setup_teams", args=(company.slug,))


def _address(company: Company, team: Team) -> str:
    return reverse("meetings:setup_team", args=(company.slug, team.slug))
