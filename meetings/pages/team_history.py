"""A team's meetings on record: the outcome of each, and who had which seat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef

from alignment.db.json_aggregation import JsonRows
from alignment.models import Seat, Team
from alignment.rules.formatting import MoneyFormat, clock, counted, day, signed, when
from meetings.models import Meeting, Rating
from meetings.models.meeting_queryset import MeetingQuerySet
from meetings.pages.meeting_sidebar import (
    MissComment,
    answer_rows,
    answers,
    correction_rows,
    corrections,
    describe_fault,
)

ROLE_NAMES = {"ceo": "CEO", "leader": "leader"}


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in a list."""

    id: int
    starts_at: datetime
    team: str
    slug: str
    reads: bool
    """Whether the reader may read its contents, so that there is something to open."""
    outcome: str
    tone: str
    why: str
    preparation: str
    preparation_tone: str
    ratings: str
    gap: str
    gap_tone: str
    missed: bool
    fault: str
    answers: tuple[MissComment, ...]
    corrections: tuple[MissComment, ...]


class ScoreRow(NamedTuple):
    role: str
    score: int


def list_meetings() -> MeetingQuerySet:
    """Meetings with everything a list shows of them, in one query. When the preparation of those that are ahead is due
    takes the company's holidays too."""
    ratings = Rating.objects.filter(meeting=OuterRef("pk")).order_by("role")
    meetings = Meeting.objects.select_related("team__company", "excused_by")
    return meetings.annotate(
        rating_rows=JsonRows(ratings, into=ScoreRow),
        answer_rows=answer_rows(),
        correction_rows=correction_rows(),
    )


def meeting_line(meeting: Meeting, *, reads: bool, now: datetime, locale: str) -> MeetingLine:
    """The facts of one meeting; ratings and the gap only for those who may read its record."""
    outcome, tone = _outcome(meeting)
    preparation, preparation_tone = _preparation(meeting, now)
    gap = meeting.gap if reads else None
    scores = vars(meeting)["rating_rows"] if reads else []
    if not meeting.ratings_are_shown((score.role for score in scores), now=now):
        scores = []
    return MeetingLine(
        id=meeting.pk,
        starts_at=meeting.starts_at,
        team=meeting.team.name,
        slug=meeting.team.slug,
        reads=reads,
        outcome=outcome,
        tone=tone,
        why=_why(meeting),
        preparation=preparation,
        preparation_tone=preparation_tone,
        ratings=", ".join(f"{ROLE_NAMES.get(row.role, row.role)} {row.score}" for row in scores),
        gap="" if gap is None else signed(gap, MoneyFormat(meeting.team.currency, locale)),
        gap_tone="" if gap is None else "bad" if gap < 0 else "good",
        missed=meeting.state == Meeting.State.MISSED,
        fault=describe_fault(meeting.missed_by),
        answers=answers(vars(meeting)["answer_rows"]),
        corrections=corrections(vars(meeting)["correction_rows"]),
    )


def _outcome(meeting: Meeting) -> tuple[str, str]:
    late = f", started {meeting.minutes_late} min late" if meeting.is_held and meeting.minutes_late else ""
    if meeting.closed_itself:
        return f"Held, closed automatically{late}", "warn"
    if late:
        return f"Held{late}", "warn"
    tones = {"held": "good", "missed": "bad", "in_progress": "good"}
    names = {"in_progress": "In session", "scheduled": "Upcoming"}
    return names.get(meeting.state, str(meeting.get_state_display())), tones.get(meeting.state, "")


def _why(meeting: Meeting) -> str:
    """Why a meeting was excused, or from when it was moved."""
    if meeting.excused_why:
        by = f" ({meeting.excused_by.name})" if meeting.excused_by else ""
        return f"{meeting.excused_why}{by}"
    if meeting.starts_at != meeting.planned_start:
        return f"Moved from {day(meeting.planned_start)} {clock(meeting.planned_start)}"
    return ""


def _preparation(meeting: Meeting, now: datetime) -> tuple[str, str]:
    preparation = meeting.preparation
    if not preparation.is_submitted:
        if meeting.state == Meeting.State.EXCUSED:
            return "", ""
        return ("Not submitted", "bad") if _was_preparation_due(meeting, now) else ("", "")
    missing = f", incomplete: {counted(preparation.missing, 'item')} open" if preparation.missing else ""
    if preparation.is_late:
        return f"Submitted late, {when(meeting.submitted_at)}{missing}", "warn"
    return f"Submitted{missing}", "warn" if missing else ""


def _was_preparation_due(meeting: Meeting, now: datetime) -> bool:
    """Of a meeting that is over it was, unless it was brought forward and began before."""
    if meeting.is_ahead:
        return (meeting.started_at or now) >= meeting.preparation_due
    begun, not_before = meeting.started_at, meeting.due_not_before
    return begun is None or not_before is None or begun >= not_before


def seats(team: Team) -> dict[str, Any]:
    """Who has which seat now, and who had it before."""
    all_seats = list(team.seats.select_related("user").order_by("until", "pk"))
    order = {"ceo": 0, "leader": 1, "delegate": 2, "facilitator": 3, "observer": 4}
    now = sorted(
        (seat for seat in all_seats if seat.until is None), key=lambda seat: (order[seat.role], seat.pk)
    )
    before: list[Seat] = [seat for seat in reversed(all_seats) if seat.until is not None]
    return {"seats": now, "seats_before": before}
