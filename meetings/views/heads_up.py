"""Heads-ups of a CEO to a sales leader: left in one line, answered by one tap, read by these two alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.web.confirm import confirm_action
from alignment.web.edit import is_unfolded
from alignment.web.middleware import unlogged
from alignment.web.requests import Request
from alignment.web.responses import back, next_page, refuse, require
from alignment.web.team_access import principal_team
from meetings.forms.heads_up import HeadsUpForm, TalkForm
from meetings.heads_up.answers import agree, leave_heads_up, put_on_agenda, withdraw
from meetings.models import HeadsUp, TransitionNotAllowed
from meetings.needs.undo import signed
from meetings.views.in_row import UNDO_TAG

PAGE = 25
NOT_YOURS = "Heads-ups are between the CEO and the sales leader of a team. Nobody else reads them."
NOT_CEO = "Only the CEO of the team leaves a heads-up, for the sales leader who has the seat now."
NOT_LEADER = "Only the sales leader it is for answers a heads-up."
NOT_LEFT = "Only the CEO who left a heads-up takes it back."


@unlogged
@require_http_methods(["GET", "HEAD", "POST"])
def heads_ups(request: Request, slug: str) -> HttpResponseBase:
    """All that the reader may read on this team; the CEO leaves another one."""
    now, user = timezone.now(), request.user
    team = principal_team(request, slug, why=NOT_YOURS)
    can_leave = HeadsUp.can_be_left(team, user)
    require(can_leave or request.method != "POST", NOT_CEO)
    here = reverse("meetings:heads_ups", args=[slug])
    rows = HeadsUp.objects.visible_to(user).filter(team=team).select_related("ceo", "leader", "issue")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.team = team  # its seats are loaded already
    form = HeadsUpForm(request.POST if request.method == "POST" else None, initial={"token": uuid4()})

    def step() -> str:
        token = form.cleaned_data["token"] or uuid4()
        leave_heads_up(team, form.cleaned_data["words"], by=user, token=token, now=now)
        return ""

    leader = team.holder("leader")
    first_name = leader.first_name if leader else ""
    context: dict[str, Any] = {
        "team": team,
        "page": page,
        "rows": [(row, row.can_answer(user), row.can_withdraw(user)) for row in page.object_list],
        "can_leave": can_leave,
        "first_name": first_name,
        "label": f"A heads-up for {first_name}",
        "embedded": True,
    }
    return confirm_action(
        request,
        form,
        step=step,
        default=here,
        message=f"{first_name} finds it under New on their home page, and answers agreed or let’s talk.",
        heading="Heads-ups",
        button="Send it",
        template="meetings/heads_up/list.html",
        **context,
    )


@unlogged
@require_POST
def agree_to_heads_up(request: Request, pk: int) -> HttpResponse:
    """One tap: the leader goes along with what the CEO said."""
    row = _readable(request, pk)
    require(row.can_answer(request.user), NOT_LEADER)
    try:
        agreed = agree(row, by=request.user, now=timezone.now())
    except TransitionNotAllowed as why:
        return refuse(request, reverse("meetings:home"), str(why))
    return _answered(request, agreed, f"Agreed: “{row.words}”")


@unlogged
@require_http_methods(["GET", "HEAD", "POST"])
def talk_about_heads_up(request: Request, pk: int) -> HttpResponse:
    """“Let’s talk”: an issue in words that the leader edits first, because the team reads them."""
    row, now = _readable(request, pk), timezone.now()
    require(row.can_answer(request.user), NOT_LEADER)
    here = reverse("meetings:heads_ups", args=[row.team.slug])
    if request.method != "POST" and not row.is_unanswered:
        return refuse(request, here, "You have answered this heads-up.")
    form = TalkForm(request.POST if request.method == "POST" else None, initial={"title": row.words})
    answered: list[HeadsUp] = []

    def step() -> str:
        try:
            answered.append(put_on_agenda(row, form.cleaned_data["title"], by=request.user, now=now))
        except TransitionNotAllowed as why:
            return str(why)
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=here,
        message="",
        heading="Let’s talk",
        about=f"{row.ceo.first_name}: “{row.words}”",
        button="Put it on the agenda",
        done=lambda: _answered(request, answered[0], f"On the agenda: {form.cleaned_data['title']}"),
    )


@unlogged
@require_POST
def withdraw_heads_up(request: Request, pk: int) -> HttpResponse:
    """Before it was answered."""
    row = _readable(request, pk)
    require(row.can_withdraw(request.user), NOT_LEFT)
    here = reverse("meetings:heads_ups", args=[row.team.slug])
    try:
        withdraw(row, by=request.user)
    except TransitionNotAllowed as why:
        return refuse(request, here, str(why))
    return back(request, here, message="Withdrawn. Nobody reads it any more.")


def _readable(request: Request, pk: int) -> HeadsUp:
    rows = HeadsUp.objects.visible_to(request.user).select_related("team__company", "ceo", "leader")
    return get_object_or_404(rows, pk=pk)


def _answered(request: Request, row: HeadsUp, sentence: str) -> HttpResponse:
    token = signed("heads-up", row, by=request.user, key=row.anchor)
    messages.success(request, sentence, extra_tags=f"{UNDO_TAG}{token}")
    page = next_page(request, reverse("meetings:home"))
    return HttpResponse(headers={"HX-Redirect": page}) if is_unfolded(request) else redirect(page)
