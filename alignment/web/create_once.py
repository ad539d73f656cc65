"""Creating a row of a team: which team it is for, and creating it only once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from alignment.models import Team, TeamItem
from alignment.permissions import Permission, has_permission, seats_of
from alignment.web.requests import Request
from alignment.web.responses import require

Row = TypeVar("Row", bound=TeamItem)
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")


def param(request: Request, name: str) -> str:
    """The value in the form, else in the address."""
    return request.POST.get(name) or request.GET.get(name) or ""


def requested_team(request: Request, what: Permission, why: str) -> Team | HttpResponse:
    """The team for the new row: the one requested, or the only one possible; otherwise a page that asks.

    Raises Http404 for a team the person cannot see,
    and PermissionDenied without the right to add rows to it.
    """
    slug = param(request, "team")
    if slug:
        return _named(request, slug, what, why)
    teams = [seat.team for seat in seats_of(request.user) if what(seat)]
    require(bool(teams), why)
    if len(teams) > 1:
        return render(request, "components/choose_team.html", {"teams": teams})
    return teams[0]


def _named(request: Request, slug: str, what: Permission, why: str) -> Team:
    if not SLUG.fullmatch(slug):
        raise Http404("This team does not exist.")
    visible = Team.objects.visible_to(request.user).select_related("company")
    team = get_object_or_404(visible, slug=slug)
    require(has_permission(request.user, team, what), why)
    return team


def create_once(
    row: Row, *, then: Callable[[Row], object] | None = None, text_fields: Collection[str] = ()
) -> Row:
    """Insert the row and what comes with it, or return the row that an earlier click made with its token.

    The same form sent again with different text in `text_fields` creates another row: no text is lost.
    """
    try:
        return _insert(row, then)
    except IntegrityError:
        rows = type(row)._default_manager  # noqa: SLF001 - Django's public name for it
        twin = rows.filter(token=row.token, team=row.team_id, created_by=row.created_by_id).first()
        if twin is not None and all(getattr(twin, name) == getattr(row, name) for name in text_fields):
            return twin
    row.token = uuid.uuid4()
    return _insert(row, then)


@transaction.atomic
def _insert(row: Row, then: Callable[[Row], object] | None) -> Row:
    row.save(force_insert=True)
    if then is not None:
        then(row)
    Team.objects.bump_revision(row.team_id)
    return row
