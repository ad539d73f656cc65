"""The prepare page: what is still needed, and what the leader can write on each row. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import chain
from math import ceil
from urllib.parse import quote

from alignment.models.read_marks import ReadState
from alignment.rules.formatting import plain, spell_number
from deals.models import Deal
from meetings.agenda import Agenda
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.sections import DealRow, InitiativeRow, IssueRow, RiskRow
from meetings.agenda.values import Check, CommitmentRow, Person, Update
from meetings.rules.calls import MOST_MEASURES

AnyRow = DealRow | RiskRow | InitiativeRow | IssueRow
MINUTES = {"words-revenue": 2.0, "call": 0.5, "issue": 2.0, "commitment": 0.5}
"""Minutes that a missing item takes, by where it is done; everything else takes one."""
SHORT = {
    "revenue": "Revenue",
    "deals": "Deals",
    "risks": "Risks",
    "initiatives": "Initiatives",
    "issues": "Issues",
}
WEEK = timedelta(days=7)
SWAPPED = (*SHORT, "commitments")
"""The parts of the page that an act in one of them may change."""


@dataclass(frozen=True, slots=True)
class Comment:
    """The other side's words. `is_new`: written since the reader last read what is new in the team."""

    name: str
    text: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class UpdateField:
    """Where the leader's side writes on a row or section."""

    text: str
    late: bool  # changed after the preparation was submitted
    before: tuple[Update, ...]  # at the last meeting
    version: int  # of the stored update; zero before the first

    @classmethod
    def on(cls, subject: Row | AgendaSection) -> UpdateField:
        own = subject.leader_words
        text, late, version = (own.text, own.late, own.version) if own else ("", False, 0)
        return cls(text, late, subject.before, version)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a section."""

    row: AnyRow
    pk: str
    about: str
    update: UpdateField
    comments: tuple[Comment, ...]
    needs: str  # what is missing here, in words; empty if nothing is
    is_on_checklist: bool
    is_raised: bool  # among the issues already
    asks_words: bool  # and what is missing are words
    is_shown: bool  # the reader comes from an act on it
    href: str  # its place on the page, to come back to
    new_risk: str  # the query of the form of a risk about it
    amount: str  # a risk's exposure, as it is typed

    @property
    def asks_why_it_closes(self) -> bool:
        """Whether the leader has to say of a committed deal why it will close."""
        committed = self.row.committed if isinstance(self.row, DealRow) else None
        return self.is_on_checklist and committed is not None and committed.needs_evidence

    @property
    def back(self) -> str:
        """The same inside the query of an address."""
        return quote(self.href, safe="/")

    @property
    def has_box(self) -> bool:
        """Whether the box to write in is open: something is asked or written here. Else it comes by a tap."""
        return self.asks_words or bool(self.comments or self.update.text)


@dataclass(frozen=True, slots=True)
class SectionRows:
    """The rows of one section: those with something new or asked, and the others, of which a line each is enough."""

    lines: tuple[Line, ...]
    unchanged: tuple[Line, ...]
    comments: tuple[Comment, ...]  # on the section itself

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.unchanged

    @property
    def unchanged_money(self) -> Decimal:
        return sum((line.row.money for line in self.unchanged), Decimal(0))

    @property
    def shows_unchanged(self) -> bool:
        """Whether the reader comes from an act on one of them."""
        return any(line.is_shown for line in self.unchanged)


@dataclass(frozen=True, slots=True)
class EditableCommitment:
    """One commitment, and what its reader may do with it."""

    commitment: CommitmentRow
    pk: str
    href: str  # its place on the page, to come back to
    can_settle: bool  # mark it done, drop it or give it another date
    is_shown: bool  # the reader comes from an act on it

    @property
    def back(self) -> str:
        """The same inside the query of an address."""
        return quote(self.href, safe="/")


@dataclass(frozen=True)
class Preparation:
    agenda: Agenda
    due: datetime
    now: datetime
    people: tuple[Person, ...]
    usual_due: date  # of a new commitment: the day of the meeting after this one
    here: str  # the address of the page
    reader: int
    is_principal: bool  # whether the reader is the CEO or the sales leader
    read: ReadState  # what the reader has read of the team
    at: str = ""  # the anchor of the row that the reader comes from
    beside: tuple[Deal, ...] = ()  # deals entered since the last meeting that are not on the agenda

    @property
    def is_overdue(self) -> bool:
        return self.due <= self.now

    @property
    def distance(self) -> str:
        """The time to or since the deadline: "3 days", "21 h", "40 min"."""
        away = abs(self.due - self.now)
        if away >= timedelta(days=2):
            return f"{away // timedelta(days=1)} days"
        hours = away // timedelta(hours=1)
        return f"{hours} h" if hours else f"{max(1, away // timedelta(minutes=1))} min"

    @cached_property
    def missing(self) -> tuple[Check, ...]:
        return self.agenda.still_needed

    @property
    def done(self) -> tuple[Check, ...]:
        return tuple(check for check in self.agenda.checks if check.done)

    @property
    def minutes_left(self) -> int:
        """A rough estimate for what is missing."""
        kinds = (
            check.anchor if check.anchor in MINUTES else check.anchor.partition("-")[0]
            for check in self.missing
        )
        return ceil(sum(MINUTES.get(kind, 1.0) for kind in kinds))

    @property
    def sections(self) -> Iterator[tuple[int, str, str, int]]:
        """Each section's number, anchor and short name, and how many items it still needs."""
        for number, (section, name) in enumerate(SHORT.items(), start=1):
            yield number, section, name, sum(check.section == section for check in self.missing)

    @cached_property
    def needs(self) -> dict[str, str]:
        """What is missing, by its place on the page; empty where it is done."""
        rows: Iterable[AnyRow] = chain(
            self.agenda.deals.rows,
            self.agenda.risks.rows,
            self.agenda.initiatives.rows,
            self.agenda.issues.rows,
        )
        on_checklist = {check.anchor for check in self.agenda.checks}
        needs = {row.about: row.needs for row in rows if row.about in on_checklist}
        revenue = self.agenda.revenue
        return {"words-revenue": revenue.needs} | needs if revenue.asks_for_words else needs

    @property
    def todo(self) -> list[tuple[str, str]]:
        """What is missing: the id of the field that it is entered in, and its text."""
        return [(self._field_of(check.anchor), check.text) for check in self.missing]

    def _field_of(self, anchor: str) -> str:
        """The field, or the button, that the cursor goes to."""
        if anchor == "call":
            return "call"
        if anchor == "revenue":
            return "commit-revenue"
        if anchor.startswith("commitment-"):
            return f"done-{anchor}"
        row = self.agenda.at(anchor)
        if isinstance(row, DealRow) and row.needs_capacity:
            return f"capacity-{anchor}"
        if isinstance(row, DealRow) and row.needs_reason:
            return f"why-{anchor}"
        if isinstance(row, DealRow) and row.committed and row.committed.needs_evidence:
            return f"evidence-{anchor}"
        if isinstance(row, RiskRow) and row.lacks_action:
            return f"action-{anchor}"
        return f"w-{anchor.removeprefix('words-')}"

    @property
    def revenue_update(self) -> UpdateField:
        return UpdateField.on(self.agenda.revenue)

    @cached_property
    def raised(self) -> frozenset[str]:
        return frozenset(row.item for row in self.agenda.issues.rows if row.item and not row.solved)

    def _comments(self, subject: Row | AgendaSection) -> tuple[Comment, ...]:
        begins = self.agenda.since
        return tuple(
            Comment(update.name, update.text, self.read.is_unread(subject.anchor, update.at, begins=begins))
            for update in subject.words
            if update.side != "leader"
        )

    def _line(self, row: AnyRow) -> Line:
        about = row.about
        return Line(
            row=row,
            pk=str(row.id),
            about=about,
            update=UpdateField.on(row),
            comments=self._comments(row),
            needs=self.needs.get(about, ""),
            is_on_checklist=about in self.needs,
            is_raised=about in self.raised,
            asks_words=bool(self.needs.get(about)) and self._field_of(about) == f"w-{about}",
            is_shown=about == self.at,
            href=f"{self.here}?row={about}#{about}",
            new_risk=f"?team={self.agenda.team_slug}&about={about}&next={quote(self.here)}%3Falso%3Drisks%23new",
            amount=plain(row.exposure) if isinstance(row, RiskRow) else "",
        )

    def _rows_of(self, section: AgendaSection, rows: Iterable[AnyRow]) -> SectionRows:
        lines = [self._line(row) for row in rows]
        return SectionRows(
            lines=tuple(line for line in lines if self._is_open(line)),
            unchanged=tuple(line for line in lines if not self._is_open(line)),
            comments=self._comments(section),
        )

    def _is_open(self, line: Line) -> bool:
        return not line.row.is_unchanged or line.is_on_checklist

    @cached_property
    def revenue_comments(self) -> tuple[Comment, ...]:
        return self._comments(self.agenda.revenue)

    @cached_property
    def deals(self) -> SectionRows:
        return self._rows_of(self.agenda.deals, self.agenda.deals.rows)

    @cached_property
    def risks(self) -> SectionRows:
        return self._rows_of(self.agenda.risks, self.agenda.risks.rows)

    @cached_property
    def initiatives(self) -> SectionRows:
        return self._rows_of(self.agenda.initiatives, self.agenda.initiatives.rows)

    @cached_property
    def issues(self) -> SectionRows:
        return self._rows_of(self.agenda.issues, self.agenda.issues.rows)

    @property
    def plan_gap(self) -> Decimal | None:
        """What the commit of the running period leaves to its goal: only then a plan is asked for."""
        return self.agenda.revenue.commit_gap

    @cached_property
    def measures(self) -> list[EditableCommitment]:
        """The measures against that gap: open, or closed since the last meeting."""
        rows = self.agenda.revenue.commitments if self.plan_gap is not None else ()
        return self._commitment_rows(row for row in rows if row.is_measure)

    @property
    def planned(self) -> Decimal:
        """What the open measures bring, about."""
        return self.agenda.revenue.planned

    @property
    def uncovered(self) -> Decimal:
        """What they leave of the gap."""
        return self.agenda.revenue.uncovered

    @property
    def most_measures(self) -> str:
        return spell_number(MOST_MEASURES)

    @property
    def has_room(self) -> bool:
        """Whether the plan takes another measure."""
        return sum(measure.commitment.is_open for measure in self.measures) < MOST_MEASURES

    @property
    def earlier_commitments(self) -> list[EditableCommitment]:
        """Earlier commitments on the gap."""
        return self._commitment_rows(self._beside_plan(self.agenda.revenue.earlier_commitments))

    @property
    def new_commitments(self) -> list[EditableCommitment]:
        return self._commitment_rows(self._beside_plan(self.agenda.revenue.new_commitments))

    def _beside_plan(self, rows: Iterable[CommitmentRow]) -> Iterable[CommitmentRow]:
        return (row for row in rows if self.plan_gap is None or not row.is_measure)

    @cached_property
    def due_commitments(self) -> list[EditableCommitment]:
        """Commitments that are not on the gap: overdue, due by the meeting, or closed since the last one."""
        return self._commitment_rows(row for row in self._other_commitments if self._is_due(row))

    @cached_property
    def later_commitments(self) -> list[EditableCommitment]:
        return self._commitment_rows(row for row in self._other_commitments if not self._is_due(row))

    def _is_due(self, row: CommitmentRow) -> bool:
        return row.has_news or row.due <= self.usual_due - WEEK or f"commitment-{row.id}" == self.at

    @property
    def _other_commitments(self) -> list[CommitmentRow]:
        """The leader's own first, otherwise in the order of their days."""
        rows = (row for row in self.agenda.commitments if row.item or row.section != "revenue")
        return sorted(rows, key=lambda row: row.owner != self.agenda.leader)

    def _commitment_rows(self, commitments: Iterable[CommitmentRow]) -> list[EditableCommitment]:
        return [
            EditableCommitment(
                commitment,
                pk=str(commitment.id),
                href=f"{self.here}?row=commitment-{commitment.id}#commitment-{commitment.id}",
                can_settle=self.is_principal or commitment.owner.id == self.reader,
                is_shown=f"commitment-{commitment.id}" == self.at,
            )
            for commitment in commitments
        ]
