"""Needs with the commitment to tell somebody of them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from alignment.models import Team, User
from alignment.web.create_once import create_once
from deals.models import CapacityNeed
from deals.models.capacity_needs import CapacityNeedQuerySet
from meetings.models import Commitment, Section

LONGEST = 300
"""The longest text of a commitment."""


def with_commitments(needs: CapacityNeedQuerySet) -> QuerySet[CapacityNeed]:
    """Each with the number and day of the open commitment to tell it as `promised` and `promised_by`."""
    open_ones = Commitment.objects.open().filter(capacity_need=OuterRef("pk"))
    return needs.annotate(
        promised=Subquery(open_ones.values("pk")[:1]), promised_by=Subquery(open_ones.values("due")[:1])
    )


@transaction.atomic
def commit_to_tell(need: CapacityNeed, team: Team, *, by: User, now: datetime, due: date) -> Commitment:
    """“Tell Support: two onboarding weeks for Orbis renewal”, by whoever taps. One need has one such commitment: one
    that was dropped is open again; one that was done stays in the record, and is of this need no longer when what
    was told has changed since.
    """
    need = CapacityNeed.objects.select_for_update(no_key=True).get(pk=need.pk)
    known = Commitment.objects.filter(capacity_need=need).first()
    if known is not None and (known.done_at is None or need.informed_at is not None):
        if known.dropped_at is not None:
            known.reopen(now=now)
        return known
    Commitment.objects.filter(capacity_need=need).update(capacity_need=None)
    text = f"Tell {need.who or 'who delivers it'}: {need.what} for {need.deal}"
    commitment = Commitment(
        team=team,
        section=Section.DEALS,
        deal=need.deal,
        capacity_need=need,
        text=text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…",
        owner=by,
        due=due,
        created_by=by,
        created_at=now,
        changed_at=now,
        accepted_at=now,
    )
    return create_once(commitment)
