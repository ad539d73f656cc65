"""Closing a meeting stores its agenda as the record; reopening it keeps that record and leads to another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from alignment.models import User
from alignment.outbox.notice_kinds import enqueue
from alignment.rules.roles import PRINCIPAL_ROLES
from meetings.agenda import Agenda
from meetings.agenda.build import build_live
from meetings.agenda.record import freeze
from meetings.audit import note_meeting
from meetings.discipline.flags import update_flags
from meetings.models import Meeting, Record, Reopening, TransitionNotAllowed
from meetings.rules.rep_plans import NOBODY
from meetings.schedule.slots import plan_meetings

SEARCHABLE_FIELDS = (
    "account",
    "owner",
    "what_is_wrong",
    "action",
    "plan",
    "measure",
    "detail",
    "resolution",
    "outcome",
)
"""Fields of an agenda's rows that hold typed text; a row has some of them."""


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User | None, now: datetime, mail: bool = True) -> Record:
    """End the meeting: store its agenda as the next record, plan the upcoming meetings, enqueue the recap.

    `by` is None when it was left open and is closed by the sweep. Raises TransitionNotAllowed when it is
    not in progress.
    """
    meeting.end(by=by, now=now)
    agenda = build_live(meeting, now)
    record = create_record(meeting, agenda, by=by, now=now)
    Meeting.objects.filter(pk=meeting.pk).update(gap=agenda.revenue.gap)
    plan_meetings(meeting.team, now)
    update_flags({meeting.team_id}, now=now)
    note_meeting("meeting.closed", meeting, by=by, now=now, new=f"version {record.number} of the record")
    if mail:
        enqueue_recap(meeting, record, now=now)
    return record


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
    return "\n".join(searchable_texts(agenda))


def enqueue_recap(meeting: Meeting, record: Record, *, now: datetime) -> None:
    """One recap each to the CEO, the sales leader and the others chosen at the close."""
    principals = [seat.user for seat in meeting.team.current_seats if seat.role in PRINCIPAL_ROLES]
    for user in {user.pk: user for user in [*principals, *meeting.recap_to.all()]}.values():
        enqueue(
            "recap",
            to=user,
            about=f"record-{record.pk}",
            payload={"record": record.pk},
            now=now,
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


def searchable_texts(agenda: Agenda) -> Iterator[str]:
    """Every text a reader of the record could search in."""
    yield agenda.headline
    for section in agenda.sections:
        yield from (update.text for update in section.words)
    for row in agenda.items:
        yield row.title
        yield from (update.text for update in row.words)
        yield from _texts_of(row)
    yield from (commitment.text for commitment in agenda.commitments)
    yield from (decided.text for decided in agenda.decisions)


def _texts_of(row: object) -> Iterator[str]:
    values = (getattr(row, name, "") for name in SEARCHABLE_FIELDS)
    return (value for value in values if value and isinstance(value, str))
