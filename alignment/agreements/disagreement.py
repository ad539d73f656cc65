"""Where the two are not of one mind: a no to what nobody proposed, or a line left open with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from alignment.agreements.answers import AgreementChangedError, AlreadyAgreedError, decline
from alignment.agreements.subjects import SUBJECTS
from alignment.models import Agreement, Team, User
from alignment.rules.roles import Role


@transaction.atomic
def disagree(
    team: Team, *, subject: str, key: str, content: dict[str, Any], by: User, now: datetime, why: str
) -> Agreement:
    """Say no, and why, to something that is as it is: goals that an admin set. Where the other side proposed the same,
    that proposal is declined. The same no with the same words is one.

    Raises AgreementChangedError when their own side has said yes to it, and AlreadyAgreedError when both who sit
    there now have.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    rows = Agreement.objects.about(team, subject, key)
    proposed = rows.proposed().first()
    if proposed is not None and proposed.content == content:
        decline(proposed, by=by, now=now, why=why)
        return rows.get(pk=proposed.pk)
    newest, agreed = rows.first(), rows.agreed().first()
    if agreed is not None and agreed.content == content and not _former_yes(agreed, team):
        raise AlreadyAgreedError
    if newest is not None and _is_same_no(newest, content, by, why):
        return newest
    if not team.is_principal(by):
        raise AgreementChangedError
    rows.proposed().update(state=Agreement.State.REPLACED)
    about = SUBJECTS[subject]
    refused = Agreement.objects.create(
        team=team,
        subject=subject,
        key=key,
        number=newest.number + 1 if newest is not None else 1,
        content=content,
        facts=about.read_facts(team, key),
        ends_on=about.ends_on(team, key),
        state=Agreement.State.DECLINED,
        proposed_by=None,
        proposed_at=now,
        closed_by=by,
        closed_at=now,
        why=why,
    )
    Team.objects.bump_revision(team.pk)
    return refused


def _former_yes(agreed: Agreement, team: Team) -> str:
    return agreed.former_yes(team.holder(Role.CEO), team.holder(Role.LEADER))


def _is_same_no(row: Agreement, content: dict[str, Any], by: User, why: str) -> bool:
    state = Agreement.State.DECLINED
    return (row.state, row.content, row.closed_by_id, row.why) == (state, content, by.pk, why)


@transaction.atomic
def leave_open(
    agreement: Agreement, *, by: User, now: datetime, why: str, changes: Sequence[str]
) -> Agreement:
    """Let a line stand that is no longer as agreed, and say why. It is told again once something else changes.

    Raises AgreementChangedError when the line does not hold any more.
    """
    Team.objects.select_for_update(no_key=True).get(pk=agreement.team_id)
    open_line = {
        "left_open_why": why,
        "left_open_by": by,
        "left_open_at": now,
        "left_open_changes": list(changes),
    }
    if not Agreement.objects.filter(pk=agreement.pk).agreed().update(**open_line):
        raise AgreementChangedError
    Team.objects.bump_revision(agreement.team_id)
    return Agreement.objects.get(pk=agreement.pk)
