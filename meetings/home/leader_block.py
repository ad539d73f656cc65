"""The home of a sales leader: the next deadline and what is missing, what others owe them, and their own part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from alignment.models import User
from alignment.rules.formatting import MoneyFormat, number_of, when
from alignment.rules.roles import Side
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.agenda.section import ExceptionLine
from meetings.agenda.values import Check, CommitmentRow
from meetings.home.team_rows import acknowledged, format_hours, gap_change
from meetings.home.team_snapshots import TeamSnapshot
from meetings.home.values import MOST_SHOWN, GapChange, Last, Next
from meetings.rules.escalation import STEPS
from meetings.rules.misses import Fault
from meetings.rules.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Lead:
    """A leader's own block: the next meeting and what is still to be done for it."""

    team: str
    slug: str
    m: MoneyFormat
    next: Next | None
    deadline: str
    tone: str
    agenda: Agenda | None
    last: Last | None
    outcomes: tuple[str, ...]
    is_red: bool = False
    red_in_words: str = ""
    acknowledged: str = ""
    change: GapChange | None = None
    """Of the gap, since the last meeting was closed in this quarter."""

    user: int = 0
    """Who reads it."""
    discipline: str = ""
    """How the leader's side kept to the meetings lately, in one sentence."""

    @property
    def changed(self) -> tuple[ExceptionLine, ...]:
        """Lines of the quarter's agreement that are no longer as agreed."""
        if self.agenda is None:
            return ()
        path = reverse("meetings:agreement", args=[self.slug])
        lines = (line for section in self.agenda.sections for line in section.lines)
        return tuple(line for line in lines if line.path.startswith(path))

    @property
    def open_of_others(self) -> tuple[CommitmentRow, ...]:
        """Open commitments of others on the team, by their day."""
        rows = self.agenda.commitments if self.agenda else ()
        others = (row for row in rows if row.is_open and row.owner.id != self.user)
        return tuple(sorted(others, key=lambda row: (row.due, row.id)))

    @property
    def shown_overdue(self) -> tuple[CommitmentRow, ...]:
        return self.open_of_others[:MOST_SHOWN]

    @property
    def more_overdue(self) -> int:
        return len(self.open_of_others) - len(self.shown_overdue)

    @property
    def commitments_on_time(self) -> str:
        """Of both sides: "14 of 16"; empty where none was due."""
        return f"{self.agenda.on_time} of {self.agenda.due}" if self.agenda and self.agenda.due else ""

    @property
    def needed(self) -> tuple[Check, ...]:
        return self.agenda.still_needed if self.agenda else ()

    @property
    def done(self) -> tuple[Check, ...]:
        return tuple(check for check in self.agenda.checks if check.done) if self.agenda else ()


def lead_agenda(lead: TeamSnapshot | None, user: User, now: datetime) -> Agenda | None:
    if lead is None or lead.next is None:
        return None
    return build(pages().get(pk=lead.next.id), user, now)


def lead_block(lead: TeamSnapshot | None, agenda: Agenda | None, user: User, now: datetime) -> Lead | None:
    if lead is None:
        return None
    deadline, tone = _deadline(lead.next, now, lead.days_off)
    return Lead(
        team=lead.name,
        slug=lead.slug,
        m=MoneyFormat(lead.currency, user.locale),
        next=lead.next,
        deadline=deadline,
        tone=tone,
        agenda=agenda,
        last=lead.last,
        outcomes=tuple(reversed(lead.outcomes)),
        is_red=lead.is_red,
        red_in_words=lead.policy.in_words(STEPS),
        acknowledged=acknowledged(lead),
        change=_change_of_lead(lead, agenda, user),
        user=user.pk,
        discipline=own_discipline(lead),
    )


def _change_of_lead(lead: TeamSnapshot, agenda: Agenda | None, user: User) -> GapChange | None:
    revenue = agenda.revenue if agenda else None
    if revenue is None or revenue.gap is None or revenue.gap_before is None or lead.last is None:
        return None
    m = MoneyFormat(lead.currency, user.locale)
    return gap_change(revenue.gap, revenue.gap_before, closed_at=lead.last.closed_at, m=m)


def _deadline(meeting: Next | None, now: datetime, days_off: Sequence[str] = ()) -> tuple[str, str]:
    """What the leader must do by when, as one sentence, with its tone."""
    if meeting is None:
        return "No meeting is planned.", ""
    if meeting.in_session:
        return "The meeting is in session.", "good"
    if meeting.submitted_at:
        return (
            f"Submitted {when(meeting.submitted_at)}; you can still make changes, and they are marked.",
            "good",
        )
    if days_off:
        return f"{' · '.join(days_off)} on that day: it counts as excused unless you hold or move it.", "warn"
    return _preparation_deadline(meeting.preparation_due, now)


def _preparation_deadline(due: datetime, now: datetime) -> tuple[str, str]:
    time_left = due - now
    if time_left <= timedelta(0):
        return f"Preparation was due {when(due)} and is not submitted yet.", "bad"
    if time_left.days < 1:
        return f"Preparation due {when(due)}, in {format_hours(time_left)}.", "warn"
    return f"Preparation due {when(due)}.", ""


def own_discipline(team: TeamSnapshot) -> str:
    """ "Of the last 13 meetings 11 were held, 9 prepared on time, 1 missed by your side." """
    meetings = [row for row in team.past if row.state != Outcome.EXCUSED]
    if not meetings:
        return ""
    held = sum(row.state == Outcome.HELD for row in meetings)
    prepared = sum(row.is_prepared_on_time for row in meetings)
    missed = sum(bool(row.missed_by) and Side.LEADER in Fault(row.missed_by).sides for row in meetings)
    misses = f", {missed} missed by your side" if missed else ""
    of = f"Of the last {number_of(len(meetings), 'meeting')}" if len(meetings) > 1 else "Of the last meeting"
    return f"{of}, {held} held, {prepared} prepared on time{misses}."
