"""The present page: which section is shown, where the meeting is, what its timers say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alignment.rules.formatting import minutes_seconds
from meetings.agenda import Agenda
from meetings.agenda.section import AgendaSection
from meetings.agenda.sections import IssueRow
from meetings.agenda.values import CommitmentRow, Decided
from meetings.models import Meeting, Section
from meetings.models.sections import CLOSING
from meetings.rules.start_and_end import needs_short_version
from meetings.rules.timer import SECTION_NEAR_END, TOTAL_NEAR_END

STATIONS = (*Section.values, CLOSING)
NAMES = {
    "revenue": "Revenue",
    "deals": "Big deals",
    "risks": "Risks",
    "initiatives": "Initiatives",
    "issues": "Issues",
} | {CLOSING: "Wrap up"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerDisplay:
    """One timer: seconds spent of seconds planned (0: no plan). The browser counts on from here."""

    spent: int
    planned: int
    soon_from: int
    is_soon: bool
    is_running: bool
    under: str  # shown within the plan; {} is the time left
    beyond: str  # shown after it; {} is the time over

    @property
    def is_over(self) -> bool:
        return 0 < self.planned < self.spent

    @property
    def state(self) -> str:
        if self.is_over or self.is_soon:
            return "over" if self.is_over else "soon"
        return "" if self.is_running else "paused"

    @property
    def text(self) -> str:
        away = minutes_seconds(abs(self.planned - self.spent))
        return (self.beyond if self.is_over else self.under).replace("{}", away)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One section in the list beside the stage."""

    number: int
    section: str
    minutes: int
    spent: int
    is_now: bool  # the meeting is here
    is_shown: bool  # this browser shows it
    is_past: bool
    is_skipped: bool  # not discussed, in the short version

    @property
    def name(self) -> str:
        return NAMES[self.section]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one browser shows of a running meeting."""

    agenda: Agenda
    now_at: str  # where the meeting is
    at: str  # what this browser shows
    is_paused: bool
    suspended_at: datetime | None
    started_at: datetime
    now: datetime
    is_short: bool  # only exceptions and issues from here on
    offers_short: bool
    steps: tuple[Step, ...]
    section_timer: TimerDisplay
    total_timer: TimerDisplay
    ratings_are_shown: bool

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
    def section(self) -> AgendaSection | None:
        return next((section for section in self.agenda.sections if section.name == self.at), None)

    @property
    def template(self) -> str:
        return f"meetings/sections/{self.at}.html"

    @property
    def previous(self) -> str:
        """The station before the meeting's; empty at the first."""
        index = STATIONS.index(self.now_at)
        return STATIONS[index - 1] if index else ""

    @property
    def next(self) -> str:
        """The station after the meeting's; in the short version the next that has an exception. Empty at the last."""
        after = STATIONS[STATIONS.index(self.now_at) + 1 :]
        return next((station for station in after if not self._is_left_out(station)), "")

    def _is_left_out(self, station: str) -> bool:
        section = next((section for section in self.agenda.sections if section.name == station), None)
        return self.is_short and section is not None and not section.belongs_to_short_version

    @property
    def previous_name(self) -> str:
        return NAMES.get(self.previous, "")

    @property
    def next_name(self) -> str:
        return NAMES.get(self.next, "")

    # What was captured in this meeting and belongs to the section shown.

    @property
    def commitments(self) -> tuple[CommitmentRow, ...]:
        captured = (
            commitment for commitment in self.agenda.commitments if commitment.made_at >= self.started_at
        )
        return tuple(commitment for commitment in captured if commitment.section == self.at)

    @property
    def decisions(self) -> tuple[Decided, ...]:
        return tuple(decided for decided in self.agenda.decisions if decided.section == self.at)

    @property
    def raised(self) -> tuple[IssueRow, ...]:
        """Issues raised in this meeting from the section shown."""
        raised = (
            row for row in self.agenda.issues.rows if row.raised_at and row.raised_at >= self.started_at
        )
        return tuple(row for row in raised if row.section == self.at != Section.ISSUES and not row.solved)


def stage(meeting: Meeting, agenda: Agenda, *, at: str, now: datetime) -> Stage:
    """The stage of a meeting in progress. The browser shows `at`, if unknown where the meeting is."""
    now_at = meeting.section or Section.REVENUE
    shown_at = at if at in STATIONS else now_at
    return Stage(
        agenda=agenda,
        now_at=now_at,
        at=shown_at,
        is_paused=not meeting.timer.is_running,
        suspended_at=meeting.suspended_at,
        started_at=meeting.started_at or now,
        now=now,
        is_short=meeting.shortened_at is not None,
        offers_short=_offers_short(meeting, agenda, now_at, now),
        steps=tuple(_steps(agenda, now_at, shown_at)),
        section_timer=_section_timer(meeting, now),
        total_timer=_total_timer(meeting, now),
        ratings_are_shown=meeting.ratings_are_shown((score.person.role for score in agenda.ratings), now=now),
    )


def _offers_short(meeting: Meeting, agenda: Agenda, now_at: str, now: datetime) -> bool:
    """Whether the meeting is short of time and has sections that the short version leaves out."""
    ahead = [section for section in agenda.sections if STATIONS.index(section.name) > STATIONS.index(now_at)]
    if meeting.shortened_at or all(section.belongs_to_short_version for section in ahead):
        return False
    timer = meeting.timer
    here = max(0, timer.section_left(now)) if now_at in timer.planned else 0
    planned = here + sum(section.minutes * 60 for section in ahead)
    return needs_short_version(meeting.starts_at, now, minutes=meeting.team.minutes, planned_ahead=planned)


def _steps(agenda: Agenda, now_at: str, shown_at: str) -> Iterable[Step]:
    for number, section in enumerate(agenda.sections, 1):
        yield Step(
            number=number,
            section=section.name,
            minutes=section.minutes,
            spent=section.spent,
            is_now=section.name == now_at,
            is_shown=section.name == shown_at,
            is_past=STATIONS.index(section.name) < STATIONS.index(now_at) and section.spent > 0,
            is_skipped=section.skipped,
        )


def _section_timer(meeting: Meeting, now: datetime) -> TimerDisplay:
    timer = meeting.timer
    minutes = timer.planned.get(timer.section or "", 0)
    return TimerDisplay(
        spent=timer.section_seconds(now),
        planned=minutes * 60,
        soon_from=minutes * 60 - SECTION_NEAR_END,
        is_soon=timer.section_is_near_end(now),
        is_running=timer.is_running,
        under=f"of {minutes} minute{'s' if minutes != 1 else ''}" if minutes else "",
        beyond=f"{{}} over its {minutes} minutes",
    )


def _total_timer(meeting: Meeting, now: datetime) -> TimerDisplay:
    timer = meeting.timer
    planned = sum(timer.planned.values()) * 60
    return TimerDisplay(
        spent=timer.total_seconds(now),
        planned=planned,
        soon_from=planned - TOTAL_NEAR_END,
        is_soon=timer.total_is_near_end(now),
        is_running=timer.is_running,
        under="{} left in total",
        beyond="{} over in total",
    )
