"""Initiatives: the list, a new one, the page of one, the CEO's approval, the outcome."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.models import Team, VersionConflict
from alignment.permissions import can_plan, seat_on
from alignment.rules.roles import Role
from alignment.web.confirm import already_done, confirm_action
from alignment.web.create_once import param, requested_team
from alignment.web.edit import edit_view
from alignment.web.listing import Listing
from alignment.web.requests import Request
from alignment.web.responses import back, require
from meetings.forms.initiatives import ApprovalForm, FinishForm, InitiativeForm
from meetings.models import Initiative
from meetings.needs.undo import signed
from meetings.pages.lists import initiative_line, list_initiatives, with_points
from meetings.views.in_row import InRow

WHY_NOT = "Only the sales leader’s side can edit initiatives. You can comment on them or raise an issue."
PLAN_CHANGED = (
    "The plan changed while you were reading. The current version is above. Read it before you decide."
)
WHY_NOT_AGREE = "Only the CEO can approve a plan."


@require_safe
def listing(request: Request) -> HttpResponse:
    now, filters = timezone.now(), Listing.of(request)
    page = filters.page(list_initiatives(filters))
    lines = [initiative_line(row, filters.seat(row.team_id), now) for row in page.object_list]
    context = {"list": filters, "page": page, "lines": lines, "may_add": filters.may(can_plan)}
    return render(request, "meetings/items/initiatives.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    team = requested_team(request, can_plan, WHY_NOT)
    if not isinstance(team, Team):
        return team
    data = request.POST if request.method == "POST" else None
    form = InitiativeForm(data, team=team, user=request.user, now=now)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("meetings:initiatives"),
        message="Initiative added. The CEO has been asked to approve it.",
        heading="New initiative",
        about=team.name,
        button="Add initiative",
        hidden={"team": team.slug},
    )


def _get_initiative(request: Request, pk: int) -> Initiative:
    rows = with_points(Initiative.objects.visible_to(request.user))
    people = ("decision__ceo", "decision__closed_by", "finished_by")
    return get_object_or_404(rows.select_related("team__company", *people), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now, initiative = timezone.now(), _get_initiative(request, pk)
    require(request.method != "POST" or initiative.can_edit(request.user), WHY_NOT)
    data, part = request.POST if request.method == "POST" else None, param(request, "part")
    form = InitiativeForm(
        data, instance=initiative, team=initiative.team, user=request.user, now=now, part=part
    )
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("meetings:initiative_edit", args=[pk]),
        message="Saved.",
        heading=initiative.title,
        template="meetings/items/initiative.html",
        embedded=True,
        note=_asks_again(initiative) if part == "plan" else "",
        line=initiative_line(initiative, seat_on(initiative.team, request.user), now),
        can_edit=initiative.can_edit(request.user),
        can_agree=initiative.can_agree(request.user),
    )


def _asks_again(initiative: Initiative) -> str:
    """What follows from another plan."""
    ceo = initiative.team.holder(Role.CEO)
    who = ceo.first_name if ceo else "the CEO"
    if initiative.approval == Initiative.Approval.AGREED:
        return f"{who} approved this plan. If you change it, {who} is asked to approve it again."
    return f"If you change the plan, {who} is asked to approve it."


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, pk: int) -> HttpResponse:
    now, initiative = timezone.now(), _get_initiative(request, pk)
    require(initiative.can_agree(request.user), WHY_NOT_AGREE)
    form = ApprovalForm(
        request.POST if request.method == "POST" else None,
        initial={"approval": initiative.approval, "version": initiative.version},
    )
    in_row = InRow.of(request)

    def step() -> str:
        if initiative.finished_at is not None:
            return "This initiative is already completed and needs no approval. What you entered is below."
        decision = {name: form.cleaned_data[name] for name in ("approval", "why")}
        if initiative.has_decision(**decision, by=request.user):
            return ""  # a second click
        if not form.was_read(initiative.version):
            return PLAN_CHANGED
        try:
            initiative.decide(**decision, by=request.user, now=now)
        except VersionConflict:
            return PLAN_CHANGED
        return ""

    def done() -> HttpResponse:
        assert in_row is not None
        token = signed(
            "approval", initiative, by=request.user, key=in_row.key, decision=initiative.decision_id
        )
        verb = "approved" if initiative.approval == Initiative.Approval.AGREED else "requested changes to"
        return in_row.done(f"You {verb} “{initiative.title}”.", token)

    return confirm_action(
        request,
        form,
        step=step,
        **(in_row.answers(done) if in_row else {}),
        default=reverse("meetings:initiatives"),
        message=f"Your decision on “{initiative.title}” is saved.",
        heading=initiative.title,
        template="meetings/items/approval.html",
        line=initiative_line(initiative, seat_on(initiative.team, request.user), now),
        button="Save decision",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def finish_initiative(request: Request, pk: int) -> HttpResponse:
    now, initiative = timezone.now(), _get_initiative(request, pk)
    require(initiative.can_edit(request.user), WHY_NOT)
    form = FinishForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        outcome = form.cleaned_data["outcome"]
        initiative.finish(by=request.user, now=now, outcome=outcome)
        Team.objects.bump_revision(initiative.team_id)
        return already_done(initiative, "outcome", outcome, "Someone already completed it")

    return confirm_action(
        request,
        form,
        step=step,
        default=reverse("meetings:initiatives"),
        message=f"Completed: {initiative.title}.",
        heading=f"Complete “{initiative.title}”",
        button="Mark complete",
    )


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    initiative = _get_initiative(request, pk)
    require(initiative.can_edit(request.user), WHY_NOT)
    initiative.reopen(now=timezone.now())
    Team.objects.bump_revision(initiative.team_id)
    return back(request, reverse("meetings:initiatives"), message=f"Reopened: {initiative.title}.")
