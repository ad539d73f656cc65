"""A team's meetings on record: the outcome of each, attendance and commitments, and who had which seat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from statistics import fmean
from typing import Any, NamedTuple

from django.db.models import OuterRef

from alignment.db.json_aggregation import JsonRows
from alignment.models import Seat, Team
from alignment.rules.formatting import MoneyFormat, clock, counted, day, signed, when
from alignment.rules.periods import RECENT_WEEKS, WEEKS_OF_YEAR
from meetings.models import Commitment, Meeting, Rating
from meetings.models.meeting_queryset import MeetingQuerySet
from meetings.pages.meeting_sidebar import (
    MissComment,
    answer_rows,
    answers,
    correction_rows,
    corrections,
    describe_fault,
)
from meetings.rules.outcomes import Outcome, PastMeeting
from meetings.rules.track_record import Completion, completion, share_held, streak

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


@dataclass(frozen=True, slots=True)
class Habit:
    """How regularly the team meets and does what it committed to."""

    streak: int
    held: float | None
    held_year: float | None
    completion: Completion
    rating: float | None
    ratings: str

    @property
    def share_done_on_time(self) -> float | None:
        return _share(self.completion.share)


def _share(exact: Fraction | None) -> float | None:
    return None if exact is None else float(exact)


class ScoreRow(NamedTuple):
    role: str
    score: int


def list_meetings() -> MeetingQuerySet:
    """Meetings with everything a list shows of them, in two queries."""
    ratings = Rating.objects.filter(meeting=OuterRef("pk")).order_by("role")
    meetings = Meeting.objects.select_related("team__company", "excused_by")
    return meetings.prefetch_related("team__company__holidays").annotate(
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
        is_overdue = (meeting.started_at or now) >= meeting.preparation_due
        return ("Not submitted", "bad") if is_overdue else ("", "")
    missing = f", incomplete: {counted(preparation.missing, 'item')} open" if preparation.missing else ""
    if preparation.is_late:
        return f"Submitted late, {when(meeting.submitted_at)}{missing}", "warn"
    return f"Submitted{missing}", "warn" if missing else ""


def habit(team: Team, over: Sequence[PastMeeting], *, reads: bool, now: datetime) -> Habit:
    """The figures above the list; without ratings for those who may not read the records."""
    scores = _average_ratings(team, since=now - timedelta(weeks=RECENT_WEEKS), now=now) if reads else {}
    return Habit(
        streak=streak(_since(over, None)),
        held=_share(share_held(_since(over, now - timedelta(weeks=RECENT_WEEKS)))),
        held_year=_share(share_held(_since(over, now - timedelta(weeks=WEEKS_OF_YEAR)))),
        completion=_completion(team, now),
        rating=sum(scores.values()) / len(scores) if scores else None,
        ratings=", ".join(
            f"{ROLE_NAMES.get(role, role)} {score:.1f}" for role, score in sorted(scores.items())
        ),
    )


def _since(over: Sequence[PastMeeting], since: datetime | None) -> Iterable[Outcome]:
    return [past.outcome for past in over if since is None or past.starts_at > since]


def _average_ratings(team: Team, *, since: datetime, now: datetime) -> dict[str, float]:
    """By role, of the meetings whose ratings are shown."""
    ratings = Rating.objects.filter(meeting__team=team, meeting__starts_at__gt=since)
    by_role: dict[str, list[int]] = defaultdict(list)
    for meeting, group in groupby(
        ratings.select_related("meeting").order_by("meeting"), attrgetter("meeting")
    ):
        given = list(group)
        if meeting.ratings_are_shown((rating.role for rating in given), now=now):
            for rating in given:
                by_role[rating.role].append(rating.score)
    return {role: fmean(scores) for role, scores in by_role.items()}


def _completion(team: Team, now: datetime) -> Completion:
    today = team.today(now)
    commitments = Commitment.objects.filter(
        team=team, due__gte=today - timedelta(weeks=RECENT_WEEKS), due__lte=today
    )
    return completion(
        [
            (due, _day(team, done or dropped), dropped is not None)
            for due, done, dropped in commitments.order_by().values_list("due", "done_at", "dropped_at")
        ],
        today=today,
        weeks=RECENT_WEEKS,
    )


def _day(team: Team, at: datetime | None) -> date | None:
    return team.today(at) if at else None


def seats(team: Team) -> dict[str, Any]:
    """Who has which seat now, and who had it before."""
    all_seats = list(team.seats.select_related("user").order_by("until", "pk"))
    order = {"ceo": 0, "leader": 1, "delegate": 2, "facilitator": 3, "observer": 4}
    now = sorted(
        (seat for seat in all_seats if seat.until is None), key=lambda seat: (order[seat.role], seat.pk)
    )
    before: list[Seat] = [seat for seat in reversed(all_seats) if seat.until is not None]
    return {"seats": now, "seats_before": before}
