"""The rows that changed lately, of all tables at once: one query, whatever the number of teams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import (
    Case,
    DateTimeField,
    F,
    IntegerField,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from alignment.db.union_columns import constant, empty
from alignment.models import User
from alignment.rules.roles import Side
from deals.models import Deal, DealChange, Risk
from meetings.models import Commitment, Decision, Initiative, Issue, Meeting, Update
from meetings.models.approvals import DECIDED_AT, DECIDED_BY, approval_state
from meetings.models.commitments import measures_read_by
from meetings.models.initiatives import plans_read_by
from meetings.news.values import NewsTeam

MOST_READ = 60
"""So many of the newest are looked at; what is older waits on its own page."""


_NEVER = empty(DateTimeField())
_NOBODY = empty(IntegerField())


class ChangedRow(NamedTuple):
    """A row with its stamps; those that a kind does not have are empty."""

    kind: str
    about: str
    """The kind of the item, or the section, that a comment is about."""
    pk: int
    team: int
    title: str
    text: str
    """An answer, a reason, an outcome."""
    state: str
    """Of a plan its approval, of an issue its kind, of a deal its status or new date."""
    side: str
    owner: int | None
    created_at: datetime | None
    created_by: int | None
    acted_at: datetime | None
    """Approved, resolved, closed, done."""
    acted_by: int | None
    ended_at: datetime | None
    """Completed, dropped."""
    ended_by: int | None
    changed_at: datetime


_ABOUT = Case(
    *(
        When(**{f"{item}__isnull": False}, then=constant(item))
        for item in ("issue", "deal", "risk", "initiative")
    ),
    default=F("section"),
)
_ITEM = Coalesce("issue", "deal", "risk", "initiative", Value(0))
_TITLE = Coalesce("issue__title", "deal__name", "risk__name", "initiative__title", constant(""))
_COMMENTS = (
    Update.objects.filter(
        ~Q(side=Side.LEADER) | Q(issue__isnull=False),
        meeting__state__in=(Meeting.State.SCHEDULED, Meeting.State.IN_PROGRESS),
    )
    .exclude(text="")
    .order_by()
    .annotate(stamp=F("changed_at"))
    .values_list(
        *(
            constant("comment"),
            _ABOUT,
            _ITEM,
            F("meeting__team"),
            _TITLE,
            "text",
            Coalesce("issue__kind", constant("")),
        ),
        *("side", _NOBODY, "changed_at", "author", _NEVER, _NOBODY, _NEVER, _NOBODY, "stamp"),
    )
)
"""What was written for the meetings ahead. The leader's words on the rows are the preparation, which is one piece of
news when it is submitted; their answers are news at once.
"""
_WHY = Case(When(finished_at=None, then=Coalesce("decision__why", constant(""))), default=F("outcome"))
_PLANS = Initiative.objects.order_by().values_list(
    *(
        constant("initiative"),
        constant("initiative"),
        "pk",
        "team",
        "title",
        _WHY,
        approval_state(),
        constant(""),
        _NOBODY,
    ),
    *("created_at", "created_by", DECIDED_AT, DECIDED_BY, "finished_at", "finished_by"),
    Greatest("changed_at", Coalesce(DECIDED_AT, "changed_at")),
)
_ISSUES = Issue.objects.order_by().values_list(
    *(constant("issue"), constant("issue"), "pk", "team", "title", "resolution", "kind", "side", _NOBODY),
    *("created_at", "created_by", "solved_at", "solved_by", _NEVER, _NOBODY, "changed_at"),
)
_IS_BIG = Q(deal__amount__gte=F("deal__team__big_deal_from")) | Q(deal__pinned_at__isnull=False)
_MOVED = Q(_IS_BIG, field="close_date", deal__status=Deal.Status.OPEN) & ~Q(new="")
_DEALS = (
    DealChange.objects.standing()
    .filter(Q(field="status", new__in=(Deal.Status.WON, Deal.Status.LOST)) | _MOVED)
    .exclude(old="")
    .order_by()
    .values_list(
        *(
            constant("deal"),
            constant("deal"),
            "deal",
            F("deal__team"),
            F("deal__name"),
            "reason",
            "new",
            constant(""),
        ),
        *(_NOBODY, _NEVER, _NOBODY, "at", "by", _NEVER, _NOBODY, F("at")),
    )
)
"""Deals won and lost, and big ones whose date moved."""
_WRONG = Case(When(closed_at=None, then=F("what_is_wrong")), default=F("outcome"), output_field=TextField())
_RISKS = Risk.objects.order_by().values_list(
    *(constant("risk"), constant("risk"), "pk", "team", "name", _WRONG, constant(""), constant(""), _NOBODY),
    *("created_at", "created_by", _NEVER, _NOBODY, "closed_at", "closed_by", "changed_at"),
)
_COMMITMENTS = Commitment.objects.order_by().values_list(
    *(
        constant("commitment"),
        constant("commitment"),
        "pk",
        "team",
        "text",
        "dropped_why",
        constant(""),
        constant(""),
    ),
    *("owner", "created_at", "created_by", "done_at", "done_by", "dropped_at", "dropped_by", "changed_at"),
)
_DECISIONS = Decision.objects.order_by().values_list(
    *(
        constant("decision"),
        constant("decision"),
        "pk",
        "team",
        "text",
        constant(""),
        constant(""),
        constant(""),
        _NOBODY,
    ),
    *("created_at", "created_by", _NEVER, _NOBODY, _NEVER, _NOBODY, F("created_at")),
)


def changed_rows(user: User, teams: Sequence[NewsTeam], since: datetime) -> list[ChangedRow]:
    """The newest rows of these teams that changed since, as far as the user may read them: one query."""
    pks = [team.seat.pk for team in teams]
    paired = [team.seat.pk for team in teams if team.seat.is_principal]
    by_plan = plans_read_by(user.pk, of="initiative__", paired=paired)
    changed = Q(changed_at__gt=since, team__in=pks)
    rows = _COMMENTS.filter(
        _by_others(teams),
        plans_read_by(user.pk, of="initiative__", paired=paired, team="meeting__team"),
        plans_read_by(user.pk, of="issue__initiative__", paired=paired, team="meeting__team"),
        changed_at__gt=since,
    ).union(
        _PLANS.filter(
            Q(changed_at__gt=since) | Q(decision__closed_at__gt=since) | Q(decision__ceo_at__gt=since),
            plans_read_by(user.pk, paired=paired),
            team__in=pks,
        ),
        _ISSUES.filter(by_plan, changed),
        _DEALS.filter(at__gt=since, deal__changed_at__gt=since, deal__team__in=pks),
        _RISKS.filter(changed),
        _COMMITMENTS.filter(by_plan, changed, measures_read_by(user)),
        _DECISIONS.filter(by_plan, created_at__gt=since, team__in=pks),
        all=True,
    )
    return [ChangedRow._make(row) for row in rows.order_by("-stamp")[:MOST_READ]]


def _by_others(teams: Sequence[NewsTeam]) -> Q:
    """Written by another side than the reader's on each team."""
    others = Q(pk__in=[])
    for side in {team.seat.side for team in teams}:
        of_side = [team.seat.pk for team in teams if team.seat.side == side]
        others |= Q(meeting__team__in=of_side) & ~Q(side=side)
    return others
