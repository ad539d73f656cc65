"""A CEO does not want to read for a week why a team needs them, and takes that back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alignment.models import Team
from alignment.web.requests import Request
from alignment.web.responses import back, require
from meetings.home import home
from meetings.models import SilencedReason


@require_POST
def silence_reason(request: Request, slug: str) -> HttpResponse:
    """The reason that stands on the reader's home now, if it still is of the kind that they read."""
    now, user = timezone.now(), request.user
    team = _own_team(request, slug)
    reason = home(user, now).reason_of(team.slug)
    if reason is not None and reason.kind == request.POST.get("kind"):
        SilencedReason.objects.silence(team, reason.kind, reason.size, by=user, now=now)
    return back(request, _row_of(team))


@require_POST
def restore_reasons(request: Request, slug: str) -> HttpResponse:
    """Read again what is silenced of the team."""
    team = _own_team(request, slug)
    SilencedReason.objects.visible_to(request.user).filter(team=team).delete()
    return back(request, _row_of(team))


def _own_team(request: Request, slug: str) -> Team:
    team = get_object_or_404(Team.objects.visible_to(request.user), slug=slug)
    require(SilencedReason.can_silence(request.user, team))
    return team


def _row_of(team: Team) -> str:
    return f"{reverse('meetings:home')}#team-{team.slug}"
