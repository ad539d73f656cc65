"""The quarter on one page, and what of it the CEO opens to others."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alignment.models import Team
from alignment.rules.periods import Period, key_of_quarter, quarter_named
from alignment.web.confirm import confirm_action
from alignment.web.requests import Request
from alignment.web.responses import require
from alignment.web.team_access import readable_team
from meetings.forms.quarter_page import ShareForm
from meetings.models import QuarterSharing, TransitionNotAllowed
from meetings.pages.quarter_page import build_page
from meetings.quarter_page.sharing import share_quarter

CEO_ALONE = "Only the CEO of the team decides what others read of a quarter."
ABOUT = (
    "Others are whoever else sits on the team: delegates, facilitators and observers. A print has the same, so that it "
    "can be handed on. You and the sales leader always read all of it; a company admin without a seat nothing."
)


def _quarter(request: Request, team: Team, now: datetime) -> Period:
    key = request.POST.get("quarter") or request.GET.get("quarter") or ""
    quarter = quarter_named(key, today=team.today(now), first_month=team.company.fiscal_year_start)
    if quarter is None:
        raise Http404
    return quarter


@require_safe
def quarter_page(request: Request, slug: str) -> HttpResponse:
    team, now = readable_team(request, slug), timezone.now()
    page = build_page(team, request.user, _quarter(request, team, now), now=now)
    context = {"page": page, "team": team, "m": page.m, "figures": page.figures}
    return render(request, "meetings/quarter_page/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: Request, slug: str) -> HttpResponse:
    team, now = readable_team(request, slug), timezone.now()
    require(QuarterSharing.can_change(team, request.user), CEO_ALONE)
    quarter = _quarter(request, team, now)
    row = QuarterSharing.objects.of(team, quarter)
    initial = {
        "parts": row.parts,
        "ceo_number": row.ceo_number_of_id == request.user.pk,
        "version": row.version,
    }
    form = ShareForm(request.POST if request.method == "POST" else None, initial=initial)

    def step() -> str:
        values = form.cleaned_data
        try:
            share_quarter(
                team,
                quarter,
                values["parts"],
                with_ceo_number=values["ceo_number"],
                version=values["version"],
                by=request.user,
                now=now,
            )
        except TransitionNotAllowed as why:
            form.base_on(row.version)
            return str(why)
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=f"{reverse('meetings:quarter', args=(slug,))}?quarter={key_of_quarter(quarter)}",
        message=f"Saved: what others read of {quarter.label}.",
        heading=f"What others read of {quarter.label}",
        about=ABOUT,
        button="Save",
        hidden={"quarter": key_of_quarter(quarter)},
    )
