"""Leaving a heads-up, answering it, and taking either back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from alignment.models import Team, User
from alignment.rules.roles import Role, Side
from meetings.models import HeadsUp, Issue, Section, TransitionNotAllowed

ANSWERED = "This was answered in the meantime. Nothing was changed."
GONE = "This was withdrawn in the meantime. Nothing was changed."
CHANGED_SINCE = "The issue was discussed or changed since, so nothing was undone. It stands on the agenda."


def leave_heads_up(team: Team, words: str, *, by: User, token: UUID, now: datetime) -> HeadsUp:
    """One line for the sales leader who has the seat now. The same form sent twice is one line.

    `by` may leave it: HeadsUp.can_be_left.
    """
    leader = team.holder(Role.LEADER)
    assert leader is not None
    row = HeadsUp(team=team, token=token, ceo=by, leader=leader, words=words, at=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        twin = HeadsUp.objects.filter(token=token, team=team, ceo=by, leader=leader, words=words).first()
        if twin is not None:
            return twin
        row.token = uuid4()
        row.save(force_insert=True)
    return row


@transaction.atomic
def withdraw(heads_up: HeadsUp, *, by: User) -> None:
    """Take it back before it was answered; what is gone stays gone. Raises TransitionNotAllowed."""
    locked = HeadsUp.objects.select_for_update().filter(pk=heads_up.pk, ceo=by).first()
    if locked is not None and not locked.is_unanswered:
        raise TransitionNotAllowed(ANSWERED)
    HeadsUp.objects.filter(pk=heads_up.pk, ceo=by).delete()


@transaction.atomic
def agree(heads_up: HeadsUp, *, by: User, now: datetime) -> HeadsUp:
    """The same answer sent twice is one. Raises TransitionNotAllowed where it was answered otherwise or is gone."""
    locked = _locked(heads_up, by)
    if locked.is_agreed:
        return locked
    if not locked.is_unanswered:
        raise TransitionNotAllowed(ANSWERED)
    return locked.edit(version=locked.version, answer=HeadsUp.Answer.AGREED, answered_at=now)


@transaction.atomic
def put_on_agenda(heads_up: HeadsUp, title: str, *, by: User, now: datetime) -> HeadsUp:
    """“Let’s talk”: an issue of the leader’s side, like any other; nothing in it says where it comes from.

    Raises TransitionNotAllowed as `agree` does; sent twice it is one issue.
    """
    locked = _locked(heads_up, by)
    if locked.answer == HeadsUp.Answer.TALK:
        return locked
    if not locked.is_unanswered:
        raise TransitionNotAllowed(ANSWERED)
    issue = Issue.objects.create(
        team=locked.team,
        side=Side.LEADER,
        section=Section.ISSUES,
        title=title,
        created_by=by,
        created_at=now,
        changed_at=now,
    )
    Team.objects.bump_revision(locked.team_id)
    return locked.edit(version=locked.version, answer=HeadsUp.Answer.TALK, answered_at=now, issue=issue)


@transaction.atomic
def take_answer_back(pk: int, version: int, *, by: User) -> None:
    """As if nothing had been answered; an issue goes with it if nobody did anything about it.

    Raises TransitionNotAllowed, and changes nothing, where something was done since.
    """
    rows = HeadsUp.objects.select_for_update(of=("self",)).select_related("team", "issue")
    row = rows.filter(pk=pk, version=version, leader=by).exclude(answer="").first()
    if row is None or not row.can_answer(by):
        raise TransitionNotAllowed(CHANGED_SINCE)
    if row.answer == HeadsUp.Answer.TALK:
        if row.issue_id is None:  # somebody took it off the agenda
            raise TransitionNotAllowed(CHANGED_SINCE)
        untouched = Issue.objects.open().filter(pk=row.issue_id, version=1, updates=None, discussed_at=None)
        if not untouched.exists():
            raise TransitionNotAllowed(CHANGED_SINCE)
    issue_id = row.issue_id
    HeadsUp.objects.filter(pk=pk).update(answer="", answered_at=None, issue=None, version=F("version") + 1)
    if issue_id is not None:
        Issue.objects.filter(pk=issue_id).delete()
        Team.objects.bump_revision(row.team_id)


def _locked(heads_up: HeadsUp, by: User) -> HeadsUp:
    rows = HeadsUp.objects.select_for_update(of=("self",)).select_related("team")
    locked = rows.filter(pk=heads_up.pk, leader=by).first()
    if locked is None:
        raise TransitionNotAllowed(GONE)
    return locked
