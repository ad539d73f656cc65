"""The first 90 days in a seat, and taking over the commitments of the predecessor."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment.models import Team
from alignment.rules.formatting import MoneyFormat
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from alignment.web.team_access import principal_team
from meetings.models import Commitment
from meetings.pages.handover import first_days

FOR_PRINCIPALS = "Only the CEO and the sales leader of the team can see the handover."
TAKEN_OVER_BY_PRINCIPALS = "Only the CEO and the sales leader can take over commitments."


@require_safe
def page(request: Request, slug: str) -> HttpResponse:
    now = timezone.now()
    team = principal_team(request, slug, why=FOR_PRINCIPALS)
    context = {
        "first_days": first_days(team, request.user, now),
        "team": team,
        "m": MoneyFormat(team.currency, request.user.locale),
    }
    return render(request, "meetings/first_days.html", context)


@require_POST
def take(request: Request, pk: int) -> HttpResponse:
    """The reader becomes the owner of the commitment."""
    visible = Commitment.objects.visible_to(request.user).select_related("team")
    commitment = get_object_or_404(visible, pk=pk)
    require(commitment.team.is_principal(request.user), TAKEN_OVER_BY_PRINCIPALS)
    default = reverse("meetings:commitment_edit", args=(pk,))
    if not commitment.is_open:
        return refuse(request, default, "This commitment was already done or dropped.")
    commitment.hand_to(request.user, now=timezone.now())
    Team.objects.bump_revision(commitment.team_id)
    return back(request, default, message=f"Yours now: {commitment.text}")
