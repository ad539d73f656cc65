"""The step that ends a meeting: what is still open in it, what was agreed, who was there, and who still types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from alignment.rules.formatting import counted
from alignment.rules.text import join_names
from meetings.agenda import Agenda
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.sections import IssueRow
from meetings.agenda.values import CommitmentRow, Decided, Present, Score, Update

STILL_TYPING = timedelta(seconds=60)
"""Whose words were saved this lately is still writing."""


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody of another side who is writing, and on what."""

    name: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUp:
    """What the CEO and the sales leader settle before they end the meeting."""

    agenda: Agenda
    since: datetime  # the start of the meeting
    next_day: date | None  # of the next meeting, in the team's zone
    typing: tuple[Typing, ...]
    mine: Score | None
    shown_ratings: tuple[Score, ...]

    @property
    def decisions(self) -> tuple[Decided, ...]:
        return self.agenda.decisions

    @property
    def commitments(self) -> tuple[CommitmentRow, ...]:
        """Those made in this meeting, also if they were taken back."""
        return tuple(row for row in self.agenda.commitments if row.made_at >= self.since)

    @property
    def resolved(self) -> tuple[IssueRow, ...]:
        return tuple(row for row in self.agenda.issues.rows if row.solved)

    @property
    def answered(self) -> tuple[IssueRow, ...]:
        """Questions that count as settled by their answers when the meeting ends."""
        return tuple(row for row in self._open if row.answered)

    @property
    def unresolved(self) -> tuple[IssueRow, ...]:
        """What was discussed, here or before, and is neither resolved nor settled by an answer."""
        return tuple(row for row in self._open if (row.came_up or row.deferred) and not row.answered)

    @property
    def _open(self) -> Iterator[IssueRow]:
        return (row for row in self.agenda.issues.rows if not row.solved)

    @property
    def summary(self) -> str:
        """What came of the meeting, in one sentence."""
        agreed = len(self.decisions) + len(self.resolved)
        promised = sum(1 for row in self.commitments if row.state != "dropped")
        left = len(self.unresolved)
        parts = (
            counted(agreed, "thing decided", "things decided") if agreed else "nothing decided",
            counted(promised, "commitment"),
            counted(left, "issue still open", "issues still open") if left else "",
        )
        sentence = ", ".join(filter(None, parts))
        return f"{sentence[0].upper()}{sentence[1:]}."

    @property
    def here(self) -> str:
        """Who was there, by first names."""
        return join_names([row.person.first_name for row in self.agenda.attendance if row.present])

    @property
    def absent(self) -> tuple[Present, ...]:
        return tuple(row for row in self.agenda.attendance if row.present is False)

    @property
    def unconfirmed(self) -> tuple[Present, ...]:
        return tuple(row for row in self.agenda.attendance if row.present is None)

    @property
    def other_rated(self) -> str:
        """Who has rated already, of the others; empty once the ratings are shown."""
        others = [] if self.shown_ratings else [row for row in self.agenda.ratings if row != self.mine]
        return join_names([row.person.first_name for row in others])

    @property
    def plans(self) -> tuple[str, ...]:
        """What only the CEO and the sales leader may read of this meeting, by its titles."""
        rows = (row.title for row in self.agenda.initiatives.rows if row.pair_only)
        issues = (row.title for row in self.agenda.issues.rows if row.pair_only)
        return tuple(chain(rows, issues))


def wrap_up(
    agenda: Agenda,
    *,
    reader: int,
    side: str,
    since: datetime,
    next_day: date | None,
    ratings_are_shown: bool,
    now: datetime,
) -> WrapUp:
    return WrapUp(
        agenda=agenda,
        since=since,
        next_day=next_day,
        typing=tuple(_typing(agenda, side=side, now=now)),
        mine=next((score for score in agenda.ratings if score.person.id == reader), None),
        shown_ratings=agenda.ratings if ratings_are_shown else (),
    )


def _typing(agenda: Agenda, *, side: str, now: datetime) -> Iterator[Typing]:
    parts: Iterable[AgendaSection | Row] = chain(agenda.sections, agenda.items)
    for part in parts:
        for update in part.words:
            if update.side != side and _is_fresh(update, now):
                yield Typing(update.name, part.title)


def _is_fresh(update: Update, now: datetime) -> bool:
    return timedelta() <= now - update.at < STILL_TYPING
