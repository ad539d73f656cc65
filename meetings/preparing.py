"""The prepare page as a value: what is still needed, and for each row what the leader can write there. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import chain
from math import ceil
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from meetings.agenda.chapters import Agenda, Chapter, Check
from meetings.agenda.values import (
    DealRow,
    InitiativeRow,
    IssueRow,
    Mark,
    Person,
    Promise,
    RiskRow,
    Row,
    Words,
)
from meetings.templatetags.preparing import plain

AnyRow = DealRow | RiskRow | InitiativeRow | IssueRow
MINUTES = {"words-revenue": 2.0, "issue": 2.0, "commitment": 0.5}
"""What a thing still needed takes, by where it is done; everything else takes a minute."""
SHORT = {
    "revenue": "Revenue",
    "deals": "Deals",
    "risks": "Risks",
    "initiatives": "Initiatives",
    "issues": "Issues",
}
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Writing:
    """The words of the leader's side on one row or chapter, to write on, and what others said there."""

    text: str
    late: bool  # changed after the preparation was handed in
    others: tuple[Words, ...]
    before: tuple[Words, ...]  # at the last meeting
    sends: SafeString  # the hidden fields of its form

    @classmethod
    def on(cls, place: Row | Chapter, sends: Callable[..., SafeString], **about: str) -> Writing:
        own = place.leader_words
        others = tuple(words for words in place.words if words.side != "leader")
        hidden = sends(**about, version=own.version if own else 0)
        return cls(own.text if own else "", bool(own and own.late), others, place.before, hidden)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a chapter."""

    row: AnyRow
    pk: str
    about: str
    writing: Writing
    sends: SafeString  # the hidden fields of the forms of the row itself
    marks: SafeString  # what changed, for the margin
    needs: str  # what is missing here, in words; empty when nothing is
    asked: bool  # whether the checklist asks for anything here
    raised: bool  # whether it is among the issues already
    amount: str = ""  # a risk's exposure, an initiative's value, as it is typed
    owners: str = ""  # of a risk: who can own it, as options


@dataclass(frozen=True, slots=True)
class Vow:
    """One commitment, and what its reader may do with it."""

    promise: Promise
    pk: str
    at: str  # the page at its place
    settles: bool  # whether the reader says if it is done, dropped or goes on


@dataclass(frozen=True)
class Preparation:
    agenda: Agenda
    due: datetime
    now: datetime
    people: tuple[Person, ...]
    usual_due: date  # of a commitment made now: the day of the meeting after this one
    here: str  # the address of the page
    csrf: SafeString
    reader: int
    pair: bool  # whether the reader is one of the two

    @property
    def is_late(self) -> bool:
        return self.due <= self.now

    @property
    def distance(self) -> str:
        """How far the deadline is, on either side of it: "3 days", "21 h", "40 min"."""
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
        """An honest guess of what the rest takes."""
        kinds = (
            check.anchor if check.anchor in MINUTES else check.anchor.partition("-")[0]
            for check in self.missing
        )
        return ceil(sum(MINUTES.get(kind, 1.0) for kind in kinds))

    @property
    def sections(self) -> Iterator[tuple[int, str, str, int]]:
        """Each chapter's number, anchor and short name, and how much it still needs."""
        for number, (section, name) in enumerate(SHORT.items(), start=1):
            yield number, section, name, sum(check.section == section for check in self.missing)

    @cached_property
    def needs(self) -> dict[str, str]:
        """What is missing, by the place where it is asked for; empty where it is done."""
        rows: Iterable[AnyRow] = chain(
            self.agenda.deals.rows,
            self.agenda.risks.rows,
            self.agenda.initiatives.rows,
            self.agenda.issues.rows,
        )
        asked = {check.anchor for check in self.agenda.checks}
        needs = {row.about: needed(row) for row in rows if row.about in asked}
        return {"words-revenue": self.gap_needs} | needs if self.agenda.revenue.behind else needs

    @property
    def gap_needs(self) -> str:
        chapter = self.agenda.revenue
        told = ("words" if chapter.needs_words else "", "a commitment" if chapter.needs_promise else "")
        return " and ".join(filter(None, told))

    @property
    def revenue_words(self) -> Writing:
        return Writing.on(self.agenda.revenue, self.hidden, section="revenue")

    def hidden(self, **fields: str | int) -> SafeString:
        """Hidden fields of a form; names and values are our own and need no escaping."""
        inputs = (f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
        return SafeString(self.csrf + "".join(inputs))

    @cached_property
    def raised(self) -> frozenset[str]:
        return frozenset(row.item for row in self.agenda.issues.rows if row.item and not row.solved)

    def _lines(self, rows: Iterable[AnyRow]) -> Iterator[Line]:
        needs, raised = self.needs, self.raised
        for row in rows:
            about = row.about
            yield Line(
                row, str(row.id), about, Writing.on(row, self.hidden, about=about),
                self.hidden(version=row.version, next=f"{self.here}#{about}"), paragraphs(row.marks),
                needs.get(about, ""), about in needs, about in raised, **self._fields(row),
            )  # fmt: skip

    def _fields(self, row: AnyRow) -> dict[str, Any]:
        """What stands in the fields of a row, as it is typed."""
        if isinstance(row, RiskRow):
            return {
                "amount": plain(row.exposure),
                "owners": choices(self.people, row.owner.id if row.owner else None),
            }
        return {"amount": plain(row.current)} if isinstance(row, InitiativeRow) else {}

    @property
    def deals(self) -> list[tuple[str, Iterable[Line]]]:
        return [(label, self._lines(rows)) for label, rows in self.agenda.deals.groups]

    @property
    def risks(self) -> Iterable[Line]:
        return self._lines(self.agenda.risks.rows)

    @property
    def initiatives(self) -> Iterable[Line]:
        return self._lines(self.agenda.initiatives.rows)

    @property
    def issues(self) -> Iterable[Line]:
        return self._lines(self.agenda.issues.rows)

    @property
    def leader_first(self) -> SafeString:
        """The people of the team as options, the leader chosen."""
        return choices(self.people, self.agenda.leader.id if self.agenda.leader else None)

    @property
    def promised(self) -> list[Vow]:
        """What was promised for the gap before."""
        return self._vows(self.agenda.revenue.promised)

    @property
    def fresh(self) -> list[Vow]:
        return self._vows(self.agenda.revenue.fresh)

    @property
    def mine(self) -> list[Vow]:
        """The leader's commitments that do not stand with the gap already."""
        return self._vows(each for each in self._other_promises if each.owner == self.agenda.leader)

    @property
    def theirs(self) -> list[Vow]:
        return self._vows(each for each in self._other_promises if each.owner != self.agenda.leader)

    @property
    def _other_promises(self) -> list[Promise]:
        return [promise for promise in self.agenda.promises if promise.item or promise.section != "revenue"]

    def _vows(self, promises: Iterable[Promise]) -> list[Vow]:
        return [
            Vow(
                each,
                str(each.id),
                f"{self.here}#commitment-{each.id}",
                self.pair or each.owner.id == self.reader,
            )
            for each in promises
        ]


@lru_cache(maxsize=256)
def choices(people: tuple[Person, ...], chosen: int | None) -> SafeString:
    """People as the options of a select, one of them chosen."""
    options = format_html_join(
        "", '<option value="{}"{}>{}</option>',
        ((person.id, SafeString(" selected" if person.id == chosen else ""), person.name) for person in people),
    )  # fmt: skip
    return format_html('<option value="">Nobody yet</option>{}', options)


@lru_cache(maxsize=1024)
def paragraphs(marks: tuple[Mark, ...]) -> SafeString:
    """What stands in the margin beside a row."""
    return format_html_join("", '<p class="{}">{}</p>', ((mark.tone, mark.text) for mark in marks))


def needed(row: AnyRow) -> str:
    """What the row still needs from the leader, for the margin."""
    if isinstance(row, DealRow):
        return "capacity" if row.needs_capacity else "why it was pushed" if row.needs_reason else ""
    if isinstance(row, RiskRow):
        told = ("action, owner and day" if row.lacks_action else "", "what is new" if row.needs_words else "")
        return ", ".join(filter(None, told))
    if isinstance(row, InitiativeRow):
        return "progress" if row.needs_words else ""
    asked = row.kind == "question" and row.side == "ceo" and not row.solved
    return "an answer" if asked and row.leader_words is None else ""
