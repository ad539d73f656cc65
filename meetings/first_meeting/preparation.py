"""The first meeting of the pair that has the seats now: prepared, opened, ended, declined, held in a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from alignment.models import Team, User, VersionConflict
from alignment.rules.periods import year_of
from alignment.rules.roles import Role
from meetings.models import FirstMeeting, FirstMeetingAnswer, Meeting, TransitionNotAllowed
from meetings.rules.first_meeting import can_open

OPENED = "The answers are open, so they stay as they are. Nothing was changed."
NOT_READY = (
    "The answers open once both of you are done, or while the team’s meeting is running. Nothing was opened."
)
NOT_OPEN = "The answers are not open yet, so the meeting cannot end. Nothing was changed."
NOBODY = "A first meeting needs a CEO and a sales leader, and one of the seats is empty. Nothing was changed."


def first_meeting_of(team: Team, now: datetime) -> FirstMeeting | None:
    """That of the two who sit there now, in this fiscal year, stored or not; None where they are not two people."""
    ceo, leader = team.holder(Role.CEO), team.holder(Role.LEADER)
    if ceo is None or leader is None or ceo.pk == leader.pk:
        return None
    year = year_of(team.today(now), first_month=team.company.fiscal_year_start)
    row = FirstMeeting.objects.filter(team=team, ceo=ceo, leader=leader, year_starts_on=year.start).first()
    row = row or FirstMeeting(team=team, ceo=ceo, leader=leader, year_starts_on=year.start)
    row.team, row.ceo, row.leader = team, ceo, leader
    return row


def own_answer(row: FirstMeeting, user: User) -> FirstMeetingAnswer:
    """What this person prepared, or an empty answer that is not stored."""
    stored = row.answers.filter(user=user).first() if row.pk else None
    return stored or FirstMeetingAnswer(first_meeting=row, user=user, version=0)


@transaction.atomic
def save_answer(
    team: Team, values: Mapping[str, Any], *, is_done: bool, by: User, version: int, now: datetime
) -> FirstMeetingAnswer:
    """Store what one of the two prepared; once both are done, both read both. The same sent twice is one.

    Raises VersionConflict when another window stored something else, TransitionNotAllowed once the answers are open.
    """
    row = _stored(team, now)
    answer = own_answer(row, by)
    done_at = (answer.done_at or now) if is_done else None
    stays = not answer.differs_from(dict(values)) and (answer.done_at is None) is (done_at is None)
    if answer.pk and stays:
        return answer
    if row.is_open:
        raise TransitionNotAllowed(OPENED)
    fields = {**values, "done_at": done_at, "changed_at": now}
    if answer.pk is None:
        if version:
            raise TransitionNotAllowed("What you prepared was deleted in the meantime. Open the page again.")
        answer = FirstMeetingAnswer.objects.create(first_meeting=row, user=by, **fields)
    elif answer.version != version and answer.differs_from(dict(values)):
        raise VersionConflict(answer)
    else:
        answer = answer.edit(version=answer.version, **fields)
    row.declined_at = None
    if can_open(_submitted(row), is_meeting=False):
        row.opened_at = now
    row.save(update_fields=("declined_at", "opened_at"))
    return answer


@transaction.atomic
def open_answers(team: Team, *, now: datetime) -> None:
    """Both read both. Raises TransitionNotAllowed while one of them is not done and they do not meet."""
    row = _stored(team, now)
    if row.is_open:
        return
    if not can_open(_submitted(row), is_meeting=is_meeting(team)):
        raise TransitionNotAllowed(NOT_READY)
    row.opened_at, row.declined_at = now, None
    row.save(update_fields=("opened_at", "declined_at"))


@transaction.atomic
def end_first_meeting(team: Team, *, now: datetime) -> None:
    """It took place. Twice is once. Raises TransitionNotAllowed before it was opened."""
    row = _stored(team, now)
    if not row.is_open:
        raise TransitionNotAllowed(NOT_OPEN)
    if not row.has_ended:
        row.ended_at = now
        row.save(update_fields=("ended_at",))


@transaction.atomic
def decline(team: Team, *, now: datetime) -> None:
    """Not now: offered again when a seat changes and in the next fiscal year. Raises TransitionNotAllowed once open."""
    row = _stored(team, now)
    if row.is_open:
        raise TransitionNotAllowed(OPENED)
    row.declined_at = row.declined_at or now
    row.save(update_fields=("declined_at",))


@transaction.atomic
def offer_again(team: Team, *, now: datetime) -> None:
    row = _stored(team, now)
    row.declined_at = None
    row.save(update_fields=("declined_at",))


@transaction.atomic
def hold_in(team: Team, meeting: Meeting | None, *, now: datetime) -> None:
    """In which meeting of the team it is to be held: its page opens with a link."""
    row = _stored(team, now)
    row.meeting = meeting
    row.save(update_fields=("meeting",))


def is_meeting(team: Team) -> bool:
    """Whether the team meets now."""
    return Meeting.objects.filter(team=team, state=Meeting.State.IN_PROGRESS).exists()


def _stored(team: Team, now: datetime) -> FirstMeeting:
    """The pair's row, made if need be; the team is locked, so that two who come at once make one."""
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    row = first_meeting_of(team, now)
    if row is None:
        raise TransitionNotAllowed(NOBODY)
    if row.pk is None:
        row.save(force_insert=True)
    return row


def _submitted(row: FirstMeeting) -> list[bool]:
    return [at is not None for at in row.answers.values_list("done_at", flat=True)]
