"""Initiatives: the list, a new one, the page of one, the CEO's word, what came of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.access import Request, plans, seat_on
from alignment.asking import already, ask
from alignment.creating import team_for
from alignment.lists import Listing
from alignment.models import Team
from alignment.saving import allow, answer, back
from meetings.forms.initiatives import FinishForm, InitiativeForm, WordForm
from meetings.lists import initiative_line, initiatives_asked, with_points
from meetings.models import Initiative

WHY_NOT = "Initiatives are kept by the sales leader’s side. You can comment on them, or raise an issue."
WHY_NOT_AGREE = "The word on a plan is the CEO’s own."


@require_safe
def listing(request: Request) -> HttpResponse:
    now, asked = timezone.now(), Listing.of(request)
    page = asked.page(initiatives_asked(asked))
    lines = [initiative_line(row, asked.seat(row.team_id), now) for row in page.object_list]
    context = {"list": asked, "page": page, "lines": lines, "may_add": asked.may(plans)}
    return render(request, "meetings/items/initiatives.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    team = team_for(request, plans, WHY_NOT)
    if not isinstance(team, Team):
        return team
    data = request.POST if request.method == "POST" else None
    form = InitiativeForm(data, team=team, user=request.user, now=now)
    return answer(
        request, form, save=form.write, default=reverse("meetings:initiatives"),
        said="The initiative is added. The CEO is asked for a word on it.",
               heading="A new initiative", about=team.name, button="Add the initiative", hidden={"team": team.slug},
    )  # fmt: skip


def _seen(request: Request, pk: int) -> Initiative:
    rows = with_points(Initiative.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related("team__company", "ceo_word_by", "finished_by"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now, initiative = timezone.now(), _seen(request, pk)
    allow(request.method != "POST" or initiative.can_edit(request.user), WHY_NOT)
    data, part = (request.POST, request.POST.get("part", "")) if request.method == "POST" else (None, "")
    form = InitiativeForm(
        data, instance=initiative, team=initiative.team, user=request.user, now=now, part=part
    )
    return answer(
        request, form, save=form.write, default=reverse("meetings:initiative_edit", args=[pk]), said="Saved.",
        heading=initiative.title, template="meetings/items/initiative.html", embedded=True,
        line=initiative_line(initiative, seat_on(initiative.team, request.user), now),
        can_edit=initiative.can_edit(request.user), can_agree=initiative.can_agree(request.user),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def word(request: Request, pk: int) -> HttpResponse:
    now, initiative = timezone.now(), _seen(request, pk)
    allow(initiative.can_agree(request.user), WHY_NOT_AGREE)
    form = WordForm(
        request.POST if request.method == "POST" else None,
        initial={"word": initiative.ceo_word, "version": initiative.version},
    )

    def step() -> str:
        if initiative.finished_at is not None:
            return "It is finished, so it needs no word any more. What you wrote is below."
        told = {name: form.cleaned_data[name] for name in ("word", "why")}
        if initiative.has_heard(**told, by=request.user):
            return ""  # a second click
        if not form.was_read(initiative.version) or not initiative.say(**told, by=request.user, now=now):
            return "The plan changed while you were reading. It stands above as it is now: read it, then say your word."
        Team.objects.stir(initiative.team_id)
        return ""

    return ask(
        request, form, step=step, default=reverse("meetings:initiatives"), said=f"Your word on “{initiative.title}” is given.",
        heading=initiative.title,
        template="meetings/items/word.html",
        line=initiative_line(initiative, seat_on(initiative.team, request.user), now), button="Say it",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: Request, pk: int) -> HttpResponse:
    now, initiative = timezone.now(), _seen(request, pk)
    allow(initiative.can_edit(request.user), WHY_NOT)
    form = FinishForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        outcome = form.cleaned_data["outcome"]
        initiative.finish(by=request.user, now=now, outcome=outcome)
        Team.objects.stir(initiative.team_id)
        return already(initiative, "outcome", outcome, "Somebody finished it before you")

    return ask(
        request, form, step=step, default=reverse("meetings:initiatives"), said=f"Finished: {initiative.title}.",
        heading=f"Finish “{initiative.title}”", button="Finished",
    )  # fmt: skip


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    initiative = _seen(request, pk)
    allow(initiative.can_edit(request.user), WHY_NOT)
    initiative.reopen(now=timezone.now())
    Team.objects.stir(initiative.team_id)
    return back(request, reverse("meetings:initiatives"), said=f"Going on: {initiative.title}.")
