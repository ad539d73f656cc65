"""What all sections of one agenda are built from: time, people, updates, commitments and decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypedDict

from alignment.models import Team, User
from deals.rules.risks import meetings_unchanged
from meetings.agenda.queries import DecisionRead, MeetingRead, UpdateRead
from meetings.agenda.values import NOBODY, CommitmentRow, Decided, Person, QuietClient, Update, anchor_of
from meetings.models import Commitment, Initiative, Meeting, Section

ON_THEIR_WAY = timedelta(seconds=10)
"""An update typed before the preparation was submitted may arrive this much later and still counts."""


class Opening(TypedDict):
    """The fields every section starts with."""

    name: str
    title: str
    minutes: int
    spent: int
    skipped: bool
    words: tuple[Update, ...]
    before: tuple[Update, ...]
    commitments: tuple[CommitmentRow, ...]


class News(TypedDict):
    """What every row takes of what happened to its item."""

    has_news: bool
    changed_at: datetime | None


class Discussion(TypedDict):
    """Updates and commitments at one anchor: the fields that every row and section takes."""

    words: tuple[Update, ...]
    before: tuple[Update, ...]
    commitments: tuple[CommitmentRow, ...]


@dataclass(frozen=True, slots=True)
class BuildContext:
    """`since` is when the last held meeting was closed, or a week before this one. `closes` are the times
    at which all held meetings before this one were closed, newest first. `gap_before` is the quarter's
    gap at the last of them. Dictionaries are keyed by anchor: an item such as risk-7, or a section.
    """

    meeting: Meeting
    now: datetime
    today: date
    since: datetime
    since_day: date
    closes: tuple[datetime, ...]
    gap_before: Decimal | None
    people: dict[int, Person]
    quiet_clients: tuple[QuietClient, ...] = ()
    has_deals: bool = False
    has_moved_dates: bool = False
    is_open: bool = True
    commits_hidden_since: datetime | None = None
    updates: dict[str, list[Update]] = field(default_factory=lambda: defaultdict(list))
    earlier_updates: dict[str, list[Update]] = field(default_factory=lambda: defaultdict(list))
    commitments: dict[str, list[CommitmentRow]] = field(default_factory=lambda: defaultdict(list))
    all_commitments: list[CommitmentRow] = field(default_factory=list)  # in order of their due dates
    decisions: dict[str, list[Decided]] = field(default_factory=lambda: defaultdict(list))
    all_decisions: list[Decided] = field(default_factory=list)  # in order of creation
    asked_about: set[str] = field(default_factory=set)  # the items with an unanswered question

    @classmethod
    def of(cls, meeting: Meeting, now: datetime, read: MeetingRead) -> BuildContext:
        team, held = meeting.team, read.past_held
        closes = tuple(past.closed_at for past in held if past.closed_at)
        since = closes[0] if closes else min(now, meeting.starts_at) - timedelta(days=7)
        context = cls(
            meeting=meeting,
            now=now,
            today=team.today(now),
            since=since,
            since_day=team.today(since),
            closes=closes,
            gap_before=held[0].gap if held else None,
            people={
                seat.user_id: Person(seat.user_id, seat.user.name, seat.role) for seat in team.current_seats
            },
            quiet_clients=tuple(
                QuietClient(row.name, row.owner or "", row.due_on, row.every_days)
                for row in read.quiet_clients
            ),
            has_deals=read.has_deals,
            has_moved_dates=read.has_moved_dates,
            is_open=read.is_open,
            commits_hidden_since=read.commits_hidden_since,
        )
        context._add_updates(read)
        context._add_decisions(read.decisions)
        return context

    @property
    def team(self) -> Team:
        return self.meeting.team

    @property
    def is_first(self) -> bool:
        """Whether no meeting was held before this one, so that nothing can have changed since."""
        return not self.closes

    def news_of(self, about: str, *times: datetime | None) -> News:
        """When something about the item was last recorded, of these times and its decisions; and whether that was
        after the last meeting, or it waits for an answer to a question.
        """
        known = [
            *(time for time in times if time),
            *(decided.at for decided in self.decisions.get(about, ())),
        ]
        changed_at = max(known, default=None)
        is_recent = changed_at is not None and changed_at > self.since
        return {"has_news": is_recent or about in self.asked_about, "changed_at": changed_at}

    def day(self, time: datetime) -> date:
        return self.team.today(time)

    def meetings_since(self, time: datetime) -> int:
        """How many meetings have gone by since `time`; in a record, this one is closed too."""
        own = (self.meeting.closed_at,) if self.meeting.is_held and self.meeting.closed_at else ()
        return meetings_unchanged(time, own + self.closes)

    def person(self, user: User | None) -> Person | None:
        if user is None:
            return None
        return self.people.get(user.pk) or Person(user.pk, user.name, "")

    def opening_of(self, section: Section) -> Opening:
        return {
            "name": section.value,
            "title": str(section.label),
            "minutes": self.team.planned_minutes[section.value],
            "spent": int(self.meeting.seconds.get(section.value, 0)),
            "skipped": self._is_skipped(section),
            **self.discussion_of(section.value),
        }

    def _is_skipped(self, section: Section) -> bool:
        """Whether a meeting in its short version has left the section out so far."""
        meeting = self.meeting
        is_short = meeting.shortened_at is not None and section != meeting.section
        return is_short and not meeting.seconds.get(section.value)

    def discussion_of(self, anchor: str) -> Discussion:
        return {
            "words": tuple(self.updates.get(anchor, ())),
            "before": tuple(self.earlier_updates.get(anchor, ())),
            "commitments": tuple(self.commitments.get(anchor, ())),
        }

    def _add_updates(self, read: MeetingRead) -> None:
        for row in read.updates:
            late = row.side == "leader" and self._is_late(row.changed_at)
            self.updates[row.anchor].append(_update(row, late=late))
        for row in read.earlier_updates:
            self.earlier_updates[row.anchor].append(_update(row, late=False))

    def _is_late(self, time: datetime) -> bool:
        submitted_at = self.meeting.submitted_at
        return submitted_at is not None and time > submitted_at + ON_THEIR_WAY

    def _add_decisions(self, rows: Iterable[DecisionRead]) -> None:
        for row in rows:
            decision = _decision(row)
            self.decisions[row.anchor].append(decision)
            self.all_decisions.append(decision)

    def add_commitments(self, commitments: Iterable[Commitment]) -> None:
        """Adds open commitments and those closed since the last meeting, each at its anchor."""
        for commitment in commitments:
            closed_at = commitment.done_at or commitment.dropped_at
            if closed_at is None or closed_at > self.since:
                row = self._commitment_row(commitment, closed_at)
                self.commitments[row.item or row.section].append(row)
                self.all_commitments.append(row)

    def _commitment_row(self, commitment: Commitment, closed_at: datetime | None) -> CommitmentRow:
        anchor = anchor_of(
            commitment.section,
            deal=commitment.deal_id,
            risk=commitment.risk_id,
            initiative=commitment.initiative_id,
            issue=commitment.issue_id,
        )
        last_day = self.day(closed_at) if closed_at else self.today
        return CommitmentRow(
            id=commitment.pk,
            text=commitment.text,
            owner=self.person(commitment.owner) or NOBODY,
            due=commitment.due,
            state="open" if closed_at is None else "done" if commitment.done_at else "dropped",
            made_at=commitment.created_at,
            closed_at=closed_at,
            late=last_day > commitment.due,
            why=commitment.dropped_why,
            section=commitment.section,
            item="" if anchor == commitment.section else anchor,
            item_title=str(commitment.item or ""),
            fresh=commitment.created_at > self.since,
            version=commitment.version,
            pair_only=commitment.is_for_principals,
            readers=commitment.readers,
            amount=commitment.amount,
            brought=commitment.brought,
            carried=closed_at is None and commitment.created_at <= self.since < commitment.changed_at,
        )


def _update(row: UpdateRead, *, late: bool) -> Update:
    return Update(row.pk, row.side, row.author, row.text, row.changed_at, row.version, late)


def _decision(row: DecisionRead) -> Decided:
    plan = Initiative(
        kind=row.initiative_kind or "", pair_ceo_id=row.pair_ceo, pair_leader_id=row.pair_leader
    )
    return Decided(
        id=row.pk,
        text=row.text,
        section=row.section,
        item="" if row.anchor == row.section else row.anchor,
        item_title=row.item_title,
        at=row.created_at,
        pair_only=plan.is_for_principals,
        readers=plan.readers,
    )
