"""Closing a meeting freezes its Agenda as the record; reopening keeps it and makes another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction

from alignment.models import User
from alignment.notices import owe
from meetings.agenda.build import live
from meetings.agenda.chapters import Agenda
from meetings.agenda.frozen import freeze
from meetings.escalation import settle
from meetings.facts import note_meeting
from meetings.models import Meeting, NotNow, Record, Reopening
from meetings.planning import plan


@transaction.atomic
def close(meeting: Meeting, *, by: User | None, now: datetime, mail: bool = True) -> Record:
    """End the meeting: freeze its Agenda as the next record, plan the meetings ahead, owe the recap.

    `by` is None when it was left open and closes itself. Raises NotNow when it is not in progress.
    """
    meeting.end(by=by, now=now)
    agenda = live(meeting, now)
    record = keep(meeting, agenda, by=by, now=now)
    Meeting.objects.filter(pk=meeting.pk).update(gap=agenda.revenue.gap)
    plan(meeting.team, now)
    settle({meeting.team_id}, now=now)
    note_meeting("meeting.closed", meeting, by=by, now=now, new=f"version {record.number} of the record")
    if mail:
        owe_recap(meeting, record, now=now)
    return record


def keep(meeting: Meeting, agenda: Agenda, *, by: User | None, now: datetime) -> Record:
    text = _searchable(agenda.without_a_reps_plan())
    two = [person.id for person in (agenda.ceo, agenda.leader) if person]
    whole = {Record.reader(reader): _searchable(agenda.for_one_of_the_two(reader)) for reader in two}
    return Record.objects.create(
        meeting=meeting,
        number=meeting.records.count() + 1,
        agenda=freeze(agenda),
        text=text,
        pair_texts={reader: more for reader, more in whole.items() if more != text},
        created_at=now,
        created_by=by,
    )


def _searchable(agenda: Agenda) -> str:
    return "\n".join(words_in(agenda))


def owe_recap(meeting: Meeting, record: Record, *, now: datetime) -> None:
    """One recap to each of the two and to the others chosen at the close."""
    two = [seat.user for seat in meeting.team.current_seats if seat.role in ("ceo", "leader")]
    for user in {user.pk: user for user in [*two, *meeting.recap_to.all()]}.values():
        owe(
            "recap", to=user, about=f"record-{record.pk}", payload={"record": record.pk}, now=now,
            company=meeting.team.company,
        )  # fmt: skip


@transaction.atomic
def reopen(meeting: Meeting, *, by: User, now: datetime, why: str) -> None:
    """Open the last held meeting again; its record stays. Raises NotNow once a later one has begun."""
    later = Meeting.objects.filter(team=meeting.team_id, planned_start__gt=meeting.planned_start)
    if later.filter(state__in=(Meeting.State.IN_PROGRESS, Meeting.State.HELD)).exists():
        raise NotNow(
            "A later meeting has begun since. Say the correction there: both records then tell the truth."
        )
    meeting.resume_after_close(now=now)
    Reopening.objects.create(meeting=meeting, by=by, at=now, why=why)
    old = f"version {meeting.records.count()} of the record"
    note_meeting("meeting.reopened", meeting, by=by, now=now, old=old)


def words_in(agenda: Agenda) -> Iterator[str]:
    """Every word a reader of the record could search for."""
    yield agenda.headline
    for chapter in agenda.chapters:
        yield from (words.text for words in chapter.words)
    for row in agenda.items:
        yield row.title
        yield from (words.text for words in row.words)
        yield from _told(
            row,
            (
                "account",
                "owner",
                "what_is_wrong",
                "action",
                "plan",
                "measure",
                "detail",
                "resolution",
                "outcome",
            ),
        )
    yield from (promise.text for promise in agenda.promises)
    yield from (decided.text for decided in agenda.decisions)


def _told(row: object, names: Iterable[str]) -> Iterator[str]:
    values = (getattr(row, name, "") for name in names)
    return (value for value in values if value and isinstance(value, str))
