"""The team that the page of an address is about."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from alignment.models import Team
from alignment.web.requests import Request
from alignment.web.responses import require


def readable_team(request: Request, slug: str) -> Team:
    """With its company. Raises Http404 for a team whose pages the person does not read."""
    return get_object_or_404(Team.objects.read_by(request.user).select_related("company"), slug=slug)


def principal_team(request: Request, slug: str, *, why: str) -> Team:
    """With its company. Raises Http404 for a team that the person does not see, and PermissionDenied with the sentence
    `why` for whoever is neither its CEO nor its sales leader.
    """
    team = get_object_or_404(Team.objects.visible_to(request.user).select_related("company"), slug=slug)
    require(team.is_principal(request.user), why)
    return team
