"""Saying yes to what is there: to the goals that were set, and to a line with the targets it has now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from alignment.agreements.answers import AgreementChangedError, accept, propose
from alignment.models import Agreement, Team, User
from alignment.rules.periods import Period, key_of_quarter
from alignment.rules.roles import Side
from deals.goals.agreement import SUBJECT as GOALS
from deals.goals.agreement import content_of
from meetings.agreement.proposals import newest_rows
from meetings.agreement.queries import read_current, read_lines
from meetings.agreement.terms import (
    INITIATIVES,
    MEASURES,
    Current,
    initiatives_content,
    initiatives_of,
    measures_content,
)

SUBJECTS_AS_THEY_ARE = (GOALS, MEASURES, INITIATIVES)


def content_now(
    subject: str, rows: Sequence[Agreement], current: Current, team: Team, quarter: Period
) -> dict[str, Any] | None:
    """What a yes to the line would say now; None where there is nothing to agree on."""
    newest = next((row for row in newest_rows(rows) if row.subject == subject), None)
    if subject == GOALS:
        content = content_of(current.goals, quarter, currency=team.currency)
        return content if content["months"] else None
    if newest is None:
        return None
    if subject == MEASURES:
        return measures_content(current.measures.values())
    before = initiatives_of(newest.content)
    return initiatives_content(current.initiatives.get(terms.id, terms) for terms in before)


def state_of_content(content: dict[str, Any] | None) -> str:
    """What a page showed: another text once it says something else."""
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def agree_as_it_is(
    team: Team, quarter: Period, subject: str, *, state: str, by: User, now: datetime
) -> Agreement:
    """One's yes to a line as it is now. Where the other side proposed just that, it holds.

    Raises AgreementChangedError, and changes nothing, when it is no longer as it was at `state`.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    rows = read_lines(team, quarter)
    content = content_now(subject, rows, read_current(team, quarter), team, quarter)
    if content is None or state != state_of_content(content):
        raise AgreementChangedError
    same = [row for row in newest_rows(rows) if row.subject == subject and row.content == content]
    for row in same:
        if row.state == Agreement.State.AGREED or row.can_answer(by):
            return accept(row, by=by, now=now)
    side, key = Side(team.role_of(by)), key_of_quarter(quarter)
    return propose(team, subject=subject, key=key, content=content, side=side, by=by, now=now)
