"""Setup of teams: the list, a new one with its dates, the page of one, its end and its being taken up again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alignment.access import Request
from alignment.asking import ask
from alignment.lists import Listing, searched
from alignment.models import Company, PlannedSeat, Team
from alignment.saving import back
from alignment.seating import Refused
from alignment.setup import company_for
from meetings import founding, team_list
from meetings.cadence_words import in_words, words_of
from meetings.forms.team_parts import PARTS, PartForm, usual_in_words
from meetings.forms.teams import TAKEN, CadenceForm, EndTeamForm, NewTeamForm, TakeUpForm
from meetings.history import seats

BEGINS = "Everything has a default; all of it can be changed later."
ENDS = (
    "Nothing is deleted: meetings, records and figures stay. Meetings after that day that nobody has prepared are taken "
    "out of the calendars, and all seats end."
)


@require_safe
def listing(request: Request, company: str) -> HttpResponse:
    row, now = company_for(request, company), timezone.now()
    told = Listing(request.user, request.GET, q=searched(request.GET.get("q", "")))
    page = told.page(team_list.asked(told, row, now))
    lines = [team_list.line(team, told.today(now)) for team in page.object_list]
    context = {"company": row, "list": told, "page": page, "lines": lines, "heading": "Teams"}
    return render(request, "setup/teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, company: str) -> HttpResponse:
    """`show` in what is sent asks for the dates alone; nothing is made then."""
    row, now = company_for(request, company), timezone.now()
    shows, status = "show" in request.POST, 200
    form = NewTeamForm(request.POST if request.method == "POST" and not shows else None, company=row, now=now)
    if shows:
        form.initial = {**form.initial, **request.POST.dict()}
    elif request.method == "POST":
        if form.is_valid() and (team := _found(form, request, now)):
            said = f"{team} is made and its meetings are planned. Invitations go out by themselves."
            return back(request, reverse("meetings:setup_team", args=(row.slug, team.slug)), said=said)
        status = 422
    context = {
        "company": row, "form": form, "action": request.path, "next": _teams(row), "heading": "A new team", "lede": BEGINS,
        "usual": usual_in_words(row, request.user), **_dates(request.POST or None, row, now),
    }  # fmt: skip
    return render(request, "setup/team_new.html", context, status=status)


def _found(form: NewTeamForm, request: Request, now: datetime) -> Team | None:
    told = form.cleaned_data
    try:
        return founding.found(form.team, ceo=told["ceo"], leader=told["leader"], by=request.user, now=now)
    except Refused as sentence:
        form.add_error(None, str(sentence))
    except IntegrityError:  # made by another click at the same moment
        form.add_error("name", TAKEN)
    return None


@require_safe
def dates(request: Request, company: str) -> HttpResponse:
    """The next eight dates of the cadence typed so far."""
    row, now = company_for(request, company), timezone.now()
    return render(request, "setup/team_dates.html", _dates(request.GET, row, now))


def _dates(data: Any, company: Company, now: datetime) -> dict[str, Any]:
    """Of what was typed; of what is usual where nothing was."""
    if data is None:
        usual = CadenceForm(company=company, now=now)
        data = {name: usual.get_initial_for_field(field, name) for name, field in usual.fields.items()}
    form = CadenceForm(data, company=company, now=now)
    if not form.is_valid():
        return {"dates": (), "wrong": [error for errors in form.errors.values() for error in errors]}
    cadence = form.cadence
    known = founding.holidays_of(company, cadence.starts_on)
    found = founding.next_dates(cadence, after=now, holidays=known)
    return {"dates": found, "cadence": in_words(cadence), "zone": cadence.zone.key}


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: Request, company: str, slug: str) -> HttpResponse:
    """Each part is saved on its own; `usual` puts a part back to what is usual."""
    row, now = company_for(request, company), timezone.now()
    shown = _team(row, slug)
    sent = None
    if request.method == "POST":
        sent = _part(request, shown)
        if _saved(request, shown, sent, now):
            return back(request, f"{request.path}#{sent.part}", said=f"{sent.title}: saved.")
    forms = [
        sent if sent and sent.part == part else form(team=shown, user=request.user)
        for part, form in PARTS.items()
    ]
    context = _page(row, shown, now) | {"forms": forms, "here": request.path}
    status = 200 if sent is None else 409 if sent.is_late else 422
    return render(request, "setup/team.html", context, status=status)


def _saved(request: Request, shown: Team, sent: PartForm, now: datetime) -> bool:
    usual = "usual" in request.POST
    if not usual and not sent.is_valid():
        return False
    try:
        founding.change(shown, sent, sent.usual if usual else sent.told, by=request.user, now=now)
    except founding.Changed as meanwhile:
        sent.say_what_changed(meanwhile.fields)
    return not sent.is_late


def _part(request: Request, shown: Team) -> PartForm:
    form = PARTS.get(request.POST.get("part", ""))
    if form is None:
        raise Http404("There is no such part.")
    if "usual" in request.POST and not form.has_usual:
        raise Http404("There is nothing usual for this part.")
    return form(request.POST, team=shown, user=request.user)


def _page(company: Company, shown: Team, now: datetime) -> dict[str, Any]:
    today = shown.today(now)
    waiting = PlannedSeat.objects.waiting().filter(team=shown).select_related("user", "ends_seat__user", "by")
    return {
        "company": company, "team": shown, "heading": shown.name, "lede": words_of(shown), "today": today,
        "has_ended": shown.ends_on is not None and shown.ends_on < today, "planned": list(waiting),
        "dates": founding.dates_ahead(shown, now), **seats(shown),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, company: str, slug: str) -> HttpResponse:
    row, now = company_for(request, company), timezone.now()
    shown = _team(row, slug)
    form = EndTeamForm(request.POST if request.method == "POST" else None, today=shown.today(now))

    def step() -> str:
        try:
            founding.finish(
                shown, form.cleaned_data["last"], by=request.user, now=now, why=form.cleaned_data["why"]
            )
        except Refused as sentence:
            return str(sentence)
        return ""

    return ask(
        request, form, step=step, default=_address(row, shown), said=f"{shown} ends.", heading=f"End {shown}?",
        lede=ENDS, button="End the team", template="setup/form.html", company=row,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: Request, company: str, slug: str) -> HttpResponse:
    row, now = company_for(request, company), timezone.now()
    shown = _team(row, slug)
    data = request.POST if request.method == "POST" else None
    form = TakeUpForm(data, team=shown, last=founding.last_two(shown))

    def step() -> str:
        if shown.ends_on is None:
            return ""
        told = form.cleaned_data
        try:
            founding.take_up(shown, ceo=told["ceo"], leader=told["leader"], by=request.user, now=now)
        except Refused as sentence:
            return str(sentence)
        return ""

    return ask(
        request, form, step=step, default=_address(row, shown), said=f"{shown} goes on.", heading=f"Take up {shown} again?",
        lede="Its meetings are planned from today on. Who still has a seat keeps it.", button="Take it up",
        template="setup/form.html", company=row,
    )  # fmt: skip


def _team(company: Company, slug: str) -> Team:
    return get_object_or_404(company.teams.select_related("company"), slug=slug)


def _teams(company: Company) -> str:
    return reverse("meetings:setup_teams", args=(company.slug,))


def _address(company: Company, shown: Team) -> str:
    return reverse("meetings:setup_team", args=(company.slug, shown.slug))
