"""Which deals an agenda shows: big or pinned ones about to close, and what happened since the last meeting."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from deals.models import CapacityNeed, CommittedDeal, Deal, DealChange, Evidence
from deals.rules.changes import FIRST_SIGHT

MOST_DEALS = 60
"""The most deals that one agenda shows."""


class ChangeRead(NamedTuple):
    field: str
    old: str
    new: str
    day: date
    reason: str
    reason_kind: str
    at: datetime


class CommitRead(NamedTuple):
    period_start: date
    period_end: date
    committed_on: date
    amount: Decimal | None
    committed_at: datetime
    left_at: datetime | None
    requested_at: datetime | None


class AnswerRead(NamedTuple):
    kind: str
    at: datetime


class NeedRead(NamedTuple):
    pk: int
    what: str
    needed_by: date | None
    who: str
    informed_at: datetime | None


def is_recorded_since(since: datetime, since_day: date) -> Q:
    """Changes recorded after the last meeting was closed: `_is_fresh` in SQL."""
    return Q(day__gt=since_day) | Q(day=since_day, at__gt=since)


def has_outcome_since(since: datetime, since_day: date, today: date) -> Exists:
    """Whether a change of the deal's status was recorded after the last meeting was closed."""
    outcomes = is_recorded_since(since, since_day)
    return Exists(
        DealChange.objects.standing().filter(outcomes, deal=OuterRef("pk"), field="status", day__lte=today)
    )


def is_closed_since(since: datetime, since_day: date, today: date) -> Q:
    """Deals won or lost after the last meeting was closed, or whose outcome was recorded after it."""
    entered_on_that_day = Q(close_date=since_day, created_at__gt=since)
    has_outcome = has_outcome_since(since, since_day, today)
    news = Q(close_date__gt=since_day) | entered_on_that_day | has_outcome
    return news & Q(status__in=(Deal.Status.WON, Deal.Status.LOST), close_date__lte=today)


def big_deals_of(team: Team, *, since: datetime, since_day: date, today: date, until: date) -> QuerySet[Deal]:
    """Big or pinned deals closed since the last meeting, or withdrawn in the CRM,
    closing by `until`, moved, added or taken over since, each with its changes as `change_rows`, what was
    committed of it and why as `commit_rows` and `answer_rows`, and what it takes as `need_rows`.
    """
    big = Q(amount__gte=team.big_deal_from) | Q(pinned_at__isnull=False)
    moved = DealChange.objects.standing().filter(
        is_recorded_since(since, since_day),
        deal__team=team,
        day__lte=today,
        field__in=("close_date", "amount", "status", "team"),
    )
    added = Q(created_at__gt=since, external_id="")  # by a person: an import may bring hundreds
    coming = Q(status="open") & (
        Q(close_date__lte=until) | Q(pinned_at__isnull=False) | Q(pk__in=moved.values("deal")) | added
    )
    closed = is_closed_since(since, since_day, today)
    withdrawn = Q(has_outcome_since(since, since_day, today), status=Deal.Status.WITHDRAWN)
    changes = DealChange.objects.standing().filter(deal=OuterRef("pk")).exclude(field=FIRST_SIGHT)
    own = Q(deal=OuterRef("pk")) | Q(deal__merged_into=OuterRef("pk"))
    commits = CommittedDeal.objects.filter(own, team=team)
    commits = commits.annotate(requested_at=F("evidence_request__at"))
    of_commits = Q(committed__deal=OuterRef("pk")) | Q(committed__deal__merged_into=OuterRef("pk"))
    answers = Evidence.objects.filter(of_commits, committed__team=team)
    needs = CapacityNeed.objects.filter(deal=OuterRef("pk")).order_by("needed_by", "id")
    return (
        Deal.objects.filter(big, closed | withdrawn | coming, team=team)
        .select_related("account", "rep", "congratulation")
        .annotate(
            change_rows=JsonRows(changes, into=ChangeRead),
            commit_rows=JsonRows(commits, into=CommitRead),
            answer_rows=JsonRows(answers, into=AnswerRead),
            need_rows=JsonRows(needs, into=NeedRead, pk="id"),
        )
        .order_by(F("close_date").asc(nulls_last=True), "pk")[:MOST_DEALS]
    )


def small_wins_of(team: Team, *, since: datetime, since_day: date, today: date) -> QuerySet[Deal]:
    """Deals won since the last meeting that are not listed one by one."""
    return Deal.objects.filter(
        is_closed_since(since, since_day, today),
        team=team,
        status=Deal.Status.WON,
        amount__lt=team.big_deal_from,
        pinned_at=None,
    )
