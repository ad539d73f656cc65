"""An admin corrects what is recorded of a missed meeting; the flags of its team follow."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from alignment.models import Team, User
from meetings.audit import note_meeting, spell_outcome
from meetings.discipline.flags import update_flags
from meetings.models import Correction, Meeting, TransitionNotAllowed
from meetings.models.misses import administers
from meetings.rules.misses import Fault


def can_correct(team: Team, user: User) -> bool:
    """Whether the user may correct a miss: an admin of the company, or an administrator of the site."""
    return user.is_staff or administers(user, team)


@transaction.atomic
def correct_miss(meeting: Meeting, to: str, *, by: User, now: datetime, why: str) -> None:
    """Correct a miss: `to` is "excused" or the right fault. The old state is kept in the Correction.

    Raises TransitionNotAllowed when the meeting is not missed (any more).
    """
    locked = Meeting.objects.select_for_update().select_related("team").get(pk=meeting.pk)
    if locked.state != Meeting.State.MISSED:
        raise TransitionNotAllowed("This meeting is not recorded as missed, so there is nothing to correct.")
    if to == locked.missed_by:
        raise TransitionNotAllowed("That is already recorded. Nothing was changed.")
    excused = to == Meeting.State.EXCUSED
    state, fault = (Meeting.State.EXCUSED, "") if excused else (Meeting.State.MISSED, str(Fault(to)))
    Correction.objects.create(
        meeting=locked,
        old_state=locked.state,
        old_fault=locked.missed_by,
        new_state=state,
        new_fault=fault,
        by=by,
        at=now,
        why=why,
    )
    reason = {"excused_at": now, "excused_by": by, "excused_why": why} if excused else {}
    Meeting.objects.filter(pk=locked.pk).update(
        state=state, missed_by=fault, revision=F("revision") + 1, **reason
    )
    old, new = spell_outcome(locked.state, locked.missed_by), spell_outcome(state, fault)
    note_meeting("miss.corrected", locked, by=by, now=now, why=why, old=old, new=new)
    update_flags({locked.team_id}, now=now)
