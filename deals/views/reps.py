"""Reps: of a team for its leader, of a company for its admins; renamed, moved to another team, joined."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.models import Team
from alignment.permissions import can_plan, has_permission
from alignment.web.company_access import company_for
from alignment.web.confirm import confirm_action
from alignment.web.create_once import SLUG
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from alignment.web.team_access import readable_team
from deals.forms.reps import JoinRepsForm, MoveRepForm, RepForm
from deals.models import Deal, Rep
from deals.pages.reps import reps_of_company, reps_of_team
from deals.sales_people.joins import JoinError, join_reps, separate_reps
from deals.sales_people.team_changes import TeamChangeError, move_rep

WHY_NOT = "Only the sales leader’s side of the rep’s team and the company’s admins can change a rep."


@require_safe
def team_reps(request: Request, slug: str) -> HttpResponse:
    team = readable_team(request, slug)
    context = {
        "team": team,
        "lines": reps_of_team(team, request.user),
        "can_edit": has_permission(request.user, team, can_plan),
    }
    return render(request, "deals/reps.html", context)


@require_safe
def setup_reps(request: Request, company: str) -> HttpResponse:
    firm = company_for(request, company)
    context = {"company": firm, "heading": "Reps", "lines": reps_of_company(firm), "can_edit": True}
    return render(request, "deals/setup_reps.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, slug: str) -> HttpResponseBase:
    team, now = readable_team(request, slug), timezone.now()
    require(has_permission(request.user, team, can_plan), WHY_NOT)
    data = request.POST if request.method == "POST" else None
    form = RepForm(data, instance=Rep(company=team.company), team=team)
    return edit_view(
        request,
        form,
        save=lambda: form.write(day=team.today(now)),
        default=reverse("deals:team_reps", args=[slug]),
        message="Rep added.",
        heading="New rep",
        about=team.name,
        button="Add rep",
    )


def _rep(request: Request, pk: int) -> Rep:
    visible = Rep.objects.visible_to(request.user).select_related("company", "joined_into")
    rep = get_object_or_404(visible, pk=pk)
    require(rep.known_as.can_edit(request.user), WHY_NOT)
    return rep


def _list_of(request: Request, rep: Rep) -> str:
    """Where the reader sees the rep: their team's list, else the company's."""
    teams = Team.objects.read_by(request.user).filter(rep_terms__rep__in=(rep, rep.known_as))
    team = teams.order_by("name_key", "pk").first()
    if team is not None:
        return reverse("deals:team_reps", args=[team.slug])
    return reverse("deals:setup_reps", args=[rep.company.slug])


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    rep = _rep(request, pk)
    reads_team = Team.objects.read_by(request.user).filter(rep_terms__rep=rep).exists()
    data = request.POST if request.method == "POST" else None
    form = RepForm(data, instance=rep, name_only=not reads_team)
    return edit_view(
        request,
        form,
        save=form.write,
        default=_list_of(request, rep),
        message="Saved.",
        heading=f"Edit {rep}",
        about=_spellings(rep),
    )


def _spellings(rep: Rep) -> str:
    """How else a CRM writes the rep, as somebody confirmed."""
    keys = sorted(set(rep.spellings.values_list("key", flat=True)))
    return f"Also written: {', '.join(keys)}." if keys else ""


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    rep, now, user = _rep(request, pk), timezone.now(), request.user
    from_team = _team_to_leave(request, rep)
    others = Team.objects.visible_to(user).filter(company=rep.company_id).exclude(pk=from_team.pk)
    open_deals = Deal.objects.filter(rep=rep, team=from_team).open().count()
    data, today = request.POST if request.method == "POST" else None, from_team.today(now)
    form = MoveRepForm(data, teams=others, open_deals=open_deals, today=today)

    def step() -> str:
        try:
            move_rep(
                rep,
                from_team=from_team,
                to_team=form.selected_team,
                day=form.cleaned_data["day"],
                takes_deals=form.cleaned_data["deals"] == "move",
                by=user,
                now=now,
            )
        except TeamChangeError as why:
            return str(why)
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=_list_of(request, rep),
        message=f"{rep} was moved.",
        heading=f"{rep} changes team",
        about=f"Now on {from_team}, which keeps its history and its revenue.",
        note="",
        button="Move",
        hidden={"from": from_team.slug},
    )


def _team_to_leave(request: Request, rep: Rep) -> Team:
    """The one named, else the first the rep is on. Raises Http404 for a rep on none."""
    teams = Team.objects.visible_to(request.user).filter(rep_terms__rep=rep, rep_terms__until=None)
    slug = request.POST.get("from") or request.GET.get("from")
    if slug and not SLUG.fullmatch(slug):
        raise Http404("This team does not exist.")
    named = teams.filter(slug=slug) if slug else teams
    team = named.select_related("company").order_by("name_key", "pk").first()
    if team is None:
        raise Http404("This rep is on no team.")
    return team


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request, pk: int) -> HttpResponse:
    rep, now, user = _rep(request, pk), timezone.now(), request.user
    others = Rep.objects.visible_to(user).active().filter(company=rep.company_id).exclude(pk=rep.pk)
    form = JoinRepsForm(request.POST if request.method == "POST" else None, reps=others)

    def step() -> str:
        require(form.selected.can_edit(user), WHY_NOT)
        try:
            join_reps(rep, form.selected, by=user, now=now)
        except JoinError as why:
            return str(why)
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=_list_of(request, rep),
        message=f"{rep} was joined. You can take them apart again.",
        heading=f"{rep} is somebody else as well",
        about="Their deals go to the other; the name still leads there. You can undo it.",
        button="Join",
    )


@require_POST
def separate(request: Request, pk: int) -> HttpResponse:
    """Undo of joining."""
    rep = _rep(request, pk)
    try:
        separate_reps(rep, by=request.user, now=timezone.now())
    except JoinError as why:
        return refuse(request, _list_of(request, rep), str(why))
    return back(request, _list_of(request, rep), message=f"{rep} is a rep of their own again.")
