"""Why dates moved: the sales leader answers for many deals together, or asks the reps, who answer by a link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.models import Link, Team, VersionConflict
from alignment.permissions import can_plan, has_permission
from alignment.rules.formatting import MoneyFormat, number_of
from alignment.sign_in import rate_limits
from alignment.web.link_session import link_page
from alignment.web.requests import Request
from alignment.web.responses import back, require
from alignment.web.team_access import readable_team
from deals.models import Deal
from deals.rules.changes import parse_day
from deals.rules.reasons import kind_in_words
from meetings.forms.moved_dates import MovedDateForm, MovedDatesForm
from meetings.moved_dates.queries import find_moved_deals
from meetings.moved_dates.requests import MOVED_DATE, ask_reps, deals_asked_about

WHY_NOT = "Only the sales leader’s side says why dates moved."
MOST_SHOWN = 50
"""Answered at once; the others follow when these are saved."""


def _team(request: Request, slug: str) -> Team:
    team = readable_team(request, slug)
    require(has_permission(request.user, team, can_plan), WHY_NOT)
    return team


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: Request, slug: str) -> HttpResponse:
    team, now = _team(request, slug), timezone.now()
    moved = find_moved_deals(team, now)
    form = MovedDatesForm(request.POST if request.method == "POST" else None, moved=moved[:MOST_SHOWN])
    if form.is_valid():
        explained = form.write(now=now)
        sentence = f"{number_of(explained, 'reason')} saved." if explained else "Nothing was changed."
        return back(request, reverse("meetings:moved_dates", args=(slug,)), message=sentence)
    context = {
        "team": team,
        "form": form,
        "more": len(moved) - len(form.moved),
        "asked_about": deals_asked_about(team, now),
        "m": MoneyFormat(team.currency, request.user.locale),
    }
    return render(request, "meetings/moved_dates/list.html", context, status=422 if form.is_bound else 200)


@require_POST
def ask(request: Request, slug: str) -> HttpResponse:
    team, now = _team(request, slug), timezone.now()
    sent = ask_reps(team, find_moved_deals(team, now), by=request.user, now=now)
    sentence = f"{number_of(sent, 'email')} on the way. The answers appear with the deals."
    if not sent:
        sentence = "Nobody was asked: every rep was asked already, or has no address that takes email."
    return back(request, reverse("meetings:moved_dates", args=(slug,)), message=sentence)


@require_http_methods(["GET", "HEAD", "POST"])
@link_page(MOVED_DATE)
def answer(request: HttpRequest, link: Link) -> HttpResponse:
    deals = Deal.objects.open().select_related("team__company", "account")
    deal = get_object_or_404(deals, pk=link.thing)
    push = deal.last_push
    is_explained = bool(push and (push.reason_kind or push.reason))
    form = MovedDateForm(request.POST if request.method == "POST" and not is_explained else None)
    if is_explained or not form.is_valid():
        context = {"link": link, "deal": deal, "is_explained": is_explained, "form": form}
        context["kind"] = kind_in_words(push.reason_kind) if push else ""
        context |= {"old": parse_day(push.old), "new": parse_day(push.new)} if push else {}
        status = 422 if form.is_bound else 200
        return render(request, "meetings/moved_dates/answer.html", context, status=status)
    if not rate_limits.within(request, "answer_link", about=link.pk):
        return render(request, "429.html", status=429)
    try:
        given = form.cleaned_data
        deal.record_reason(
            given["reason"] or "", kind=given["kind"], version=deal.version, now=timezone.now()
        )
    except VersionConflict:  # somebody saved in this moment: the page shows what is known now
        pass
    link.use(now=timezone.now())
    return redirect("meetings:moved_answer", pk=link.pk)
