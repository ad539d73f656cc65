"""The setup pages of a company: who may open them."""

from __future__ import annotations

from django.db.models import Q
from django.shortcuts import get_object_or_404

from alignment.access import Request
from alignment.models import Company
from alignment.saving import allow

FOR_ADMINS = "Only an admin of the company sets this up. Ask yours; on “Today” you find what is yours to do."


def company_for(request: Request, slug: str) -> Company:
    """The company of a setup page. 404 for whoever has nothing to do with it, 403 with a sentence for its other people."""
    mine = Q(memberships__user=request.user, memberships__ended_at=None) | Q(
        teams__seats__user=request.user, teams__seats__until=None
    )
    company = get_object_or_404(Company.objects.filter(mine).distinct(), slug=slug)
    allow(company.is_administered_by(request.user), FOR_ADMINS)
    return company
