"""A deal goes into another, because somebody said that they are one; and is taken out again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from alignment import audit
from alignment.models import Team, User
from deals.models import Deal, RevenueEntry
from deals.same_deals.following_rows import move_back, move_rows

KEPT_FIELDS = ("status", "reason", "reason_kind")
"""What taking it out again brings back."""


class MergeError(Exception):
    """They cannot be merged, or not taken apart. Nothing was changed; the text says why, for the person."""


@transaction.atomic
def merge_deals(deal: Deal, into: Deal, *, by: User, now: datetime) -> None:
    """`deal` is withdrawn. Risks, what was said and promised about it, and revenue that people recorded for it follow
    into the other; what the deal itself booked is corrected to nothing, so that no money counts twice.

    The other keeps its own values. Imports of the id of the one that went change the other from now on. Raises
    MergeError.
    """
    deal, into = _locked(deal.pk, into.pk)
    if deal.merged_into_id == into.pk:
        return  # a second click
    _check(deal, into)
    moves = {name: getattr(deal, name) for name in KEPT_FIELDS} | {"rows": move_rows(deal, into)}
    merged = deal.record_change(
        version=deal.version,
        day=deal.team.today(now),
        now=now,
        by=by,
        reason=f"The same deal as {into}"[:300],
        status=Deal.Status.WITHDRAWN,
        merged_into=into,
        merge_moves=moves,
    )
    _book(merged, into, by=by, now=now)
    audit.note("deal.merged", by=by, now=now, company=deal.team.company, about=deal.team.name)


@transaction.atomic
def separate_deal(deal: Deal, *, by: User, now: datetime) -> None:
    """Undo of `merge_deals`: what followed goes back, as far as it is still with the other. Raises MergeError."""
    into = Deal.objects.filter(merged=deal).first()
    if into is None:
        raise MergeError(f"{deal} is a deal of its own already.")
    deal, into = _locked(deal.pk, into.pk)
    if deal.merged_into_id != into.pk:
        raise MergeError("Somebody changed that meanwhile. Look at the deal again.")
    moves = deal.merge_moves
    move_back(moves.get("rows", {}), into=into, to=deal)
    separated = deal.record_change(
        version=deal.version,
        day=deal.team.today(now),
        now=now,
        by=by,
        reason=moves.get("reason", ""),
        reason_kind=moves.get("reason_kind", ""),
        status=moves.get("status", Deal.Status.OPEN),
        merged_into=None,
        merge_moves={},
    )
    _book(separated, into, by=by, now=now)
    audit.note("deal.separated", by=by, now=now, company=deal.team.company, about=deal.team.name)


def _check(deal: Deal, into: Deal) -> None:
    if deal.pk == into.pk or deal.team_id != into.team_id:
        raise MergeError("Choose another deal of the same team.")
    if deal.merged_into_id or into.merged_into_id:
        raise MergeError("One of the two went into another deal already. Look at the list again.")
    if earlier := deal.merged.first():
        raise MergeError(f"{earlier} went into {deal}. Take that apart first.")
    if into.status == Deal.Status.WITHDRAWN:
        raise MergeError(f"{into} is withdrawn. Merge it into this one instead.")
    if deal.status == Deal.Status.WON and into.status != Deal.Status.WON:
        raise MergeError(
            f"{deal} is won and {into} is not, so its revenue would be lost. Merge {into} into {deal} instead."
        )


def _book(*deals: Deal, by: User, now: datetime) -> None:
    """Make the books agree with both."""
    for deal in deals:
        RevenueEntry.objects.book_deal(deal, by=by, now=now)
    Team.objects.bump_revision(deals[0].team_id)


def _locked(pk: int, into: int) -> tuple[Deal, Deal]:
    rows = Deal.objects.select_for_update(of=("self",)).filter(pk__in=(pk, into)).order_by("pk")
    deals = {row.pk: row for row in rows.select_related("team__company", "rep", "pipeline")}
    return deals[pk], deals[into]
