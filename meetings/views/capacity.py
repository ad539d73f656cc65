"""What the wins of a team take to deliver, and the promise to tell somebody of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment.rules.formatting import day
from alignment.web.requests import Request
from alignment.web.responses import back, require
from alignment.web.team_access import readable_team
from deals.models import CapacityNeed
from meetings.capacity.needs import commit_to_tell
from meetings.forms.items import due_by_default
from meetings.pages.capacity import build_page

WHY_NOT = "Only the CEO’s or the sales leader’s side can make commitments."


@require_safe
def capacity(request: Request, slug: str) -> HttpResponse:
    team = readable_team(request, slug)
    page = build_page(team, request.user, today=team.today(timezone.now()))
    return render(request, "meetings/capacity/page.html", {"page": page, "team": team})


@require_POST
def promise(request: Request, pk: int) -> HttpResponse:
    """ "Tell X" as a commitment of whoever taps, due at the next meeting, and no later than the day it is needed."""
    needs = CapacityNeed.objects.visible_to(request.user).real()
    need, now = get_object_or_404(needs.select_related("deal__team__company"), pk=pk), timezone.now()
    require(need.can_tell(request.user), WHY_NOT)
    team = need.deal.team
    today = team.today(now)
    due = due_by_default(team, None, today=today)
    if need.needed_by is not None:
        due = max(today, min(due, need.needed_by))
    commitment = commit_to_tell(need, team, by=request.user, now=now, due=due)
    here = reverse("meetings:capacity", args=[team.slug])
    return back(request, here, message=f"Commitment: {commitment.text}, by {day(commitment.due)}.")
