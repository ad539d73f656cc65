"""The first 90 days of whoever follows in a seat, and taking over what the one before promised."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment.access import Request
from alignment.models import Team
from alignment.saving import allow, back, refuse
from alignment.templatetags.figures import MoneyFormat
from meetings.first_days import first_days
from meetings.models import Commitment

FOR_THE_TWO = "What was handed over is for the CEO and the sales leader of the team."
ONLY_THE_TWO = "The CEO and the sales leader take over what others promised."


@require_safe
def page(request: Request, slug: str) -> HttpResponse:
    now = timezone.now()
    seen = Team.objects.visible_to(request.user).select_related("company")
    team = get_object_or_404(seen, slug=slug)
    allow(team.is_pair(request.user), FOR_THE_TWO)
    shown = first_days(team, request.user, now)
    context = {"shown": shown, "team": team, "m": MoneyFormat(team.currency, request.user.locale)}
    return render(request, "meetings/first_days.html", context)


@require_POST
def take(request: Request, pk: int) -> HttpResponse:
    """The commitment is the reader's own from now on."""
    seen = Commitment.objects.visible_to(request.user).select_related("team")
    commitment = get_object_or_404(seen, pk=pk)
    allow(commitment.team.is_pair(request.user), ONLY_THE_TWO)
    default = reverse("meetings:commitment_edit", args=(pk,))
    if not commitment.is_open:
        return refuse(request, default, "This commitment is done or dropped already.")
    commitment.hand_to(request.user, now=timezone.now())
    Team.objects.stir(commitment.team_id)
    return back(request, default, said=f"Yours now: {commitment.text}")
