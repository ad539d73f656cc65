"""How a row that belongs to a team begins: for which team, asked once, made once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from alignment.access import May, Request, may, seats_of
from alignment.models import Team, TeamItem
from alignment.saving import allow

Row = TypeVar("Row", bound=TeamItem)
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")


def asked(request: Request, name: str) -> str:
    """What the form says, or the address that led to it."""
    return request.POST.get(name) or request.GET.get(name) or ""


def team_for(request: Request, what: May, why: str) -> Team | HttpResponse:
    """The team the new row is for: as asked (404 unless seen, 403 unless allowed), the only one possible, or a
    page that asks."""
    slug = asked(request, "team")
    if slug:
        return _named(request, slug, what, why)
    teams = [seat.team for seat in seats_of(request.user) if what(seat)]
    allow(bool(teams), why)
    if len(teams) > 1:
        return render(request, "components/choose_team.html", {"teams": teams})
    return teams[0]


def _named(request: Request, slug: str, what: May, why: str) -> Team:
    if not SLUG.fullmatch(slug):
        raise Http404("There is no such team.")
    seen = Team.objects.visible_to(request.user).select_related("company")
    team = get_object_or_404(seen, slug=slug)
    allow(may(request.user, team, what), why)
    return team


def made_once(row: Row, *, then: Callable[[Row], object] | None = None, told: Collection[str] = ()) -> Row:
    """Insert the row and what comes with it; where its token is there already, the row that the first click made.

    A form sent a second time with other words in the fields `told` makes another row: nobody's words are lost.
    """
    try:
        return _insert(row, then)
    except IntegrityError:
        twin = type(row)._default_manager.filter(  # noqa: SLF001 - Django's public name for it
            token=row.token, team=row.team_id, created_by=row.created_by_id
        ).first()  # fmt: skip
        if twin is not None and all(getattr(twin, name) == getattr(row, name) for name in told):
            return twin
    row.token = uuid.uuid4()
    return _insert(row, then)


@transaction.atomic
def _insert(row: Row, then: Callable[[Row], object] | None) -> Row:
    row.save(force_insert=True)
    if then is not None:
        then(row)
    Team.objects.stir(row.team_id)
    return row
