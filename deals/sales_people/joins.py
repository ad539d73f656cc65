"""Two reps that are one person: joined into one, and taken apart again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from alignment import audit
from alignment.models import Team, User
from deals.models import Deal, DealChange, Rep


class JoinError(Exception):
    """They cannot be joined, or not taken apart. Nothing was changed; the text says why, for the person."""


@transaction.atomic
def join_reps(rep: Rep, into: Rep, *, by: User, now: datetime) -> int:
    """The deals of `rep` are those of `into` from now on, and its name leads there. Returns how many deals."""
    if rep.pk == into.pk or rep.company_id != into.company_id:
        raise JoinError("Choose another rep of the same company.")
    locked = _locked(rep.pk, into.pk)
    rep, into = locked[rep.pk], locked[into.pk]
    if rep.joined_into_id or into.joined_into_id:
        raise JoinError("One of the two was joined with somebody already. Look at the list again.")
    if earlier := rep.joined.first():
        raise JoinError(f"{earlier} was joined into {rep}. Take that apart first.")
    Rep.objects.filter(pk=rep.pk).update(
        joined_into=into, joined_at=now, joined_by=by, version=F("version") + 1
    )
    number = _hand_over(Deal.objects.filter(rep=rep), rep, into, by=by, now=now)
    audit.note("rep.joined", by=by, now=now, company=rep.company, about=rep.name, new=into.name)
    return number


@transaction.atomic
def separate_reps(rep: Rep, *, by: User, now: datetime) -> int:
    """Undo of `join_reps`: the deals that came with it go back, as far as they are still with the other."""
    rep = _locked(rep.pk)[rep.pk]
    into = rep.joined_into
    if into is None or rep.joined_at is None:
        raise JoinError(f"{rep} is not joined with anybody.")
    handed_over = DealChange.objects.filter(field="rep", at=rep.joined_at, old=rep.name, new=into.name)
    deals = Deal.objects.filter(rep=into, pk__in=handed_over.values("deal"))
    Rep.objects.filter(pk=rep.pk).update(
        joined_into=None, joined_at=None, joined_by=None, version=F("version") + 1
    )
    number = _hand_over(deals, into, rep, by=by, now=now)
    audit.note("rep.separated", by=by, now=now, company=rep.company, about=rep.name, old=into.name)
    return number


def _locked(*pks: int) -> dict[int, Rep]:
    """In one order, so that two who join the same two reps at once never wait for each other."""
    rows = Rep.objects.select_for_update(of=("self",)).select_related("company", "joined_into")
    return {rep.pk: rep for rep in rows.filter(pk__in=pks).order_by("pk")}


def _hand_over(deals: QuerySet[Deal], rep: Rep, to: Rep, *, by: User, now: datetime) -> int:
    """Set-based, with a change for each deal. It is no news of the deal: when it last changed stays."""
    rows = list(deals.select_related("team"))
    DealChange.objects.bulk_create(
        DealChange(deal=deal, field="rep", old=rep.name, new=to.name, day=deal.team.today(now), at=now, by=by)
        for deal in rows
    )
    Deal.objects.filter(pk__in=[deal.pk for deal in rows]).update(rep=to, version=F("version") + 1)
    for team in {deal.team_id for deal in rows}:
        Team.objects.bump_revision(team)
    return len(rows)
