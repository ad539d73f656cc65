"""An act taken back: exactly the state before it, as long as nobody changed the thing since.

What it was before travels with the button, signed for the person who acted: nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core import signing
from django.utils.dateparse import parse_date

from alignment.agreements.answers import AgreementChangedError, take_back
from alignment.models import Agreement, Team, User, VersionConflict
from meetings.feedback_talk.answers import take_back as take_feedback_talk_back
from meetings.heads_up.answers import take_answer_back
from meetings.models import Commitment, Initiative, Issue, TransitionNotAllowed, Update

SALT = "undo"
HOLDS_FOR = 24 * 3600
"""Seconds for which an act can be taken back."""
CHANGED_SINCE = "This was changed since, so it was not undone. Open it to see how it stands now."
TOO_LATE = "This can no longer be undone here."


class UndoRefusedError(Exception):
    """Nothing was changed; the message is a sentence for the person."""


def signed(act: str, row: Any, *, by: User, key: str, **before: Any) -> str:
    """The token of an act that left `row` at its present version; `before` is what it was. An agreement has a number
    instead.
    """
    version = row.number if isinstance(row, Agreement) else row.version
    facts = {"act": act, "pk": row.pk, "version": version, "by": by.pk, "key": key, "before": before}
    return signing.dumps(facts, salt=SALT, compress=True)


def undo(token: str, *, by: User, now: datetime) -> str:
    """Take the act back; answers the anchor of the thing. Raises UndoRefusedError."""
    try:
        facts = signing.loads(token, salt=SALT, max_age=HOLDS_FOR)
    except signing.BadSignature as error:
        raise UndoRefusedError(TOO_LATE) from error
    if facts["by"] != by.pk:
        raise UndoRefusedError(TOO_LATE)
    try:
        ACTS[facts["act"]](facts["pk"], facts["version"], facts["before"], by, now)
    except VersionConflict as conflict:
        raise UndoRefusedError(CHANGED_SINCE) from conflict
    key: str = facts["key"]
    return key


def _undo_approval(pk: int, version: int, before: Mapping[str, Any], by: User, now: datetime) -> None:
    """The decision goes, and the one before stands again."""
    plans = Initiative.objects.visible_to(by).select_related("team", "decision")
    plan = plans.filter(pk=pk, version=version, decision=before.get("decision")).first()
    if plan is None or not plan.can_agree(by):
        raise UndoRefusedError(CHANGED_SINCE)
    plan.undo_decision()


def _undo_answer(pk: int, version: int, before: Mapping[str, Any], by: User, now: datetime) -> None:
    """An answer that was never there goes as a row; one that was cleared before is cleared as it was."""
    answers = Update.objects.filter(pk=pk, version=version, author=by, meeting__closed_at=None)
    team = answers.values_list("meeting__team", flat=True).first()
    if team is None:
        raise UndoRefusedError(CHANGED_SINCE)
    if before["existed"]:
        answers.update(text="", version=version + 1)
    else:
        answers.delete()
    Team.objects.bump_revision(team)


def _commitment(pk: int, version: int, by: User) -> Commitment:
    rows = Commitment.objects.visible_to(by).select_related("team")
    commitment = rows.filter(pk=pk, version=version).first()
    if commitment is None or not commitment.can_settle(by):
        raise UndoRefusedError(CHANGED_SINCE)
    Team.objects.bump_revision(commitment.team_id)
    return commitment


def _undo_done(pk: int, version: int, before: Mapping[str, Any], by: User, now: datetime) -> None:
    commitment = _commitment(pk, version, by)
    commitment.edit(version=version, done_at=None, done_by=None, changed_at=now)
    commitment.mark_untold()


def _undo_accept(pk: int, version: int, before: Mapping[str, Any], by: User, now: datetime) -> None:
    _commitment(pk, version, by).edit(version=version, accepted_at=None)


def _undo_new_day(pk: int, version: int, before: Mapping[str, Any], by: User, now: datetime) -> None:
    _commitment(pk, version, by).edit(version=version, due=parse_date(before["due"]), changed_at=now)


def _undo_raise(pk: int, version: int, before: Mapping[str, Any], by: User, now: datetime) -> None:
    """What was put on the agenda by one tap goes again, if nobody has said anything on it."""
    issue = Issue.objects.visible_to(by).filter(pk=pk, version=version, created_by=by, updates=None).first()
    if issue is None or issue.discussed_at is not None:
        raise UndoRefusedError(CHANGED_SINCE)
    Issue.objects.filter(pk=pk).delete()
    Team.objects.bump_revision(issue.team_id)


def _undo_agreement(pk: int, version: int, before: Mapping[str, Any], by: User, now: datetime) -> None:
    agreement = Agreement.objects.visible_to(by).select_related("team").filter(pk=pk).first()
    if agreement is None:
        raise UndoRefusedError(CHANGED_SINCE)
    try:
        take_back(agreement, by=by)
    except AgreementChangedError as error:
        raise UndoRefusedError(CHANGED_SINCE) from error


def _undo_heads_up(pk: int, version: int, before: Mapping[str, Any], by: User, now: datetime) -> None:
    """What the leader answered, with the issue it put on the agenda."""
    try:
        take_answer_back(pk, version, by=by)
    except TransitionNotAllowed as why:
        raise UndoRefusedError(str(why)) from why


def _undo_feedback_talk(pk: int, version: int, before: Mapping[str, Any], by: User, now: datetime) -> None:
    try:
        take_feedback_talk_back(pk, version, before, by=by)
    except TransitionNotAllowed as why:
        raise UndoRefusedError(str(why)) from why


ACTS: dict[str, Callable[[int, int, Mapping[str, Any], User, datetime], None]] = {
    "approval": _undo_approval,
    "answer": _undo_answer,
    "done": _undo_done,
    "accept": _undo_accept,
    "new day": _undo_new_day,
    "raise": _undo_raise,
    "agree": _undo_agreement,
    "heads-up": _undo_heads_up,
    "feedback talk": _undo_feedback_talk,
}
