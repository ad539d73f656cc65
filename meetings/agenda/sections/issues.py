"""Issues and questions of both sides, in the order of discussion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from django.db.models import OuterRef, Q, QuerySet

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from meetings.agenda.context import BuildContext
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.values import Check, Decided, Mark, anchor_of
from meetings.models import Issue, Section, Update
from meetings.rules.questions import is_unanswered, side_asked

SIDES = {"ceo": "from the CEO", "leader": "from the leader", "facilitator": "from the facilitator"}


class CommentRead(NamedTuple):
    side: str


def issues_of(team: Team, *, since: datetime) -> QuerySet[Issue]:
    """Open issues and those resolved since, each with the sides that ever commented as `comment_rows`."""
    comments = Update.objects.filter(issue=OuterRef("pk")).exclude(text="").order_by("pk")
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
    commented: tuple[str, ...] = ()  # sides that commented, at this meeting or before

    key = "issue"

    @property
    def asks_leader(self) -> bool:
        return self.kind == "question" and side_asked(self.side) == "leader"

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
    def needs(self) -> str:
        return "an answer" if self.asks_leader and self.is_unanswered else ""


def issue_row(context: BuildContext, issue: Issue) -> IssueRow:
    comments: list[CommentRead] = issue.comment_rows  # type: ignore[attr-defined]  # annotated
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
        marks=tuple(_marks(context, issue)),
        pair_only=issue.is_for_principals,
        readers=issue.readers,
        commented=tuple(comment.side for comment in comments),
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
class IssuesSection(AgendaSection):
    rows: tuple[IssueRow, ...]

    @classmethod
    def build(cls, context: BuildContext) -> Self:
        issues = issues_of(context.team, since=context.since)
        return cls(
            **context.opening_of(Section.ISSUES), rows=tuple(issue_row(context, issue) for issue in issues)
        )

    def checks(self) -> Iterator[Check]:
        """A question answered at an earlier meeting is settled, and asked no more."""
        for row in self.rows:
            is_answered_now = row.leader_words is not None and not row.solved
            if row.asks_leader and (row.is_unanswered or is_answered_now):
                answered = not row.is_unanswered
                yield Check(
                    self.name, f"Answer: {row.title}", answered, row.anchor, row.pair_only, row.readers
                )
