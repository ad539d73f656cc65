"""A team's meetings as facts that stay: what became of each, the habit, and who sat where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Avg, OuterRef, QuerySet

from alignment.models import Seat, Team
from alignment.rows import JsonRows, rows
from alignment.templatetags.figures import MoneyFormat, clock, day, signed, when
from meetings.agenda.headline import counted
from meetings.around import Said, answers, corrections, whose
from meetings.discipline import Completion, Outcome, Past, completion, share_held, streak
from meetings.models import Commitment, Correction, Meeting, MissAnswer, Rating
from meetings.running import ratings_are_shown

WEEKS = 13
YEAR = 52


@dataclass(frozen=True, slots=True)
class Told:
    """One meeting in a list."""

    id: int
    starts_at: datetime
    team: str
    slug: str
    reads: bool
    """Whether the reader may read what was said, so that there is something to open."""
    outcome: str
    tone: str
    why: str
    preparation: str
    preparation_tone: str
    ratings: str
    gap: str
    gap_tone: str
    missed: bool
    whose: str
    answers: tuple[Said, ...]
    corrections: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Habit:
    """How well the meeting and its promises are kept."""

    streak: int
    held: float | None
    held_year: float | None
    kept: Completion
    rating: float | None
    ratings: str

    @property
    def kept_share(self) -> float | None:
        return _share(self.kept.share)


def _share(exact: Fraction | None) -> float | None:
    return None if exact is None else float(exact)


def listed() -> QuerySet[Meeting]:
    """Meetings with all that a list says of them, in one query."""
    this = OuterRef("pk")
    ratings = Rating.objects.filter(meeting=this).order_by("role")
    said = MissAnswer.objects.filter(meeting=this).order_by("at", "pk")
    corrected = Correction.objects.filter(meeting=this).order_by("at", "pk")
    return Meeting.objects.select_related("team__company", "excused_by").annotate(
        rating_rows=JsonRows(ratings, "role", "score"),
        answer_rows=JsonRows(said, "user__name", "text", "at"),
        correction_rows=JsonRows(corrected, "by__name", "why", "at", "old_fault"),
    )


def told(meeting: Meeting, *, reads: bool, now: datetime, locale: str) -> Told:
    """The facts of one meeting; ratings and the gap only for those who may read its record."""
    outcome, tone = _outcome(meeting)
    preparation, preparation_tone = _preparation(meeting, now)
    gap = meeting.gap if reads else None
    scores = rows(vars(meeting)["rating_rows"]) if reads else []
    if not ratings_are_shown(meeting, (role for role, _ in scores), now):
        scores = []
    return Told(
        id=meeting.pk, starts_at=meeting.starts_at, team=meeting.team.name, slug=meeting.team.slug, reads=reads,
        outcome=outcome, tone=tone, why=_why(meeting), preparation=preparation, preparation_tone=preparation_tone,
        ratings=", ".join(f"{'CEO' if role == 'ceo' else role} {score}" for role, score in scores),
        gap="" if gap is None else signed(gap, MoneyFormat(meeting.team.currency, locale)),
        gap_tone="" if gap is None else "bad" if gap < 0 else "good",
        missed=meeting.state == Meeting.State.MISSED, whose=whose(meeting.missed_by),
        answers=answers(vars(meeting)["answer_rows"]), corrections=corrections(vars(meeting)["correction_rows"]),
    )  # fmt: skip


def _outcome(meeting: Meeting) -> tuple[str, str]:
    late = f", began {meeting.minutes_late} min late" if meeting.is_held and meeting.minutes_late else ""
    if meeting.closed_itself:
        return f"Held, closed by itself{late}", "warn"
    if late:
        return f"Held{late}", "warn"
    tones = {"held": "good", "missed": "bad", "in_progress": "good"}
    names = {"in_progress": "In session", "scheduled": "To come"}
    return names.get(meeting.state, str(meeting.get_state_display())), tones.get(meeting.state, "")


def _why(meeting: Meeting) -> str:
    """What a reader asks about a meeting that was excused or moved."""
    if meeting.excused_why:
        by = f" ({meeting.excused_by.name})" if meeting.excused_by else ""
        return f"{meeting.excused_why}{by}"
    if meeting.starts_at != meeting.planned_start:
        return f"Moved from {day(meeting.planned_start)} {clock(meeting.planned_start)}"
    return ""


def _preparation(meeting: Meeting, now: datetime) -> tuple[str, str]:
    told = meeting.preparation
    if not told.handed_in:
        if meeting.state == Meeting.State.EXCUSED:
            return "", ""
        return ("Not handed in", "bad") if now >= meeting.preparation_due else ("", "")
    missing = f", short: {counted(told.missing, 'thing')} open" if told.missing else ""
    if told.is_late:
        return f"Handed in late, {when(meeting.handed_in_at)}{missing}", "warn"
    return f"Handed in{missing}", "warn" if missing else ""


def habit(team: Team, over: Sequence[Past], *, reads: bool, now: datetime) -> Habit:
    """The figures above the list; for a reader of facts alone without ratings."""
    scores = _ratings(team, now - timedelta(weeks=WEEKS)) if reads else {}
    names = {"ceo": "CEO", "leader": "leader"}
    return Habit(
        streak=streak(_since(over, None)),
        held=_share(share_held(_since(over, now - timedelta(weeks=WEEKS)))),
        held_year=_share(share_held(_since(over, now - timedelta(weeks=YEAR)))),
        kept=_kept(team, now),
        rating=sum(scores.values()) / len(scores) if scores else None,
        ratings=", ".join(f"{names.get(role, role)} {score:.1f}" for role, score in sorted(scores.items())),
    )


def _since(over: Sequence[Past], since: datetime | None) -> Iterable[Outcome]:
    return [past.outcome for past in over if since is None or past.planned > since]


def _ratings(team: Team, since: datetime) -> dict[str, float]:
    """The average of each side."""
    found = Rating.objects.filter(meeting__team=team, meeting__planned_start__gt=since)
    return dict(found.order_by().values_list("role").annotate(mean=Avg("score")))


def _kept(team: Team, now: datetime) -> Completion:
    today = team.today(now)
    promised = Commitment.objects.filter(team=team, due__gte=today - timedelta(weeks=WEEKS), due__lte=today)
    return completion(
        [
            (due, _day(team, done or dropped), dropped is not None)
            for due, done, dropped in promised.order_by().values_list("due", "done_at", "dropped_at")
        ],
        today=today,
        weeks=WEEKS,
    )


def _day(team: Team, at: datetime | None) -> date | None:
    return team.today(at) if at else None


def seats(team: Team) -> dict[str, Any]:
    """Who sits where now, and who did before."""
    every = list(team.seats.select_related("user").order_by("until", "pk"))
    order = {"ceo": 0, "leader": 1, "delegate": 2, "facilitator": 3, "observer": 4}
    now = sorted((seat for seat in every if seat.until is None), key=lambda seat: (order[seat.role], seat.pk))
    before: list[Seat] = [seat for seat in reversed(every) if seat.until is not None]
    return {"seats": now, "seats_before": before}
