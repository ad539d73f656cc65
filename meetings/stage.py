"""The present page as values: which section is shown, where the meeting stands, what its clocks say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alignment.templatetags.figures import minutes_seconds
from meetings.agenda.chapters import Agenda, Chapter, Present, Score
from meetings.agenda.values import Decided, IssueRow, Promise
from meetings.clock import SECTION_NEAR_END, TOTAL_NEAR_END
from meetings.models import Meeting, Section
from meetings.models.sections import CLOSING

STATIONS = (*Section.values, CLOSING)
NAMES = {"revenue": "Revenue", "deals": "Big deals", "risks": "Risks", "initiatives": "Initiatives", "issues": "Issues"} | {
    CLOSING: "Closing"
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One clock: seconds spent of seconds planned (0: no plan). The browser counts on from here."""

    spent: int
    planned: int
    soon_from: int
    is_soon: bool
    is_running: bool
    under: str  # said while within the plan; {} is the time left
    beyond: str  # said afterwards; {} is the time over

    @property
    def is_over(self) -> bool:
        return 0 < self.planned < self.spent

    @property
    def state(self) -> str:
        if self.is_over or self.is_soon:
            return "over" if self.is_over else "soon"
        return "" if self.is_running else "paused"

    @property
    def words(self) -> str:
        away = minutes_seconds(abs(self.planned - self.spent))
        return (self.beyond if self.is_over else self.under).replace("{}", away)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One section in the list beside the stage."""

    number: int
    section: str
    minutes: int
    spent: int
    is_now: bool  # the meeting stands here
    is_shown: bool  # this browser looks here
    is_past: bool

    @property
    def name(self) -> str:
        return NAMES[self.section]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one browser shows of a running meeting."""

    agenda: Agenda
    now_at: str  # where the meeting stands
    at: str  # where this browser looks
    is_paused: bool
    suspended_at: datetime | None
    started_at: datetime
    steps: tuple[Step, ...]
    face: Face
    total: Face

    @property
    def is_following(self) -> bool:
        return self.at == self.now_at

    @property
    def is_closing(self) -> bool:
        return self.at == CLOSING

    @property
    def name(self) -> str:
        return NAMES[self.at]

    @property
    def now_name(self) -> str:
        return NAMES[self.now_at]

    @property
    def chapter(self) -> Chapter | None:
        return next((chapter for chapter in self.agenda.chapters if chapter.section == self.at), None)

    @property
    def template(self) -> str:
        return f"meetings/agenda/{self.at}.html"

    @property
    def previous(self) -> str:
        """The station before the meeting's; empty at the first."""
        place = STATIONS.index(self.now_at)
        return STATIONS[place - 1] if place else ""

    @property
    def next(self) -> str:
        place = STATIONS.index(self.now_at)
        return STATIONS[place + 1] if place + 1 < len(STATIONS) else ""

    @property
    def previous_name(self) -> str:
        return NAMES.get(self.previous, "")

    @property
    def next_name(self) -> str:
        return NAMES.get(self.next, "")

    @property
    def absent(self) -> tuple[Present, ...]:
        return tuple(told for told in self.agenda.attendance if not told.present)

    # What was captured in this meeting: all of it at the closing, else what belongs to the section shown.

    @property
    def promises(self) -> tuple[Promise, ...]:
        made = (promise for promise in self.agenda.promises if promise.made_at >= self.started_at)
        return tuple(promise for promise in made if self._belongs(promise.section))

    @property
    def decisions(self) -> tuple[Decided, ...]:
        return tuple(decided for decided in self.agenda.decisions if self._belongs(decided.section))

    @property
    def raised(self) -> tuple[IssueRow, ...]:
        """Issues raised in this meeting from the section shown."""
        asked = (row for row in self.agenda.issues.rows if row.raised_at and row.raised_at >= self.started_at)
        return tuple(row for row in asked if row.section == self.at != Section.ISSUES and not row.solved)

    @property
    def solved(self) -> tuple[IssueRow, ...]:
        return tuple(row for row in self.agenda.issues.rows if row.solved)

    def _belongs(self, section: str) -> bool:
        return self.is_closing or section == self.at

    # Ratings are private until both of the two have given theirs.

    def rating_of(self, user: int) -> Score | None:
        return next((score for score in self.agenda.ratings if score.person.id == user), None)

    @property
    def shown_ratings(self) -> tuple[Score, ...]:
        two = {told.person.id for told in self.agenda.attendance}
        rated = tuple(score for score in self.agenda.ratings if score.person.id in two)
        return rated if two and len(rated) == len(two) else ()


def stage(meeting: Meeting, agenda: Agenda, *, at: str, now: datetime) -> Stage:
    """The stage of a meeting in progress; `at` is where the browser looks, empty or unknown: where the meeting stands."""
    now_at = meeting.section or Section.REVENUE
    shown = at if at in STATIONS else now_at
    return Stage(
        agenda=agenda, now_at=now_at, at=shown, is_paused=not meeting.clock.is_running, suspended_at=meeting.suspended_at,
        started_at=meeting.started_at or now, steps=tuple(_steps(agenda, now_at, shown)),
        face=_section_face(meeting, now), total=_total_face(meeting, now),
    )  # fmt: skip


def _steps(agenda: Agenda, now_at: str, shown: str) -> Iterable[Step]:
    for number, chapter in enumerate(agenda.chapters, 1):
        yield Step(
            number=number, section=chapter.section, minutes=chapter.minutes, spent=chapter.spent,
            is_now=chapter.section == now_at, is_shown=chapter.section == shown,
            is_past=STATIONS.index(chapter.section) < STATIONS.index(now_at) and chapter.spent > 0,
        )  # fmt: skip


def _section_face(meeting: Meeting, now: datetime) -> Face:
    clock = meeting.clock
    minutes = clock.planned.get(clock.section or "", 0)
    return Face(
        spent=clock.section_seconds(now), planned=minutes * 60, soon_from=minutes * 60 - SECTION_NEAR_END,
        is_soon=clock.section_is_near_end(now), is_running=clock.is_running,
        under=f"of {minutes} minute{'s' if minutes != 1 else ''}" if minutes else "", beyond=f"{{}} over its {minutes} minutes",
    )  # fmt: skip


def _total_face(meeting: Meeting, now: datetime) -> Face:
    clock = meeting.clock
    planned = sum(clock.planned.values()) * 60
    return Face(
        spent=clock.total_seconds(now), planned=planned, soon_from=planned - TOTAL_NEAR_END,
        is_soon=clock.total_is_near_end(now), is_running=clock.is_running,
        under="{} left in all", beyond="{} over in all",
    )  # fmt: skip
