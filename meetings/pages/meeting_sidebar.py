"""What is beside an agenda on its page: the reader's note, the moves, the versions, the neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any, NamedTuple

from django.db.models import OuterRef

from alignment.db.json_aggregation import JsonRows
from alignment.models import Notice, User
from alignment.rules.periods import year_of
from alignment.rules.roles import Role
from meetings.agenda.queries import pages
from meetings.agenda.values import Person, Score
from meetings.models import (
    CheckIn,
    Correction,
    FirstMeeting,
    Meeting,
    MissAnswer,
    Move,
    PrivateNote,
    Rating,
    Record,
    Reopening,
)
from meetings.models.first_meetings import FirstMeetingQuerySet
from meetings.rules.misses import FAULTS, Fault
from meetings.schedule.days_off import find_days_off_for
from meetings.updates.autosave import NO_NOTE, NoteRow


class RatingRow(NamedTuple):
    user: int
    name: str
    role: str
    score: int
    why: str


class RecordRow(NamedTuple):
    pk: int
    number: int
    at: datetime
    by: str | None


class ReopeningRow(NamedTuple):
    by: str | None
    why: str


class CheckInRow(NamedTuple):
    pk: int


class AnswerRow(NamedTuple):
    by: str
    text: str
    at: datetime


class CorrectionRow(NamedTuple):
    by: str | None
    why: str
    at: datetime
    old_fault: str


class MoveRow(NamedTuple):
    old: datetime
    new: datetime
    by: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Version:
    """One record, and why the meeting was reopened after it (empty: it was not)."""

    id: int
    number: int
    at: datetime | None
    by: str
    reopened_by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class MissComment:
    """A comment on a missed meeting, or why an admin corrected it and what was stated before."""

    by: str
    text: str
    at: datetime | None
    before: str = ""


class FirstMeetingRow(NamedTuple):
    meeting: int | None
    ended_at: datetime | None
    declined_at: datetime | None


class Neighbour(NamedTuple):
    id: int
    starts_at: datetime
    state: str

    @property
    def in_words(self) -> str:
        return {"scheduled": "upcoming", "in_progress": "in session"}.get(self.state, self.state)


@dataclass(frozen=True, slots=True)
class MeetingSidebar:
    note: str
    note_version: int
    moves: tuple[MoveRow, ...]
    versions: tuple[Version, ...]
    ratings: tuple[Score, ...]
    previous: Neighbour | None
    next: Neighbour | None
    upcoming: Neighbour | None = None
    """The team's next meeting, where that is an earlier one: this page is then a preview."""
    fault: str = ""
    """Who missed it, in words."""
    answers: tuple[MissComment, ...] = ()
    corrections: tuple[MissComment, ...] = ()
    off: tuple[str, ...] = ()
    """Why nobody expects them to meet on that day."""
    first_meeting: bool = False
    """Whether the first meeting of the reader and the other one of the two is to be held in this meeting."""
    has_check_in: bool = False
    """Whether the reader is one of the two whom its check-in names."""

    def rated_by(self, user: int) -> bool:
        return any(score.person.id == user for score in self.ratings)

    @property
    def latest(self) -> Version | None:
        return self.versions[-1] if self.versions else None


def page_of(pk: int, *, user: User) -> Meeting | None:
    """The meeting as its page needs it; None unless the user may see its facts."""
    visible = Meeting.objects.visible_to(user).order_by()
    return pages().filter(pk__in=visible.values("pk"), pk=pk).first()


def around(meeting: Meeting, *, user: User) -> MeetingSidebar:
    """What is beside the agenda: one query, and two more while the meeting is scheduled."""
    columns = _columns(meeting, user)
    (values,) = Meeting.objects.filter(pk=meeting.pk).order_by().annotate(**columns).values(*columns)
    note = next(iter(values["note_rows"]), NO_NOTE)
    ratings: list[RatingRow] = values.get("rating_rows", [])
    return MeetingSidebar(
        note=note.text,
        note_version=note.version,
        moves=tuple(move._replace(by=move.by or "") for move in values["move_rows"]),
        versions=_versions(values.get("record_rows", []), values.get("reopening_rows", [])),
        ratings=tuple(Score(Person(row.user, row.name, row.role), row.score, row.why) for row in ratings),
        previous=next(iter(values["previous_rows"]), None),
        next=next(iter(values["next_rows"]), None),
        upcoming=next(iter(values.get("upcoming_rows", [])), None),
        fault=describe_fault(meeting.missed_by),
        answers=answers(values.get("answer_rows", [])),
        corrections=corrections(values.get("correction_rows", [])),
        off=_off(meeting) if meeting.is_scheduled else (),
        first_meeting=_is_first(meeting, user, values),
        has_check_in=bool(values.get("check_in_rows")),
    )


def _first_meetings(meeting: Meeting, user: User) -> FirstMeetingQuerySet:
    """That of the two who sit there now, in this fiscal year."""
    team = meeting.team
    year = year_of(team.today(meeting.starts_at), first_month=team.company.fiscal_year_start)
    rows = FirstMeeting.objects.visible_to(user).filter(team=team, year_starts_on=year.start)
    return rows.filter(ceo=team.holder(Role.CEO), leader=team.holder(Role.LEADER)).order_by()


def _is_first(meeting: Meeting, user: User, values: Mapping[str, Any]) -> bool:
    """Once one of the two prepares it: where it is planned, else in the next meeting. Home is where it is offered."""
    team = meeting.team
    ceo, leader = team.holder(Role.CEO), team.holder(Role.LEADER)
    if "first_meeting_rows" not in values or ceo is None or leader is None or ceo == leader:
        return False
    row = next(iter(values["first_meeting_rows"]), None)
    if row is None or row.ended_at or row.declined_at:
        return False
    if row.meeting is not None:
        return bool(row.meeting == meeting.pk)
    return not values.get("upcoming_rows")


def _columns(meeting: Meeting, user: User) -> dict[str, JsonRows]:
    """What is read beside a meeting: of everything that belongs to it only what it can have in its state."""
    earlier, later = Meeting.objects.before(meeting), Meeting.objects.after(meeting)
    notes = PrivateNote.objects.visible_to(user).filter(meeting=meeting.pk)
    moves = Move.objects.filter(meeting=meeting.pk).order_by("at", "pk")
    columns = {
        "note_rows": JsonRows(notes, into=NoteRow),
        "move_rows": JsonRows(moves, into=MoveRow, by="by__name"),
        "previous_rows": JsonRows(earlier[:1], into=Neighbour, id="pk"),
        "next_rows": JsonRows(later[:1], into=Neighbour, id="pk"),
    }
    if meeting.is_scheduled:
        columns |= {"upcoming_rows": JsonRows(earlier.ahead()[:1], into=Neighbour, id="pk")}
    if meeting.is_ahead and meeting.team.is_principal(user):
        columns |= {"first_meeting_rows": JsonRows(_first_meetings(meeting, user), into=FirstMeetingRow)}
    if meeting.started_at is not None:
        columns |= _columns_once_started(meeting)
    if meeting.is_held:
        own = CheckIn.objects.visible_to(user).filter(meeting=meeting.pk).order_by()
        columns |= {"check_in_rows": JsonRows(own, into=CheckInRow)}
    if not meeting.is_ahead and not meeting.is_held:
        columns |= {"answer_rows": answer_rows(), "correction_rows": correction_rows()}
    return columns


def _columns_once_started(meeting: Meeting) -> dict[str, JsonRows]:
    ratings = Rating.objects.filter(meeting=meeting.pk).order_by("pk")
    records = Record.objects.filter(meeting=meeting.pk).order_by("number")
    reopenings = Reopening.objects.filter(meeting=meeting.pk).order_by("at", "pk")
    return {
        "rating_rows": JsonRows(ratings, into=RatingRow, user="user_id", name="user__name"),
        "record_rows": JsonRows(records, into=RecordRow, at="created_at", by="created_by__name"),
        "reopening_rows": JsonRows(reopenings, into=ReopeningRow, by="by__name"),
    }


def answer_rows() -> JsonRows:
    """What was answered to each meeting that was missed."""
    answers = MissAnswer.objects.filter(meeting=OuterRef("pk")).order_by("at", "pk")
    return JsonRows(answers, into=AnswerRow, by="user__name")


def correction_rows() -> JsonRows:
    """How an admin corrected whose miss each meeting was."""
    corrections = Correction.objects.filter(meeting=OuterRef("pk")).order_by("at", "pk")
    return JsonRows(corrections, into=CorrectionRow, by="by__name")


def _off(meeting: Meeting) -> tuple[str, ...]:
    team, start = meeting.team, meeting.starts_at
    days_off = find_days_off_for([(team.pk, start)])
    return tuple(day_off.label for day_off in days_off.on(team.pk, start, team.timezone))


def describe_fault(fault: str) -> str:
    """Who missed it, in words; nothing where that was never determined."""
    return FAULTS[Fault(fault)] if fault else ""


def answers(rows: Iterable[AnswerRow]) -> tuple[MissComment, ...]:
    return tuple(MissComment(row.by, row.text, row.at) for row in rows)


def corrections(rows: Iterable[CorrectionRow]) -> tuple[MissComment, ...]:
    return tuple(
        MissComment(
            by=row.by or "",
            text=row.why,
            at=row.at,
            before=f"missed: {describe_fault(row.old_fault)}" if row.old_fault else "missed",
        )
        for row in rows
    )


def _versions(records: Sequence[RecordRow], reopenings: Sequence[ReopeningRow]) -> tuple[Version, ...]:
    """A record is followed by the reopening of the same number."""
    return tuple(
        Version(
            id=record.pk,
            number=record.number,
            at=record.at,
            by=record.by or "",
            reopened_by=reopening.by or "" if reopening else "",
            why=reopening.why if reopening else "",
        )
        for record, reopening in zip_longest(records, reopenings[: len(records)])
    )


def recaps_of(record: int) -> list[Notice]:
    """The recipients of the recap of one record, pending or sent, by name."""
    notices = Notice.objects.filter(kind="recap", key__startswith=f"recap:record-{record}:")
    return list(notices.select_related("to").order_by("to__name_key", "pk"))
