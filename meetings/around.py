"""What stands around an agenda on its own page: the reader's note, the moves, the versions, the neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet

from alignment.models import Absence, Holiday, Notice, User
from alignment.models.teams import THE_TWO
from alignment.prepared_models import PreparedModels
from alignment.rows import JsonRows, as_time, rows
from meetings.agenda import read
from meetings.agenda.chapters import Score
from meetings.agenda.values import Person
from meetings.days_off import DaysOff, local_day
from meetings.discipline import FAULTS, Fault
from meetings.models import (
    Correction,
    Meeting,
    MissAnswer,
    Move,
    PrivateNote,
    Rating,
    Record,
    Reopening,
)


@dataclass(frozen=True, slots=True)
class Moved:
    old: datetime | None
    new: datetime | None
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Version:
    """One frozen record, and why the meeting was opened again after it (nothing: it was not)."""

    id: int
    number: int
    at: datetime | None
    by: str
    reopened_by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A word on a miss: somebody's answer, or why an admin corrected it and what was stated before."""

    by: str
    text: str
    at: datetime | None
    before: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    id: int
    starts_at: datetime | None
    state: str

    @property
    def in_words(self) -> str:
        return {"scheduled": "to come", "in_progress": "in session"}.get(self.state, self.state)


@dataclass(frozen=True, slots=True)
class Around:
    note: str
    note_version: int
    moves: tuple[Moved, ...]
    versions: tuple[Version, ...]
    ratings: tuple[Score, ...]
    previous: Neighbour | None
    next: Neighbour | None
    whose: str = ""
    """Whose miss it was, in words."""
    answers: tuple[Said, ...] = ()
    corrections: tuple[Said, ...] = ()
    off: tuple[str, ...] = ()
    """Why nobody expects them to meet on that day."""

    def rated_by(self, user: int) -> bool:
        return any(score.person.id == user for score in self.ratings)

    @property
    def latest(self) -> Version | None:
        return self.versions[-1] if self.versions else None


def _page(*, user: int, pk: int) -> QuerySet[Meeting]:
    """A meeting whose facts the user may see, with all that its own page shows beside its agenda."""
    this, team_of, team = (
        OuterRef("pk"),
        OuterRef("team"),
        Meeting.objects.filter(team=OuterRef("team")).order_by(),
    )
    earlier = team.filter(planned_start__lt=OuterRef("planned_start")).order_by("-planned_start")
    later = team.filter(planned_start__gt=OuterRef("planned_start")).order_by("planned_start")
    seen = Meeting.objects.visible_to(User(pk=user)).order_by()
    return read.pages().filter(pk=pk, pk__in=seen.values("pk")).annotate(
        rating_rows=JsonRows(Rating.objects.filter(meeting=this).order_by("pk"), "user_id", "user__name", "role", "score", "why"),
        note_rows=JsonRows(PrivateNote.objects.filter(meeting=this, author=user), "text", "version"),
        move_rows=JsonRows(Move.objects.filter(meeting=this).order_by("at", "pk"), "old", "new", "by__name", "why"),
        version_rows=JsonRows(Record.objects.filter(meeting=this).order_by("number"), "pk", "number", "created_at", "created_by__name"),
        reopening_rows=JsonRows(Reopening.objects.filter(meeting=this).order_by("at", "pk"), "by__name", "why"),
        answer_rows=JsonRows(MissAnswer.objects.filter(meeting=this).order_by("at", "pk"), "user__name", "text", "at"),
        correction_rows=JsonRows(Correction.objects.filter(meeting=this).order_by("at", "pk"), "by__name", "why", "at", "old_fault"),
        holiday_rows=JsonRows(Holiday.objects.filter(company__teams=team_of), "day", "name"),
        absence_rows=JsonRows(
            Absence.objects.filter(user__seats__team=team_of, user__seats__until=None, user__seats__role__in=THE_TWO).order_by("pk"),
            "user_id", "user__name", "first", "last", "entered_at",
        ),
        previous_rows=JsonRows(earlier[:1], "pk", "starts_at", "state"),
        next_rows=JsonRows(later[:1], "pk", "starts_at", "state"),
    )  # fmt: skip


_PAGES: PreparedModels[Meeting] = PreparedModels(_page, user=int, pk=int)


def page_of(pk: int, *, user: User) -> Meeting | None:
    """The meeting with what `around` reads; None unless the user may see its facts."""
    return next(iter(_PAGES.objects(user=user.pk, pk=pk)), None)


def around(meeting: Meeting) -> Around:
    """Read from a meeting of `page_of`: costs no query."""
    told = vars(meeting)
    note, version = next(iter(rows(told["note_rows"])), ("", 0))
    return Around(
        note=note,
        note_version=version,
        moves=tuple(
            Moved(as_time(old), as_time(new), by or "", why) for old, new, by, why in rows(told["move_rows"])
        ),
        versions=_versions(rows(told["version_rows"]), rows(told["reopening_rows"])),
        ratings=tuple(
            Score(Person(user, name, role), score, why)
            for user, name, role, score, why in rows(told["rating_rows"])
        ),
        previous=_neighbour(told["previous_rows"]),
        next=_neighbour(told["next_rows"]),
        whose=whose(meeting.missed_by),
        answers=answers(told["answer_rows"]),
        corrections=corrections(told["correction_rows"]),
        off=_off(meeting),
    )


def _off(meeting: Meeting) -> tuple[str, ...]:
    told = vars(meeting)
    days = DaysOff.of_columns(meeting.team_id, told["holiday_rows"], told["absence_rows"])
    return (
        tuple(why.words for why in days.on(meeting.team_id, local_day(meeting)))
        if meeting.is_scheduled
        else ()
    )


def whose(fault: str) -> str:
    """Whose miss it was, in words; nothing where that was never worked out."""
    return FAULTS[Fault(fault)] if fault else ""


def answers(column: str) -> tuple[Said, ...]:
    return tuple(Said(by, text, as_time(at)) for by, text, at in rows(column))


def corrections(column: str) -> tuple[Said, ...]:
    told = rows(column)
    return tuple(
        Said(by or "", why, as_time(at), f"missed: {whose(old)}" if old else "missed")
        for by, why, at, old in told
    )


def _versions(records: list[list[str]], reopenings: list[list[str]]) -> tuple[Version, ...]:
    """A record is followed by the reopening of the same number."""
    whys = [*reopenings, *([["", ""]] * len(records))]
    return tuple(
        Version(int(pk), int(number), as_time(at), by or "", again or "", why)
        for (pk, number, at, by), (again, why) in zip(records, whys, strict=False)
    )


def _neighbour(column: str) -> Neighbour | None:
    return next((Neighbour(pk, as_time(at), state) for pk, at, state in rows(column)), None)


def recaps_of(record: int) -> list[Notice]:
    """To whom the recap of one record is owed or was sent, by name."""
    notices = Notice.objects.filter(kind="recap", key__startswith=f"recap:record-{record}:")
    return list(notices.select_related("to").order_by("to__name", "pk"))
