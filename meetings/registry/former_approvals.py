"""Initiatives of exports that were made when the CEO's approval stood on themselves, and the keys of those since."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import is_naive

from alignment.exports.former_names import declare_completion, declare_former_column
from alignment.exports.importer import CompanyImport
from alignment.models import Agreement
from meetings.models import Initiative
from meetings.models.approvals import PLAN_NUMBER, SUBJECT, Approval

PENDING = "former_approval"
"""Where an initiative that is not stored yet carries its former columns."""
KNOWN = (Approval.NOT_ASKED, Approval.AGREED, Approval.NOT_YET, Approval.CHANGED)
FIELDS: dict[str, models.Field[Any, Any]] = {
    "approval": models.CharField(max_length=8, choices=[(known, known) for known in KNOWN], blank=True),
    "approval_why": models.CharField(max_length=500, blank=True),
    "approval_at": models.DateTimeField(null=True, blank=True),
}
BY = "approval_by_id"


def carry(name: str, initiative: Initiative, value: object, known: dict[Any, Any]) -> None:
    """Raises ValidationError for what an approval could not hold."""
    carried: dict[str, Any] = vars(initiative).setdefault(PENDING, {})
    if name == BY:
        if value is not None and type(value) is not int:
            raise TypeError(f"{name} is no number of a person")
        carried[name] = value
        return
    if not isinstance(value, str | None):
        raise TypeError(f"{name} is no text")
    cleaned = FIELDS[name].clean(value, None)
    if isinstance(cleaned, datetime) and is_naive(cleaned):
        raise ValueError(f"{name} is a time without its zone")
    carried[name] = cleaned


def give_decisions(rows: list[tuple[int, Any]], running: CompanyImport) -> None:
    """Each that the CEO had decided on gets its decision. One exported since has it; its key is the token here."""
    decisions = Agreement.objects.in_bulk([row.decision_id for _, row in rows if row.decision_id])
    for _, row in rows:
        former, decision = vars(row).pop(PENDING, None), decisions.get(row.decision_id)
        if former is not None:
            _decide(row, former, running)
        elif decision is not None and decision.key != row.token.hex:
            all_of_it = Agreement.objects.filter(team=decision.team_id, subject=SUBJECT, key=decision.key)
            all_of_it.update(key=row.token.hex)


def _decide(initiative: Initiative, former: dict[str, Any], running: CompanyImport) -> None:
    approval, why = former.get("approval", ""), former.get("approval_why", "")
    if not approval:
        return
    is_no = approval == Approval.NOT_YET or (approval == Approval.CHANGED and bool(why))
    if is_no and not why:
        raise ValidationError("A request for changes of an initiative has no reason.")
    at: datetime = former.get("approval_at") or initiative.changed_at
    since = min(initiative.changed_at, at)
    by = running.numbers["alignment.User"].get(former.get(BY))
    answer = {"closed_by_id": by, "closed_at": at} if is_no else {"ceo_id": by, "ceo_at": at}
    initiative.decision = Agreement.objects.create(
        team_id=initiative.team_id,
        subject=SUBJECT,
        key=initiative.token.hex,
        number=1,
        content={},
        facts={PLAN_NUMBER: initiative.plan_number},
        state=Agreement.State.DECLINED if is_no else Agreement.State.AGREED,
        proposed_at=since,
        leader_at=since,
        why=why,
        **answer,
    )
    initiative.plan_number += approval == Approval.CHANGED
    initiative.save(update_fields=["decision", "plan_number"])


for column in (*FIELDS, BY):
    declare_former_column("meetings.Initiative", column, partial(carry, column))
declare_completion("meetings.Initiative", give_decisions)
