"""Closing a meeting stores its agenda as the record; reopening it keeps that record and leads to another."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from alignment.models import User
from alignment.outbox.notice_kinds import enqueue
from alignment.rules.roles import PRINCIPAL_ROLES
from meetings.agenda import Agenda
from meetings.agenda.build import build_live
from meetings.agenda.record import freeze, utterances
from meetings.audit import note_meeting
from meetings.check_in.rounds import open_round
from meetings.discipline.flags import update_flags
from meetings.models import (
    Commitment,
    Decision,
    Issue,
    Meeting,
    Record,
    Reopening,
    TransitionNotAllowed,
)
from meetings.rules.questions import side_asked
from meetings.rules.rep_plans import NOBODY
from meetings.schedule.slots import plan_meetings

LONGEST_RESOLUTION = 2000


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User | None, now: datetime, mail: bool = True) -> Record:
    """End the meeting: store its agenda as the next record, open its check-in, plan the upcoming meetings,
    enqueue the recap.

    `by` is None when it was left open and is closed by the sweep. Raises TransitionNotAllowed when it is
    not in progress.
    """
    meeting.end(by=by, now=now)
    settle_answered_questions(meeting, now=now)
    mark_discussed(meeting, now=now)
    agenda = build_live(meeting, now)
    record = create_record(meeting, agenda, by=by, now=now)
    Meeting.objects.filter(pk=meeting.pk).update(gap=agenda.revenue.gap)
    open_round(meeting)
    plan_meetings(meeting.team, now)
    update_flags({meeting.team_id}, now=now)
    note_meeting("meeting.closed", meeting, by=by, now=now, new=f"version {record.number} of the record")
    if mail:
        enqueue_recap(meeting, record, now=now)
    return record


def settle_answered_questions(meeting: Meeting, *, now: datetime) -> None:
    """Resolve the questions that were answered, each with its answer, unless they were left for the next meeting:
    an answer is asked for once."""
    for issue in Issue.objects.answered().filter(team=meeting.team):
        answer = issue.updates.filter(side=side_asked(issue.side)).exclude(text="").latest("changed_at")
        issue.solve(by=answer.author, now=now, resolution=answer.text[:LONGEST_RESOLUTION])


def mark_discussed(meeting: Meeting, *, now: datetime) -> None:
    """What a decision or a commitment of this meeting came of was discussed in it."""
    of_meeting = {"meeting": meeting, "created_at__gte": meeting.started_at or now}
    decided = Exists(Decision.objects.filter(issue=OuterRef("pk"), **of_meeting))
    promised = Exists(Commitment.objects.filter(issue=OuterRef("pk"), **of_meeting))
    issues = Issue.objects.open().filter(decided | promised, team=meeting.team, discussed_at=None)
    issues.update(discussed_at=now)


def create_record(meeting: Meeting, agenda: Agenda, *, by: User | None, now: datetime) -> Record:
    """Store the agenda as the next version of the record, with the texts to search in."""
    text = _searchable(agenda.readable_by(NOBODY))
    principals = [person.id for person in (agenda.ceo, agenda.leader) if person]
    texts = {Record.reader(reader): _searchable(agenda.readable_by(reader)) for reader in principals}
    return Record.objects.create(
        meeting=meeting,
        number=meeting.records.count() + 1,
        agenda=freeze(agenda),
        text=text,
        pair_texts={reader: longer for reader, longer in texts.items() if longer != text},
        created_at=now,
        created_by=by,
    )


def _searchable(agenda: Agenda) -> str:
    return "\n".join(utterance.text for utterance in utterances(agenda))


def enqueue_recap(meeting: Meeting, record: Record, *, now: datetime) -> None:
    """One recap each to the CEO, the sales leader and the others chosen at the close; due once its end can be
    undone no more."""
    principals = [seat.user for seat in meeting.team.current_seats if seat.role in PRINCIPAL_ROLES]
    for user in {user.pk: user for user in [*principals, *meeting.recap_to.all()]}.values():
        enqueue(
            "recap",
            to=user,
            about=f"record-{record.pk}",
            payload={"record": record.pk},
            now=now,
            due_at=meeting.recap_due_at,
            company=meeting.team.company,
        )


@transaction.atomic
def reopen_meeting(meeting: Meeting, *, by: User, now: datetime, why: str) -> None:
    """Reopen the last held meeting; its record stays. Raises TransitionNotAllowed once a later one has started."""
    if (
        Meeting.objects.after(meeting)
        .filter(state__in=(Meeting.State.IN_PROGRESS, Meeting.State.HELD))
        .exists()
    ):
        raise TransitionNotAllowed(
            "A later meeting has started since. Record the correction there, so that both records stay true."
        )
    meeting.resume_after_close(now=now)
    Reopening.objects.create(meeting=meeting, by=by, at=now, why=why)
    old = f"version {meeting.records.count()} of the record"
    note_meeting("meeting.reopened", meeting, by=by, now=now, old=old)


def undo_end(meeting: Meeting, *, by: User, now: datetime) -> None:
    """Take the end back within a minute: nobody has got its recap, and nobody will. Twice changes nothing.

    Raises TransitionNotAllowed like reopen_meeting, and once the recap is due.
    """
    if meeting.is_in_progress:
        return
    if not meeting.can_be_undone(now):
        raise TransitionNotAllowed("The recap has gone out. Reopen the meeting to correct its record.")
    reopen_meeting(meeting, by=by, now=now, why=Reopening.UNDONE)
