"""The CEO's approval of an initiative: a row of agreements, compared with the plan and the seat on reading.

`Initiative.approval` is the rule for one row, `approval_state` the same in the database.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from alignment.models import Agreement, User
from alignment.models.teams import Seat
from alignment.rules.roles import Role

SUBJECT = "initiative"
PLAN_NUMBER = "plan_number"
"""What a decision rests on, among its facts: the number of the plan that was read."""


class Approval(models.TextChoices):
    """How the plan stands with the CEO. CHANGED: the plan was changed since. FORMER: who approved it is the CEO no
    more. With both it is to be decided again.
    """

    NOT_ASKED = "", "Needs CEO approval"
    AGREED = "agreed", "Approved"
    NOT_YET = "not_yet", "Changes requested"
    CHANGED = "changed", "Plan changed"
    FORMER = "former", "Approved by a former CEO"


UNDECIDED = (Approval.NOT_ASKED, Approval.CHANGED, Approval.FORMER)
"""With these an open plan waits for the CEO."""


def approval_of(
    decision: Agreement | None, *, plan_number: int, seated_ceo: int | None, is_for_principals: bool
) -> Approval:
    """A rep's plan is not asked about anew: who follows in the seat does not read it."""
    if decision is None:
        return Approval.NOT_ASKED
    if decision.facts.get(PLAN_NUMBER) != plan_number:
        return Approval.CHANGED
    if decision.state == Agreement.State.DECLINED:
        return Approval.NOT_YET
    is_former = seated_ceo is not None and decision.ceo_id != seated_ceo and not is_for_principals
    return Approval.FORMER if is_former else Approval.AGREED


def decided_by(decision: Agreement) -> User | None:
    return decision.closed_by if decision.state == Agreement.State.DECLINED else decision.ceo


DECIDED_AT = Coalesce("decision__closed_at", "decision__ceo_at")
DECIDED_BY = Coalesce("decision__closed_by", "decision__ceo")


def _ceo_seats() -> QuerySet[Seat]:
    return Seat.objects.current().filter(team=OuterRef("team"), role=Role.CEO).order_by()


def seated_ceo() -> Subquery:
    """Who is the CEO of the row's team now."""
    return Subquery(_ceo_seats().values("user")[:1])


def approval_state() -> Case:
    """The approval of each initiative of a query."""
    number = Cast(KeyTextTransform(PLAN_NUMBER, "decision__facts"), IntegerField())
    sits_no_more = Exists(_ceo_seats().exclude(user=Coalesce(OuterRef("decision__ceo"), Value(0))))
    return Case(
        When(decision=None, then=_value(Approval.NOT_ASKED)),
        When(~Q(plan_number=Coalesce(number, Value(0))), then=_value(Approval.CHANGED)),
        When(decision__state=Agreement.State.DECLINED, then=_value(Approval.NOT_YET)),
        When(~Q(kind="rep") & sits_no_more, then=_value(Approval.FORMER)),
        default=_value(Approval.AGREED),
    )


def _value(approval: Approval) -> Value:
    return Value(approval.value, output_field=models.CharField())
