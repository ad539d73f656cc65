"""Answering a check-in. Both answers are shown to both once both are in, and nothing changes after that."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from alignment.models import User
from meetings.check_in.rounds import delete_of_former_pair, round_of
from meetings.models import CheckIn, CheckInAnswer, Meeting, TransitionNotAllowed

NONE = "There is no check-in for this meeting. Nothing was saved."
AHEAD = "The check-in opens when you wrap up the meeting. Nothing was saved."
REVEALED = "Both answers are in, so they stay as they are. Nothing was changed."
CLOSED = "This check-in has closed, so it can no longer be answered. Nothing was changed."


@dataclass(frozen=True, slots=True)
class AnswerTerms:
    """What one of the two answered. Without scores: the tap alone."""

    tap: str
    plan: int | None = None
    progress: int | None = None
    pipeline: int | None = None
    deals: int | None = None
    support: int | None = None
    guess: int | None = None
    sentence: str = ""


def refusal(meeting: Meeting, check_in: CheckIn | None, now: datetime) -> str:
    """Why it cannot be answered now; empty where it can."""
    if check_in is None:
        return AHEAD if meeting.is_scheduled else NONE
    if check_in.is_revealed:
        return REVEALED
    return "" if check_in.is_open(now) else CLOSED


@transaction.atomic
def give_answer(
    meeting: Meeting, terms: AnswerTerms, *, by: User, version: int, now: datetime | None = None
) -> CheckInAnswer:
    """Store what one of the two answered; the second answer reveals both. The same sent again changes nothing.

    Raises TransitionNotAllowed once it is closed or revealed, and VersionConflict when another window of the same
    person stored something else. `by` is one of the two. Without `now` the clock is read once the meeting is locked:
    who waited past the deadline is late.
    """
    locked = (
        Meeting.objects.select_for_update(of=("self",)).select_related("team__company").get(pk=meeting.pk)
    )
    now = now or timezone.now()
    check_in = round_of(locked)
    row = check_in.answers.filter(user=by).first() if check_in is not None and check_in.pk else None
    if row is not None and not row.differs_from(asdict(terms)):
        return row
    if why := refusal(locked, check_in, now):
        raise TransitionNotAllowed(why)
    assert check_in is not None
    if row is not None:
        return row.edit(version=version, changed_at=now, **asdict(terms))
    if version:  # of an answer that is there no more
        raise TransitionNotAllowed(CLOSED)
    if check_in.pk is None:
        delete_of_former_pair(locked)
        check_in.save(force_insert=True)
    row = CheckInAnswer.objects.create(check_in=check_in, user=by, changed_at=now, **asdict(terms))
    if check_in.answers.exclude(user=by).exists():
        check_in.revealed_at = now
        check_in.save(update_fields=("revealed_at",))
    return row
