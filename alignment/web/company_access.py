"""Who may open the setup pages of a company."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404

from alignment.models import Company
from alignment.people.whom_to_ask import admins_of, ask
from alignment.web.requests import Request

FOR_ADMINS = "Only an admin of the company can change the setup."


def company_for(request: Request, slug: str) -> Company:
    """The company of a setup page. Raises Http404 for outsiders, and PermissionDenied with a sentence for
    people of the company who are not admins.
    """
    mine = Q(memberships__user=request.user, memberships__ended_at=None) | Q(
        teams__seats__user=request.user, teams__seats__until=None
    )
    company = get_object_or_404(Company.objects.filter(mine).distinct(), slug=slug)
    if not company.is_administered_by(request.user):
        raise PermissionDenied(f"{FOR_ADMINS} {ask(admins_of([company]), otherwise='It has none now.')}")
    return company
