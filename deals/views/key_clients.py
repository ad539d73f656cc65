"""Key clients of a team: the list, who is on it, how often, and what they say."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.forms.layout import Question
from alignment.models import Team
from alignment.permissions import can_act, can_plan, has_permission
from alignment.web.confirm import confirm_action
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import back, require
from alignment.web.team_access import readable_team
from deals.forms.key_clients import FollowUpForm, NewClientForm, TouchForm
from deals.key_clients.proposals import follow_accounts, read_proposals
from deals.key_clients.touches import record_touch
from deals.models import FollowUp
from deals.pages.key_clients import build_page

WHY_NOT = "Only the sales leader’s side can change the list of key clients."
WHY_NOT_SAY = "Only the CEO’s and the sales leader’s side can add what a client said."


def _client(request: Request, pk: int) -> FollowUp:
    rows = FollowUp.objects.visible_to(request.user).current()
    return get_object_or_404(rows.select_related("team__company", "account", "owner"), pk=pk)


def _here(team: Team) -> str:
    return reverse("deals:clients", args=(team.slug,))


@require_safe
def listing(request: Request, slug: str) -> HttpResponse:
    team = readable_team(request, slug)
    page = build_page(
        team,
        request.user,
        today=team.today(timezone.now()),
        can_edit=has_permission(request.user, team, can_plan),
    )
    may_say = has_permission(request.user, team, can_act)
    return render(request, "deals/key_clients/list.html", {"page": page, "team": team, "may_say": may_say})


@require_POST
def confirm(request: Request, slug: str) -> HttpResponse:
    """Take on the proposed accounts that are ticked; those no longer proposed are left alone."""
    team, now = readable_team(request, slug), timezone.now()
    require(has_permission(request.user, team, can_plan), WHY_NOT)
    ticked = set(request.POST.getlist("account"))
    proposed = [proposal.account for proposal in read_proposals(team, today=team.today(now))]
    accounts = [account for account in proposed if str(account.pk) in ticked]
    number = follow_accounts(team, accounts, by=request.user, now=now) if accounts else 0
    sentence = f"{number} key client{'' if number == 1 else 's'} added." if number else "Nothing was changed."
    return back(request, _here(team), message=sentence)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, slug: str) -> HttpResponse:
    team = readable_team(request, slug)
    require(has_permission(request.user, team, can_plan), WHY_NOT)
    form = NewClientForm(request.POST if request.method == "POST" else None, team=team)

    def step() -> str:
        form.write(by=request.user, now=timezone.now())
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=_here(team),
        message="Key client added.",
        heading="Add a key client",
        button="Add client",
        about=team.name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    row = _client(request, pk)
    require(row.can_edit(request.user), WHY_NOT)
    form = FollowUpForm(request.POST if request.method == "POST" else None, instance=row)
    return edit_view(
        request,
        form,
        save=form.write,
        default=_here(row.team),
        message="Saved.",
        heading=row.account.name,
        about=row.team.name,
        button="Save",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def touch(request: Request, pk: int) -> HttpResponse:
    """What the client said, entered by the CEO’s or the sales leader’s side."""
    row, now = _client(request, pk), timezone.now()
    require(has_permission(request.user, row.team, can_act), WHY_NOT_SAY)
    form = TouchForm(request.POST if request.method == "POST" else None, today=row.team.today(now))

    def step() -> str:
        answer = form.cleaned_data
        record_touch(row, **answer, by=request.user, by_name=request.user.name, now=now)
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=_here(row.team),
        message=f"Saved: {row.account.name}.",
        heading=f"What does {row.account.name} say?",
        button="Save",
        template="deals/key_clients/touch.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    row = _client(request, pk)
    require(row.can_edit(request.user), WHY_NOT)

    def step() -> str:
        row.end(by=request.user, now=timezone.now())
        return ""

    return confirm_action(
        request,
        Question(request.POST if request.method == "POST" else None),
        step=step,
        default=_here(row.team),
        message=f"{row.account.name} is no longer a key client of the team. What was said stays.",
        heading=f"Remove {row.account.name} from the key clients?",
        button="Remove",
    )
