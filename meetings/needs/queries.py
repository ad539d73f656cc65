"""What waits for somebody: one query, whatever the number of teams."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.functions import Cast, Coalesce

from alignment.db.union_columns import constant, empty
from alignment.models import Agreement, Seat, User
from alignment.rules.roles import PRINCIPAL_ROLES, PRINCIPAL_SIDES, Role, Side
from meetings.models import Commitment, Initiative, Issue, Meeting
from meetings.models.approvals import approval_state
from meetings.models.initiatives import plans_read_by

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeatedTeam:
    """A team on which the reader sits, and as what."""

    pk: int
    name: str
    slug: str
    role: str
    side: str
    meeting: int | None
    """The next one."""

    @property
    def is_principal(self) -> bool:
        return self.role in PRINCIPAL_ROLES


def seated_teams(user: User) -> list[SeatedTeam]:
    """Those on which the user sits, by name: one query."""
    ahead = Meeting.objects.filter(team=OuterRef("team")).ahead().values("pk")[:1]
    seats = Seat.objects.current().filter(user=user).order_by("team__name_key", "team")
    columns = seats.annotate(next=Subquery(ahead)).values_list(
        "team", "team__name", "team__slug", "role", "acts_for", "next"
    )
    return [
        SeatedTeam(pk, name, slug, role, acts_for or role, ahead)
        for pk, name, slug, role, acts_for, ahead in columns
    ]


KINDS = ("plan", "question", "agreement", "commitment")
NEVER = date.max


_NO_AMOUNT = empty(DecimalField(max_digits=18, decimal_places=2))
_NO_DAY = empty(DateField())
_NO_PERSON = empty(IntegerField())


class WaitingRow(NamedTuple):
    """A plan, a question, an agreement or a commitment that may wait for the reader; what another kind has is empty.

    Of an agreement `title` is its subject, `detail` its content as JSON, `why` its key, `version` its number.
    """

    kind: str
    pk: int
    team: int
    title: str
    detail: str
    """The plan, or the background of a question."""
    why: str
    """What has to change in a plan."""
    by: str | None
    """Who wants it."""
    state: str
    """The approval of a plan, the state of an agreement; “new”: a commitment that its owner does not know of yet."""
    measure: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    due: date | None
    owner: int | None
    version: int
    since: datetime | None
    """Since when it waits: made, proposed, or changed after it was decided."""


_PLANS = (
    Initiative.objects.open()
    .order_by()
    .values_list(
        *(constant("plan"), "pk", "team", "title", "plan", Coalesce("decision__why", constant(""))),
        *("decision__closed_by__name", approval_state()),
        *("measured_by__name", "measured_by__unit", "measured_by__baseline", "measured_by__target"),
        *("due", _NO_PERSON, "version"),
        Case(When(decision=None, then=F("created_at")), default=F("changed_at")),
    )
)
_QUESTIONS = {
    side: Issue.objects.unanswered_by(side)
    .order_by()
    .values_list(
        *(
            constant("question"),
            "pk",
            "team",
            "title",
            "detail",
            constant(""),
            "created_by__name",
            constant(""),
        ),
        *(constant(""), constant(""), _NO_AMOUNT, _NO_AMOUNT, _NO_DAY, _NO_PERSON, "version"),
        F("created_at"),
    )
    for side in PRINCIPAL_SIDES
}
_AGREEMENT_COLUMNS = (
    *(
        constant("agreement"),
        "pk",
        "team",
        "subject",
        Cast("content", TextField()),
        "key",
        "proposed_by__name",
        "state",
    ),
    *(constant(""), constant(""), _NO_AMOUNT, _NO_AMOUNT, _NO_DAY, _NO_PERSON, "number"),
    F("proposed_at"),
)
_IS_NEW = Case(When(Commitment.is_unaccepted(), then=constant("new")), default=constant(""))
_COMMITMENTS = (
    Commitment.objects.open()
    .order_by()
    .values_list(
        *(
            constant("commitment"),
            "pk",
            "team",
            "text",
            constant(""),
            constant(""),
            "created_by__name",
            _IS_NEW,
        ),
        *(constant(""), constant(""), _NO_AMOUNT, _NO_AMOUNT, "due", "owner", "version"),
        F("created_at"),
    )
)


def waiting_rows(user: User, now: datetime, teams: Sequence[SeatedTeam]) -> list[WaitingRow]:
    """Plans, questions and agreements, then open commitments: the user's own, and everybody's whose day may be over
    where the team is. One query.
    """
    paired = [team.pk for team in teams if team.is_principal]
    by_plan = plans_read_by(user.pk, of="initiative__", paired=paired)
    own_or_overdue = Q(owner=user) | Q(due__lt=now.date() + DAY)
    speaks_for = {side: [team.pk for team in teams if team.side == side] for side in PRINCIPAL_SIDES}
    rows = _plans(user, teams, paired).union(
        *(_QUESTIONS[side].filter(by_plan, team__in=pks) for side, pks in speaks_for.items() if pks),
        *(
            Agreement.objects.waiting_for(side, user.pk, now.date())
            .filter(team__in=pks)
            .order_by()
            .values_list(*_AGREEMENT_COLUMNS)
            for side, pks in _seats_of(teams).items()
        ),
        _COMMITMENTS.filter(by_plan, own_or_overdue, team__in=[team.pk for team in teams]),
        all=True,
    )
    return sorted(
        map(WaitingRow._make, rows), key=lambda row: (KINDS.index(row.kind), row.due or NEVER, row.pk)
    )


def _seats_of(teams: Sequence[SeatedTeam]) -> dict[Side, list[int]]:
    """The teams on which the reader is the CEO, and the sales leader, themselves."""
    seats = {side: [team.pk for team in teams if team.role == side] for side in PRINCIPAL_SIDES}
    return {side: pks for side, pks in seats.items() if pks}


def _plans(user: User, teams: Sequence[SeatedTeam], paired: Collection[int]) -> QuerySet[Any, Any]:
    """Those that wait for the CEO, and those that the CEO sent back to the leader's side."""
    as_ceo = [team.pk for team in teams if team.role == Role.CEO]
    for_leader = [team.pk for team in teams if team.side == Side.LEADER]
    undecided = Q(team__in=as_ceo, approval_state__in=Initiative.UNDECIDED)
    sent_back = Q(team__in=for_leader, approval_state=Initiative.Approval.NOT_YET)
    return _PLANS.alias(approval_state=approval_state()).filter(
        undecided | sent_back, plans_read_by(user.pk, paired=paired)
    )
