"""Issues and questions of both sides, in the order of discussion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from django.db.models import OuterRef, Q, QuerySet

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from alignment.rules.formatting import counted, number_of
from meetings.agenda.context import BuildContext
from meetings.agenda.section import Row, RowsSection, say_count, say_news
from meetings.agenda.sections.measure_lines import measure_lines
from meetings.agenda.values import Ask, Decided, Mark, Update, anchor_of
from meetings.agreement.rights import answered_by_right
from meetings.measures.queries import MeasuredWeeks
from meetings.models import Issue, Section
from meetings.models import Update as StoredUpdate
from meetings.rules.decision_rights import Right
from meetings.rules.questions import is_settled_by_answer, is_unanswered, side_asked

SIDES = {"ceo": "from the CEO", "leader": "from the leader", "facilitator": "from the facilitator"}


class CommentRead(NamedTuple):
    side: str
    changed_at: datetime


def issues_of(team: Team, *, since: datetime) -> QuerySet[Issue]:
    """Open issues and those resolved since, each with the comments on it as `comment_rows`."""
    comments = StoredUpdate.objects.filter(issue=OuterRef("pk")).exclude(text="").order_by("pk")
    return (
        Issue.objects.filter(Q(solved_at=None) | Q(solved_at__gt=since), team=team)
        .select_related("created_by", "deal", "risk", "initiative")
        .annotate(comment_rows=JsonRows(comments, into=CommentRead))
        .order_by("position", "created_at", "pk")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow(Row):
    kind: str
    side: str
    raised_by: str
    raised_at: datetime | None = None
    detail: str
    section: str
    item: str
    item_title: str
    discussed: bool
    solved: bool
    resolution: str
    decisions: tuple[Decided, ...] = ()
    commented: tuple[str, ...] = ()  # sides that commented since it was last reopened
    answered: bool = False  # a question that its answer settles when the meeting ends
    deferred: bool = False  # left for the next meeting in this one
    within_right: str = ""  # of the sales leader, who need not ask: "discounts: up to 15%"

    key = "issue"

    @property
    def asks_leader(self) -> bool:
        return self.kind == "question" and side_asked(self.side) == "leader"

    @property
    def came_up(self) -> bool:
        """Whether it was discussed, here or before, or something was agreed about it here."""
        agreed = self.decisions or any(commitment.fresh for commitment in self.commitments)
        return self.discussed or bool(agreed)

    @property
    def answer(self) -> Update | None:
        """What the side asked has said to it, at this meeting or the last."""
        side = side_asked(self.side)
        words = (*self.words, *self.before) if self.kind == "question" else ()
        return next((update for update in words if update.side == side), None)

    @property
    def settled_by(self) -> str:
        """What resolves it: how it was resolved, or the answer that will."""
        return self.resolution if self.solved or self.answer is None else self.answer.text

    @property
    def is_unanswered(self) -> bool:
        """Whether the side it asks has not answered yet, in writing or in a meeting."""
        return is_unanswered(
            kind=self.kind,
            raised_by=self.side,
            is_discussed=self.discussed,
            is_solved=self.solved,
            commented=self.commented,
        )

    @property
    def waits_for(self) -> str:
        return side_asked(self.side) if self.is_unanswered else ""

    @property
    def marks_tell_news(self) -> bool:
        """Who raised it is always marked."""
        return self.discussed or self.solved or any(mark.text == "new" for mark in self.marks)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """A question answered at an earlier meeting is settled, and asked no more."""
        if self.solved:
            return ()
        if self.asks_leader and (self.is_unanswered or self.leader_words is not None):
            return (Ask("an answer", f"Answer: {self.title}", not self.is_unanswered),)
        return self.asks_of_ceo


def issue_row(context: BuildContext, issue: Issue, rights: Sequence[Right]) -> IssueRow:
    comments: list[CommentRead] = issue.comment_rows  # type: ignore[attr-defined]  # annotated
    counted = [row for row in comments if issue.reopened_at is None or row.changed_at > issue.reopened_at]
    times = (issue.created_at, issue.changed_at, issue.discussed_at, issue.solved_at)
    origin = anchor_of(issue.section, deal=issue.deal_id, risk=issue.risk_id, initiative=issue.initiative_id)
    return IssueRow(
        id=issue.pk,
        title=issue.title,
        version=issue.version,
        kind=issue.kind,
        side=issue.side,
        raised_by=issue.created_by.name if issue.created_by else "",
        raised_at=issue.created_at,
        detail=issue.detail,
        section=issue.section,
        item="" if origin == issue.section else origin,
        item_title=str(issue.item or ""),
        discussed=issue.discussed_at is not None,
        solved=issue.solved_at is not None,
        resolution=issue.resolution,
        **context.news_of(f"issue-{issue.pk}", *times),
        marks=tuple(_marks(context, issue)),
        pair_only=issue.is_for_principals,
        readers=issue.readers,
        commented=tuple(comment.side for comment in counted),
        answered=is_settled_by_answer(
            kind=issue.kind, raised_by=issue.side, answers=counted, deferred_at=issue.deferred_at
        ),
        within_right=answered_by_right(issue, rights),
        deferred=issue.deferred_at is not None
        and issue.deferred_at >= (context.meeting.started_at or context.now),
        decisions=tuple(context.decisions.get(f"issue-{issue.pk}", ())),
        **context.discussion_of(f"issue-{issue.pk}"),
    )


def _marks(context: BuildContext, issue: Issue) -> Iterator[Mark]:
    """Who raised it, and what changed since the last meeting."""
    if issue.side in SIDES:
        yield Mark(SIDES[issue.side])
    if issue.solved_at:
        yield Mark("resolved", "good")
    elif issue.discussed_at:
        yield Mark("discussed")
    elif issue.created_at > context.since and not context.is_first:
        yield Mark("new")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuesSection(RowsSection[IssueRow]):
    rows: tuple[IssueRow, ...]
    rights: tuple[str, ...] = ()  # what the sales leader decides alone: "Discounts: up to 15%"

    @classmethod
    def build(cls, context: BuildContext, measures: Sequence[MeasuredWeeks], rights: Sequence[Right]) -> Self:
        """`rights`: what the sales leader decides, as both agreed."""
        issues = issues_of(context.team, since=context.since)
        return cls(
            **context.opening_of(Section.ISSUES),
            rows=tuple(issue_row(context, issue, rights) for issue in issues),
            lines=measure_lines(context.team, measures),
            rights=tuple(right.in_words for right in rights),
        )

    @property
    def asked_about(self) -> frozenset[str]:
        """The items of the agenda with a question that nobody has answered yet."""
        return frozenset(row.item for row in self.rows if row.item and row.is_unanswered)

    @property
    def heading(self) -> str:
        unanswered = sum(row.is_unanswered for row in self.rows)
        resolved = sum(row.solved for row in self.rows)
        left = len(self.rows) - resolved - unanswered
        return say_news(
            f"{counted(unanswered, 'question')} to answer" if unanswered else "",
            say_count(left, "to discuss"),
            say_count(resolved, "resolved"),
            otherwise="No open issues",
        )

    @property
    def belongs_to_short_version(self) -> bool:
        return True

    @property
    def unchanged_label(self) -> str:
        return f"{number_of(len(self.arranged.unchanged), 'issue')}, unchanged"
