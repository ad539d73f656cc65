"""How a line is proposed and answered: agreed, declined with a sentence why, answered with another, withdrawn.

Each step locks the team, so that of two people who act at once the second sees what the first did. The same step
taken twice is one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from alignment.agreements.standing import standing_of
from alignment.agreements.subjects import SUBJECTS
from alignment.models import Agreement, Team, User
from alignment.models.agreements import AgreementQuerySet
from alignment.rules.roles import Side


class AgreementChangedError(Exception):
    """Somebody answered it or proposed another in the meantime. Nothing was changed."""


class FactsChangedError(AgreementChangedError):
    """What it rests on was changed since it was proposed: nobody says yes to what they have not read."""


class OverError(AgreementChangedError):
    """Its last day is over, or its team has ended: it stays as it was."""


class AlreadyAgreedError(Exception):
    """Exactly this holds already. Nothing was changed."""


@transaction.atomic
def propose(
    team: Team,
    *,
    subject: str,
    key: str,
    content: dict[str, Any],
    side: Side,
    by: User,
    now: datetime,
    last_read: int | None = None,
) -> Agreement:
    """Propose a line, with the yes of the side that proposes. An earlier proposal, whoever made it, is replaced: this
    is how one answers with another. The same content proposed again changes nothing, unless what it rests on was
    changed since.

    `last_read` is the number of the newest row that was read before, 0 if there was none. Raises AgreementChangedError
    when there is a newer one, and AlreadyAgreedError when exactly this holds and nothing else is proposed.
    """
    rows, about = _locked_rows(team, subject, key), SUBJECTS[subject]
    open_one = rows.proposed().first()
    is_same = open_one is not None and open_one.content == content and open_one.proposed_side == side
    if open_one is not None and is_same and not about.changes(open_one.facts, about.read_facts(team, key)):
        return open_one
    if last_read is not None and last_read != _next_number(team, subject, key) - 1:
        raise AgreementChangedError
    agreed = rows.agreed().first()
    if (
        open_one is None
        and agreed is not None
        and agreed.content == content
        and standing_of(agreed, team, about, about.read_facts(team, key)).still_holds
    ):
        raise AlreadyAgreedError
    rows.proposed().update(state=Agreement.State.REPLACED)
    agreement = Agreement.objects.create(
        team=team,
        subject=subject,
        key=key,
        number=_next_number(team, subject, key),
        content=content,
        facts=about.read_facts(team, key),
        ends_on=about.ends_on(team, key),
        proposed_by=by,
        proposed_at=now,
        **_yes(side, by, now),
    )
    Team.objects.bump_revision(team.pk)
    return agreement


@transaction.atomic
def accept(agreement: Agreement, *, by: User, now: datetime) -> Agreement:
    """The missing yes: it holds from now on, and what held before is replaced. A second yes changes nothing.

    Of a line that holds with the yes of somebody who left the seat it is the yes of who sits there now: a new row
    with the same content. Raises AgreementChangedError when the line waits for nobody on that side any more,
    FactsChangedError when what it rests on was changed since it was proposed, and OverError in the past.
    """
    rows = _locked_rows(agreement.team, agreement.subject, agreement.key)
    current, side = rows.get(pk=agreement.pk), _side(agreement.team, by)
    if current.state == Agreement.State.AGREED and current.yes_of(side) == by.pk:
        return current
    if current.state != Agreement.State.AGREED and current.waits_for != side:
        raise AgreementChangedError
    _require_open(current, now)
    _require_same_facts(current)
    if current.state == Agreement.State.AGREED:
        return _renew(current, side, by, now)
    rows.agreed().update(state=Agreement.State.REPLACED)
    rows.filter(pk=current.pk).update(state=Agreement.State.AGREED, **_yes(side, by, now))
    Team.objects.bump_revision(agreement.team_id)
    return rows.get(pk=current.pk)


def _renew(current: Agreement, side: Side, by: User, now: datetime) -> Agreement:
    rows = Agreement.objects.about(current.team, current.subject, current.key)
    rows.filter(pk=current.pk).update(state=Agreement.State.REPLACED)
    yes = {"ceo": current.ceo, "ceo_at": current.ceo_at, "leader": current.leader}
    yes |= {"leader_at": current.leader_at} | _yes(side, by, now)
    renewed = Agreement.objects.create(
        team=current.team,
        subject=current.subject,
        key=current.key,
        number=_next_number(current.team, current.subject, current.key),
        content=current.content,
        facts=current.facts,
        ends_on=current.ends_on,
        state=Agreement.State.AGREED,
        proposed_by=current.proposed_by,
        proposed_at=current.proposed_at,
        **yes,
    )
    Team.objects.bump_revision(current.team_id)
    return renewed


@transaction.atomic
def take_back(agreement: Agreement, *, by: User) -> None:
    """Undo one's own yes: the line waits for it again, and what it replaced holds again.

    Raises AgreementChangedError when something happened to the line since.
    """
    rows = _locked_rows(agreement.team, agreement.subject, agreement.key)
    current, side = rows.first(), _side(agreement.team, by)
    if current is None or current.pk != agreement.pk or current.state != Agreement.State.AGREED:
        raise AgreementChangedError
    if current.yes_of(side) != by.pk:
        raise AgreementChangedError
    before = rows.replaced().filter(ceo_at__isnull=False, leader_at__isnull=False).first()
    if before is not None and _is_renewal(current, before):
        current.delete()
    else:
        rows.filter(pk=current.pk).update(state=Agreement.State.PROPOSED, **_yes(side, None, None))
    if before is not None:
        rows.filter(pk=before.pk).update(state=Agreement.State.AGREED)
    Team.objects.bump_revision(agreement.team_id)


def _is_renewal(current: Agreement, before: Agreement) -> bool:
    """Whether it is the line before with another yes."""
    return (current.proposed_at, current.content) == (before.proposed_at, before.content)


@transaction.atomic
def decline(agreement: Agreement, *, by: User, now: datetime, why: str) -> None:
    """No, and why; what held before still holds. Raises AgreementChangedError when it no longer waits for that side."""
    current, side = _locked(agreement), _side(agreement.team, by)
    state = Agreement.State.DECLINED
    if (current.state, current.closed_by_id, current.why) == (state, by.pk, why):
        return
    if current.state != Agreement.State.PROPOSED or current.waits_for != side:
        raise AgreementChangedError
    _require_open(current, now)
    _close(current, state, by, now, why)


@transaction.atomic
def withdraw(agreement: Agreement, *, by: User, now: datetime) -> None:
    """Take one's own side's proposal back. Raises AgreementChangedError when it was answered in the meantime."""
    current, side = _locked(agreement), _side(agreement.team, by)
    if current.state == Agreement.State.WITHDRAWN and current.proposed_side == side:
        return
    if current.state != Agreement.State.PROPOSED or current.proposed_side != side:
        raise AgreementChangedError
    _require_open(current, now)
    _close(current, Agreement.State.WITHDRAWN, by, now, "")


def _require_open(current: Agreement, now: datetime) -> None:
    is_over = current.ends_on is not None and current.ends_on < current.team.today(now)
    if is_over or current.team.has_ended(now):
        raise OverError


def _require_same_facts(current: Agreement) -> None:
    team, key, about = current.team, current.key, SUBJECTS[current.subject]
    facts = about.changes(current.facts, about.read_facts(team, key))
    if facts or about.content_changes(team, key, current.content):
        raise FactsChangedError


def _close(current: Agreement, state: Agreement.State, by: User, now: datetime, why: str) -> None:
    rows = Agreement.objects.filter(pk=current.pk)
    rows.update(state=state, why=why, closed_by=by, closed_at=now)
    Team.objects.bump_revision(current.team_id)


def _locked_rows(team: Team, subject: str, key: str) -> AgreementQuerySet:
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    return Agreement.objects.about(team, subject, key)


def _locked(agreement: Agreement) -> Agreement:
    rows = _locked_rows(agreement.team, agreement.subject, agreement.key)
    return rows.get(pk=agreement.pk)


def _next_number(team: Team, subject: str, key: str) -> int:
    rows = Agreement.objects.about(team, subject, key).order_by("-number")
    return (rows.values_list("number", flat=True).first() or 0) + 1


def _side(team: Team, by: User) -> Side:
    """Of the CEO or the sales leader themselves: nobody else says yes or no. Raises AgreementChangedError."""
    if not team.is_principal(by):
        raise AgreementChangedError
    return Side(team.role_of(by))


def _yes(side: Side, by: User | None, now: datetime | None) -> dict[str, Any]:
    return {str(side): by, f"{side}_at": now}
